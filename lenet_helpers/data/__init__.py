"""Lesson 4: Fashion-MNIST, in memory and in batches."""

"""Lessons 2, 3 and 6: a network, its layers, and what is inside."""

"""Lesson 1: how large the output of a convolution or a pooling is."""

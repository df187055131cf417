"""Exercises that are written in the notebook and checked there."""

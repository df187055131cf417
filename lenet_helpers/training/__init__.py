"""Lessons 5 and 7: training, watched, recorded and played back."""

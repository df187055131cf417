"""Questions to the student, and errors that are meant to come: what asks."""

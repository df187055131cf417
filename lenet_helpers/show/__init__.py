"""Pictures, live plots and demos: what shows something."""

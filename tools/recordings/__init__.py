"""The runs that come with the package as recordings: what they are, and what makes them."""

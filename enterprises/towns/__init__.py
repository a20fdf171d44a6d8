"""Which township or street and which park of its county an enterprise belongs to."""

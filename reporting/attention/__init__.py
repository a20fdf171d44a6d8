"""What an office has to act on, first on its page of figures: exceptions, each with its way to act."""

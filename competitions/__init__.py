"""The reform task area of labour and skill competitions."""

"""The policy documents, cut into parts, measures and clauses with their own numbering."""

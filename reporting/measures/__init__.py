"""The policy documents with what was done beside each measure."""

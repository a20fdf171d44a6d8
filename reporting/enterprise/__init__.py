"""One enterprise's figures beside its own past and what is usual, and what it does best next."""

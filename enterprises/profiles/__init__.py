"""The yearly profile: staff, wages and membership, asked once a year."""

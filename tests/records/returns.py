"""The two returns that sittings are tried with."""

PARTY, HAZARD = "ideology.partydevelopment", "rights.hazard"

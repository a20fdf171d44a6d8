"""The demonstration: sample enterprises and people, and a year of their work, made through factories and actions."""

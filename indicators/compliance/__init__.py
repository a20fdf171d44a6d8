"""Compliance: what regulation asks of enterprises, judged for each quarter from what the portal knows of them."""

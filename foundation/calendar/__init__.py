"""Quarters, dates and working days."""

"""Dashboards: what the figures say, unit by unit, each opening its records."""

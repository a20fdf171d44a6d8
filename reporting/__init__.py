"""Dashboards and reports: everything that shows figures."""

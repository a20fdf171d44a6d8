"""Workbench, accounts, places, audit and job pages."""

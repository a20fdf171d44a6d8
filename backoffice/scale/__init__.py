"""Rows to measure on: as many enterprises and records as asked for."""

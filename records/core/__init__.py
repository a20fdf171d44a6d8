"""The record: its data, kinds, moves, questions and pages."""

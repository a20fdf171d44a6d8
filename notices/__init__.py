"""Notices from an office to the units below it, with receipts and feedback; and urging those who are behind."""

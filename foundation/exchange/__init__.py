"""Workbooks in and out, whatever stands in them: files judged, sheets read, cells understood, templates, bad rows back."""

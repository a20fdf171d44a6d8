"""Formats of a report's snapshot: the PDF, the workbook, the Word file and the picture of its chart."""

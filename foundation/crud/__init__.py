"""Registers from one declaration (``resource``): lists, pages, workbooks. Knows no model of any room."""

"""Many accounts from one workbook: the template, what was read, what it would do, and the slips for the people."""

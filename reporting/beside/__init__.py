"""Any two to four units or groups side by side, by every fact and indicator of an area."""

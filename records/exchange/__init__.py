"""Excel in and out: templates, reading, checking, writing, exporting."""

"""Backup and restore of the whole portal as one file: database, files, keys (``manage.py backup`` and ``restore``)."""

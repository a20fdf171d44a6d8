"""Tables that people bring: workbooks and delimited text, opened by one door, judged before they are opened, read as streams.

``opening.open_book`` is the door. It knows files and cells, nothing of the portal's columns: what a heading means is
``foundation.exchange``. Nothing here writes, logs or asks the database.
"""

"""Files that people upload beside something else: kept, shown, taken away and swept in one way for every room.

What an upload is judged by and how a file is given out is lower, in ``foundation.files``.
"""

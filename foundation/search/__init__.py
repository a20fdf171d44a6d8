"""Search everywhere: a registry each room adds to in its ``search.py``, and the page that asks all of them."""

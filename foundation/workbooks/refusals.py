"""The one refusal of this package."""


class UnreadableFile(Exception):
    """The file cannot be read; the message says why and what to do, for the person who brought it."""

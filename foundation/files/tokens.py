"""Reading what a form sent to recognise itself by."""

import uuid


def uuid_or_none(value: object) -> uuid.UUID | None:
    """The token of a form; anything else is no token."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None

"""Acting as a person does who reads what is asked and confirms it."""

from collections.abc import Callable
from typing import Any

from foundation.refusals import NeedsConfirmation


def confirm(action: Callable[..., Any], /, **arguments: Any) -> Any:
    """What the action returns; asked, it is called again with the keys of the questions."""
    try:
        return action(**arguments)
    except NeedsConfirmation as asked:
        return action(**arguments, confirmed=asked.keys)

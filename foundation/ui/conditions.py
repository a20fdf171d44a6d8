"""What narrows a list, in words: above the list as chips, in its workbook as a sheet."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.forms import BaseForm
from django.http import QueryDict

from foundation.ui.regions import REGION, region_name


class Condition(NamedTuple):
    """``name`` of the parameter; ``is_visible``: its field stands above the list."""

    name: str
    label: str
    value: str
    is_visible: bool


def conditions(form: BaseForm, asked: QueryDict) -> list[Condition]:
    """What of a query string the form narrows by, the region first."""
    region = asked.get(REGION, "") if REGION in form.fields else ""
    found = [Condition(REGION, str(form.fields[REGION].label), region_name(region), True)] if region else []
    for bound in form:
        value = asked.get(bound.html_name, "")
        if not value or bound.name == REGION:
            continue
        choices = {str(key): str(text) for key, text in _flat(getattr(bound.field, "choices", ()))}
        if choices and value not in choices:
            # Not offered, and so not asked for: the list shows everything.
            continue
        found.append(Condition(bound.html_name, str(bound.label), choices.get(value, value), not bound.is_hidden))
    return found


def _flat(choices: Iterable[Any]) -> Iterator[tuple[object, object]]:
    """Choices without their groups."""
    for key, text in choices:
        if isinstance(text, (list, tuple)):
            yield from text
        else:
            yield key, text

"""What the contract tests need to walk any register: its addresses, rows entered through its own form, and who may."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.test import Client

from foundation.access.rules import verdict
from foundation.accounts.models import User
from foundation.crud.building import form_of
from foundation.crud.choice_lists import ChoiceListResource
from foundation.crud.resource import Resource, all_resources
from tests.cast import Cast
from tests.contracts.samples import keeper, sample
from tests.contracts.test_lists import more_enterprises, more_indicators, more_people, more_pilots, more_undecided

#: Rows of registers that are entered elsewhere than in a generic form.
ENTERED_ELSEWHERE = {
    "enterprises.pilots": more_pilots,
    "enterprises.profiles": more_enterprises,
    "backoffice.accounts": more_people,
    "indicators.indicators": more_indicators,
    "records.undecided_items": more_undecided,
}
REGISTERS = all_resources()
#: The pages of an import; what its own pages do, and for whom: ``tests/foundation/test_import_pipeline.py``.
IMPORT_STEPS = (
    "s",
    "_template",
    "",
    "_sheets",
    "_columns",
    "_as",
    "_forget",
    "_confirm",
    "_discard",
    "_undo",
    "_problems",
)
WITH_FORM = tuple(resource for resource in REGISTERS if "create" in resource.pages)
#: Lists of choices are declared alike; a quick run walks over the first two of them.
_ALIKE = [resource for resource in REGISTERS if isinstance(resource, ChoiceListResource)][2:]


def each_register(registers: Iterable[Resource]) -> list[Any]:
    """Parameters for a test; those of which others tell as much are a sweep (``tests/contracts/kinds.py``)."""
    return [
        pytest.param(resource, id=resource.key, marks=pytest.mark.sweep if resource in _ALIKE else ())
        for resource in registers
    ]


def routes() -> set[str]:
    """Every address that follows from a declaration; ``test_registers.py`` says who may open it."""
    pages = {resource.url_name(page) for resource in REGISTERS for page in resource.pages}
    for resource in REGISTERS:
        if resource.takes_workbooks:
            pages |= {f"{resource.room}:{resource.name}_import{step}" for step in IMPORT_STEPS}
    listed = (resource for resource in REGISTERS if resource.has_api)
    return pages | {f"api:{name}" for resource in listed for name in (resource.plural_name, resource.name)}


def api_address(resource: Resource, row: models.Model | None = None) -> str:
    return f"/api/v1/{resource.address}/" + (f"{getattr(row, resource.lookup)}/" if row is not None else "")


def reader(cast: Cast, resource: Resource) -> User:
    """Somebody who may open the list."""
    people = (cast.county, cast.city, cast.province, cast.admin)
    return next(person for person in people if verdict(person, resource.permissions.view))


def sent(resource: Resource, row: models.Model, user: User) -> dict[str, Any]:
    """What the form of a row sends."""
    form = form_of(resource)(instance=row, user=user)
    values: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.initial.get(name, field.initial)
        if isinstance(value, UploadedFile) or value is None or value is False:
            continue
        values[name] = "on" if value is True else getattr(value, "pk", value)
    return values


def enter(browser: Client, cast: Cast, resource: Resource, user: User) -> models.Model:
    """One more row, entered in its form by somebody who may."""
    known = set(resource.model._default_manager.values_list("pk", flat=True))
    answer = browser.post(resource.url("create"), sent(resource, sample(cast, resource), user))
    assert answer.status_code == 302, [*answer.context["form"].errors.items()]
    return resource.model._default_manager.exclude(pk__in=known).get()


def more_rows(browser: Client, cast: Cast, resource: Resource, number: int) -> None:
    """One more row, however rows of this register come about."""
    if resource.key in ENTERED_ELSEWHERE:
        ENTERED_ELSEWHERE[resource.key](cast, number)
    else:
        enter(browser, cast, resource, keeper(cast, resource))

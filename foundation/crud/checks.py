"""What the start refuses of a declaration: a register that could not work, or would be slow at a province's size."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from foundation.access.rules import ScopedQuerySet, rule
from foundation.crud.choice_lists import ChoiceRow
from foundation.crud.resource import PAGES, Resource, all_resources
from foundation.places.models import Place
from foundation.ui.icons import icon_names


def _problem(resource: Resource, number: int, message: str) -> CheckMessage:
    return Error(f"resource {resource.key!r}: {message}", obj=type(resource), id=f"crud.E{number:03}")


def _is_unique(model: type[models.Model], names: tuple[str, ...]) -> bool:
    """Whether the database keeps the fields unique together."""
    meta = model._meta
    sets = [{field.name} for field in meta.concrete_fields if field.unique]
    sets += [set(one.fields) for one in meta.constraints if isinstance(one, models.UniqueConstraint)]
    return any(found and found <= set(names) for found in sets)


def _has_index(model: type[models.Model], name: str) -> bool:
    """Whether some index begins with the field."""
    meta = model._meta
    field = meta.get_field(name)
    if getattr(field, "db_index", False) or getattr(field, "unique", False):
        return True
    uniques = [one.fields for one in meta.constraints if isinstance(one, models.UniqueConstraint)]
    indexes = [[part.lstrip("-") for part in index.fields] for index in meta.indexes]
    return any(fields and fields[0] == name for fields in (*uniques, *indexes))


def problems_of(resource: Resource) -> Iterator[CheckMessage]:
    model = resource.model
    known = {field.name for field in model._meta.get_fields()}
    searched = tuple(name.lstrip("^").partition("__")[0] for name in resource.search)
    for names, what in (
        (resource.fields, "fieldsets"),
        (resource.natural_key, "natural_key"),
        (tuple(name for name in resource.filters if isinstance(name, str) and name != "state"), "filters"),
        (tuple(name for name in resource.columns if isinstance(name, str)), "columns"),
        (() if resource.filterset else searched, "search"),
        (resource.fixed, "fixed"),
    ):
        for name in names:
            if name not in known:
                yield _problem(resource, 1, f"{what} names {name!r}, which {model.__name__} does not have")
    for permission in filter(None, (resource.permissions.view, resource.permissions.change)):
        try:
            rule(permission)
        except LookupError as error:
            yield _problem(resource, 2, str(error))
    if "rows" not in vars(type(resource)) and not isinstance(model._default_manager.all(), ScopedQuerySet):
        yield _problem(resource, 3, f"{model.__name__}.objects is no ScopedQuerySet, and no rows() says who sees what")
    if all(name in known for name in resource.natural_key) and not _is_unique(model, resource.natural_key):
        yield _problem(resource, 4, f"natural_key {resource.natural_key} is not unique in the database")
    if not resource.few_rows:
        if resource.table is not None:
            columns = resource.table.base_columns.items()
            offered = resource.table.sorts
            sorting = {name for name, column in columns if column.orderable is not False}
            sorting = sorting if offered is None else sorting & set(offered)
            for name in sorted(sorting - set(resource.sort)):
                yield _problem(resource, 5, f"the table sorts by {name!r}, which sort does not name")
        for name in resource.sort:
            try:
                indexed = _has_index(model, name)
            except FieldDoesNotExist:
                indexed = False
            if not indexed:
                yield _problem(resource, 5, f"sort offers {name!r}, which no index begins with")
    for page in (*resource.pages, *resource.own_pages):
        if page not in PAGES or (page in resource.pages and page in resource.own_pages):
            yield _problem(resource, 6, f"{page!r} is no page, or both generic and the room's own")
    if resource.takes_workbooks:
        for name in resource.fields:
            field = model._meta.get_field(name) if name in known else None
            if field is None or not field.is_relation or field.related_model is Place or name in resource.cells:
                continue
            if not (isinstance(field.related_model, type) and issubclass(field.related_model, ChoiceRow)):
                yield _problem(resource, 9, f"no workbook can say what {name!r} refers to: has_import = False")
    if resource.icon not in icon_names():
        yield _problem(resource, 8, f"there is no icon {resource.icon!r}: see foundation/ui/icons.py")
    if not resource.permissions.change and {"create", "edit"} & set(resource.pages):
        yield _problem(resource, 7, "a form needs a permission to change")


@register()
def resources(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    return [problem for resource in all_resources() for problem in problems_of(resource)]

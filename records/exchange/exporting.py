"""Lists of records as workbooks: as filtered, one sheet a kind, each of which can be imported again as it is."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import FilterSet
from openpyxl import Workbook

from foundation.accounts.models import Actor
from foundation.crud.exporting import Found, ListExport, register_export
from foundation.exchange.columns import NUMBER, SHEET
from foundation.exchange.rows import chunks
from foundation.exchange.sheets import add_sheet, mark
from records.core.actions import export_note
from records.core.filters import filter_for
from records.core.kinds import RecordKind, all_kinds, kind_by_slug
from records.core.lines import Lines
from records.core.models import Record, read_lines, references_of
from records.exchange.lines import cells_of, columns_of, slug_of
from records.exchange.resources import resource_for


def _kind_from(asked: Mapping[str, Any]) -> RecordKind | None:
    try:
        return kind_by_slug(asked["kind"]) if asked.get("kind") else None
    except LookupError:
        return None


def records_asked(user: Actor, asked: QueryDict) -> models.QuerySet[Record]:
    """The records a list shows this person for a query string; the newest first."""
    records: models.QuerySet[Record] = _filtered(user, asked).qs.order_by("-pk")
    return records


def _filtered(user: Actor, asked: QueryDict) -> FilterSet:
    return filter_for(_kind_from(asked))(asked, queryset=Record.objects.visible_to(user))


def _rows(
    kind: RecordKind, records: models.QuerySet[Record], found: Found, numbered: dict[int, int]
) -> Iterator[list[Any]]:
    resource = resource_for(kind.slug)
    position = [column.name for column in resource.columns].index(NUMBER)
    mine = kind.model.objects.filter(pk__in=records.filter(kind=kind.slug).order_by().values("pk"))
    referred = [field.name for field in references_of(kind.model)]
    numbered.clear()
    for number, record in enumerate(
        found.rows(mine.select_related("enterprise", "county", *referred).order_by("-pk")),
        1,
    ):
        row = resource.row_of(record)
        row[position] = number
        if kind.lines:
            numbered[record.pk] = number
        yield row


def _line_rows(kind: RecordKind, lines: Lines, numbered: Mapping[int, int]) -> Iterator[list[Any]]:
    """The lines of the records that were written, under their numbers."""
    for keys in chunks(numbered):
        records = kind.model.objects.in_bulk(keys)
        read_lines(records.values())
        for pk in keys:
            if pk in records:
                yield from cells_of(records[pk], lines, numbered[pk])


@register_export
class RecordExport(ListExport):
    """One sheet for each kind among the records; a single kind's is named as in its template."""

    name, title, permission = "records.records", gettext_lazy("活动记录"), "records.view"
    event = "records.exported"

    def queryset(self, user: Actor, asked: QueryDict) -> models.QuerySet[Record]:
        return records_asked(user, asked)

    def form(self, user: Actor, asked: QueryDict) -> BaseForm:
        form: BaseForm = _filtered(user, asked).form
        return form

    def note(self, asked: QueryDict, written: int) -> str:
        return export_note(self.title_of(asked), written)

    def write(self, workbook: Workbook, found: Found) -> None:
        present = set(found.queryset.order_by().values_list("kind", flat=True).distinct())
        kinds = [kind for kind in all_kinds() if kind.slug in present]
        titles: dict[str, str] = {}
        for kind in kinds:
            title = SHEET if len(kinds) == 1 else _sheet_title(kind.label, titles)
            titles[title] = kind.slug
            numbered: dict[int, int] = {}
            add_sheet(workbook, title, resource_for(kind.slug).columns, _rows(kind, found.queryset, found, numbered))
            for lines in kind.lines:
                label = str(lines.label) if len(kinds) == 1 else f"{kind.label}_{lines.label}"
                sheet = _sheet_title(label, titles)
                titles[sheet] = slug_of(kind, lines)
                add_sheet(workbook, sheet, columns_of(lines), _line_rows(kind, lines, numbered))
        if not kinds:
            workbook.create_sheet(SHEET).append([_("没有符合条件的记录。")])
        mark(workbook, titles.items())


def _sheet_title(label: str, taken: Mapping[str, str]) -> str:
    """A name Excel takes: at most 31 characters, none of ``[]:*?/\\``, and no two alike."""
    title = "".join("_" if letter in "[]:*?/\\" else letter for letter in label)[:31]
    number = 2
    while title in taken:
        title = f"{title[:28]}_{number}"
        number += 1
    return title

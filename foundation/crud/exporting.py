"""Any list as a workbook: as filtered and sorted, with the columns it shows. Lists that can be imported again have an
export of their own (``records.exchange``, ``enterprises.exporting``)."""

import datetime
import itertools
from collections.abc import Iterator
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from foundation.access.signin import home_of
from foundation.audit.log import log, register_event
from foundation.ui.tables import sort_as_asked
from foundation.ui.workbooks import as_bytes, as_download, plain_sheet

register_event("crud.list_exported", gettext_lazy("导出列表"))

EXPORT = "_export"
#: What one request may write; a longer list is to be narrowed first.
MOST = 20_000
_WIDTHS = range(10, 60)


def _plain(value: Any) -> Any:
    """A cell for a sheet: a mark of the page as its words, a moment without the zone Excel does not know."""
    if isinstance(value, SafeString):
        return " ".join(strip_tags(value).split())
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    return value if value is None or isinstance(value, str | int | float | datetime.date) else str(value)


def _width(heading: str, rows: list[list[Any]], number: int) -> int:
    longest = max((len(str(row[number] or "")) for row in rows[:200]), default=0)
    return min(max(2 * len(heading) + 2, longest * 2, _WIDTHS.start), _WIDTHS.stop)


def table_download(request: HttpRequest, table: tables.Table, title: str) -> HttpResponse | None:
    """The table as a workbook when the address asks for it (``_export=xlsx``), else None. The audit log keeps who took
    how many rows along."""
    if request.GET.get(EXPORT) != "xlsx":
        return None
    sort_as_asked(request, table)
    lines: Iterator[list[Any]] = iter(table.as_values(exclude_columns=("tick",)))
    headings = [str(heading) for heading in next(lines)]
    rows = [[_plain(value) for value in line] for line in itertools.islice(lines, MOST + 1)]
    if len(rows) > MOST:
        messages.error(
            request, _("符合条件的超过 %d 行，一次导不完。请加上日期、地区或状态等条件，分几次导出。") % MOST
        )
        kept = request.GET.copy()
        kept.pop(EXPORT)
        return redirect(f"{request.path}?{kept.urlencode()}")
    workbook = Workbook(write_only=True)
    plain_sheet(workbook, title, [(heading, _width(heading, rows, n)) for n, heading in enumerate(headings)], rows)
    note = _("%(title)s，%(count)d 行") % {"title": title, "count": len(rows)}
    log("crud.list_exported", by=request.user, note=note, place=home_of(request.user))
    return as_download(as_bytes(workbook), f"{title}_{timezone.localtime():%Y%m%d_%H%M}.xlsx")

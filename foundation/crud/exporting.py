"""Lists as workbooks: one way for every list. A short one is the answer to the request, a long one is written by a job.

A room declares its list once::

    @register_export
    class RegisterExport(ListExport):
        name, title, permission = "enterprises.register", gettext_lazy("企业名录"), "enterprises.view"

        def queryset(self, user, asked): ...      # what the list shows this person for a query string
        def headings(self, user, asked): ...      # (heading, width)
        def row(self, obj): ...                   # the cells of one row

and its page answers ``export_response(request, RegisterExport())``. A list that is a table already declares
``TableExport`` with ``table()`` alone; a workbook of several sheets overrides ``write``. Rows are read and written in
parts, so that memory does not grow with their number.
"""

import datetime
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import IO, Any, ClassVar

import django_tables2 as tables
from django.conf import settings
from django.core.files import File
from django.db import models
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.rows import BoundRow
from openpyxl import Workbook

from foundation.access.rules import require
from foundation.access.signin import home_of
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.audit.log import log, register_event
from foundation.crud.opened import OpenedFigure
from foundation.crypto.cipher import decrypt, encrypt
from foundation.facts.declaring import declared_facts
from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.jobs.results import keep_file
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.ui.conditions import Condition, conditions
from foundation.ui.formats import moment
from foundation.ui.workbooks import as_download, plain_sheet, streamed_workbook

register_event("crud.list_exported", gettext_lazy("导出列表"))

EXPORT = "crud.export"
#: In a list's own address: ``_export=xlsx`` asks for it as a workbook.
ASKED_BY = "_export"
#: Rows read by one query.
PART = 1000
_WIDTHS = range(10, 60)
_COUNTED_WIDTH = 16
#: What a query string is bound to where it is kept: people search by names and numbers of persons.
_CONTEXT = "jobs.export.query"


class Found:
    """The rows one person asked for. ``written`` counts what was given out; ``report`` hears of it part by part."""

    def __init__(
        self, queryset: models.QuerySet[Any], user: Actor, asked: QueryDict, report: Callable[[int], None] | None = None
    ) -> None:
        self.queryset, self.user, self.asked, self.report = queryset, user, asked, report
        self.written = 0
        #: The figure that the list was opened from: what each row gave to it stands in a last column.
        self.opened: OpenedFigure | None = None

    def rows(self, queryset: models.QuerySet[Any] | None = None) -> Iterator[Any]:
        """The rows in their order, ``PART`` at a time by key: no cursor stays open and only keys are held in memory.

        ``queryset``: those of one sheet, when there are several. A row that is gone meanwhile is left out.
        """
        source = self.queryset if queryset is None else queryset
        keys = list(source.values_list("pk", flat=True))
        for start in range(0, len(keys), PART):
            part = keys[start : start + PART]
            found = {row.pk: row for row in source.order_by().filter(pk__in=part)}
            if self.opened is not None:
                self.opened.read_of(part)
            for key in part:
                if key in found:
                    self.written += 1
                    yield found[key]
            if self.report is not None:
                self.report(self.written)

    def counted(self, row: Any) -> list[Any]:
        """The cells behind those of a row that was read: what it gave to the figure, where the list was opened from one."""
        return [] if self.opened is None else [self.opened.given(row.pk)]

    @property
    def counted_headings(self) -> list[tuple[str, int]]:
        return [] if self.opened is None else [(self.opened.heading, _COUNTED_WIDTH)]


class ListExport:
    """A list that may be taken along; see the module."""

    name: ClassVar[str]
    title: ClassVar[str | Promise]
    permission: ClassVar[str]
    event: ClassVar[str] = "crud.list_exported"

    def queryset(self, user: Actor, asked: QueryDict) -> models.QuerySet[Any]:
        """What the list shows this person for a query string, in its order. Always scoped."""
        raise NotImplementedError

    def headings(self, user: Actor, asked: QueryDict) -> Sequence[tuple[str, int]]:
        raise NotImplementedError

    def row(self, obj: Any) -> Sequence[Any]:
        raise NotImplementedError

    def title_of(self, asked: QueryDict) -> str:
        """What the sheet and the file are called."""
        return str(self.title)

    def form(self, user: Actor, asked: QueryDict) -> BaseForm | None:
        """The form by which the list is narrowed, bound to the query string; None where nothing narrows it."""
        return None

    def opened(self, user: Actor, asked: QueryDict) -> OpenedFigure | None:
        """The figure that the list was opened from, as its page shows it; None where no figure opens it."""
        return None

    def note(self, asked: QueryDict, written: int) -> str:
        """What the audit log says of it."""
        return filled(_("%(title)s，%(count)d 行"), {"title": self.title_of(asked), "count": written})

    def audited(self, user: Actor, asked: QueryDict) -> dict[str, Any]:
        """What the entry in the audit log is about: ``on`` and ``place`` of ``log``."""
        return {"place": home_of(user)}

    def file_name(self, asked: QueryDict) -> str:
        return f"{self.title_of(asked)}_{timezone.localtime():%Y%m%d_%H%M}.xlsx"

    def write(self, workbook: Workbook, found: Found) -> None:
        """Write the sheets of a write-only workbook."""
        rows = ([*self.row(obj), *found.counted(obj)] for obj in found.rows())
        headings = [*self.headings(found.user, found.asked), *found.counted_headings]
        plain_sheet(workbook, self.title_of(found.asked), headings, rows)


class TableExport(ListExport):
    """A list shown by a table: the same columns, as filtered and sorted."""

    def table(self, user: Actor, asked: QueryDict) -> tables.Table:
        """The table as its page builds it, over a queryset."""
        raise NotImplementedError

    def _sorted_table(self, user: Actor, asked: QueryDict) -> tables.Table:
        table = self.table(user, asked)
        if wanted := asked.getlist(table.prefixed_order_by_field):
            table.order_by = [name for part in wanted for name in part.split(",")]
        return table

    def queryset(self, user: Actor, asked: QueryDict) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self._sorted_table(user, asked).data.data
        return rows

    def write(self, workbook: Workbook, found: Found) -> None:
        table = self.table(found.user, found.asked)
        columns = [column for column in table.columns.iterall() if not column.column.exclude_from_export]
        lines = (
            [*(_plain(BoundRow(obj, table).get_cell_value(c.name)) for c in columns), *found.counted(obj)]
            for obj in found.rows()
        )
        # Columns are as wide as the first rows need: a sheet that is streamed says its widths first.
        first = [line for line, _number in zip(lines, range(200), strict=False)]
        headings = [*(str(column.header) for column in columns), *(name for name, _w in found.counted_headings)]
        widths = [_width(heading, first, number) for number, heading in enumerate(headings)]
        title = self.title_of(found.asked)

        def rows() -> Iterator[list[Any]]:
            yield from first
            yield from lines

        plain_sheet(workbook, title, list(zip(headings, widths, strict=True)), rows())


def _plain(value: Any) -> Any:
    """A cell for a sheet: a mark of the page as its text, a moment without the zone Excel does not know."""
    if isinstance(value, SafeString):
        return " ".join(strip_tags(value).split())
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    return value if value is None or isinstance(value, str | int | float | datetime.date) else str(value)


def _width(heading: str, rows: list[list[Any]], number: int) -> int:
    longest = max((len(str(row[number] or "")) for row in rows), default=0)
    return min(max(2 * len(heading) + 2, longest * 2, _WIDTHS.start), _WIDTHS.stop)


# --- which exports there are ------------------------------------------------------------------------

_exports: dict[str, ListExport] = {}


def export_by_name(name: str) -> ListExport:
    """Raises ``LookupError``. Exports stand beside the pages that offer them: a worker loads those first."""
    if name not in _exports:
        import_module(settings.ROOT_URLCONF)
    return _exports[name]


def register_export(export: type[ListExport]) -> type[ListExport]:
    """Class decorator: jobs find it by its name. A second export of the same name is an error."""
    if export.name in _exports and type(_exports[export.name]) is not export:
        raise ValueError(f"export {export.name!r} is registered twice")
    _exports[export.name] = export()
    return export


# --- written in the request, or by a job ------------------------------------------------------------


def is_export(request: PortalRequest) -> bool:
    """Whether a list's own address asks for it as a workbook."""
    return request.GET.get(ASKED_BY) == "xlsx"


def export_response(request: PortalRequest, export: ListExport, asked: QueryDict | None = None) -> HttpResponse:
    """The workbook, or, above ``EXPORT_AT_ONCE`` rows, the page of the job that writes it.

    ``asked`` is what narrows the list, when that is not the address's own query string. Raises ``AccessDenied``.
    """
    asked = request.GET if asked is None else asked
    require(request.user, export.permission)
    queryset = export.queryset(request.user, asked)
    if queryset[: settings.EXPORT_AT_ONCE + 1].count() > settings.EXPORT_AT_ONCE:
        return redirect("jobs:detail", pk=_start(export, request.user, asked).pk)
    found = Found(queryset, request.user, asked)
    with tempfile.TemporaryFile() as out:
        write_export(export, found, out)
        out.seek(0)
        return as_download(out.read(), export.file_name(asked))


def write_export(export: ListExport, found: Found, out: IO[bytes]) -> None:
    """Write the workbook and note in the audit log who took how many rows along."""
    found.opened = export.opened(found.user, found.asked)
    with streamed_workbook() as workbook:
        export.write(workbook, found)
        _add_conditions(workbook, export, found)
        workbook.save(out)
    note = export.note(found.asked, found.written)
    log(export.event, by=found.user, note=note, **export.audited(found.user, found.asked))


def _add_conditions(workbook: Workbook, export: ListExport, found: Found) -> None:
    """A last sheet that says what the list was narrowed by, who took it along and when. An import looks past a sheet of this
    name."""
    form = export.form(found.user, found.asked)
    asked = [] if form is None else [(one.label, _condition(one)) for one in conditions(form, found.asked)]
    rows = [
        (_("内容"), export.title_of(found.asked)),
        *(asked or [(_("筛选条件"), _("没有，能看到的全部"))]),
        *_of_figure(found.opened),
        (_("行数"), found.written),
        (_("导出人"), str(found.user)),
        (_("导出时间"), moment(timezone.now())),
    ]
    plain_sheet(workbook, _("说明"), [(_("项目"), 20), (_("内容"), 60)], rows)


def _of_figure(opened: OpenedFigure | None) -> list[tuple[str, Any]]:
    """What the list adds up to, and what of it is as of today."""
    if opened is None:
        return []
    total = _("没有数") if opened.total is None else opened.total
    said: list[tuple[str, Any]] = [
        (_("%(figure)s合计（%(unit)s）") % {"figure": opened.label, "unit": opened.fact.unit}, total)
    ]
    return [*said, (_("口径"), opened.caution)] if opened.caution else said


def _condition(one: Condition) -> str:
    """A figure that the list was opened from goes by its label."""
    fact = declared_facts().get(one.value) if one.name == "fact" else None
    return one.value if fact is None else str(fact.label)


def _start(export: ListExport, user: Actor, asked: QueryDict) -> Job:
    query = asked.urlencode()
    once = salted_hmac(_CONTEXT, f"{query}#{user.working_grant}").hexdigest()[:32]
    return enqueue(
        kind=EXPORT,
        title=_("导出%s") % export.title_of(asked),
        parameters={"export": export.name, "query": encrypt(query, context=_CONTEXT)},
        owner=user,
        unique_key=f"{EXPORT}:{export.name}:{user.pk}:{once}",
    )


def export_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Write a long list for whoever asked, from what that person may see now."""
    user, export = job.owner, export_by_name(job.parameters["export"])
    if user is None:
        raise LookupError("an export is asked for by a person")
    asked = QueryDict(decrypt(job.parameters["query"], context=_CONTEXT))
    require(user, export.permission)
    queryset = export.queryset(user, asked)
    total = queryset.count()
    if total > settings.EXPORT_MOST:
        raise Refused(
            filled(
                _("符合条件的有 %(total)d 行，一次最多导出 %(most)d 行。请加上日期、地区或状态等条件，分几次导出。"),
                {"total": total, "most": settings.EXPORT_MOST},
            )
        )
    progress(1, filled(_("正在导出 %d 行"), total))

    def report(written: int) -> None:
        said = filled(_("已写入 %(done)d 行，共 %(total)d 行"), {"done": written, "total": total})
        progress(95 * written // max(total, 1), said)

    found = Found(queryset, user, asked, report)
    with tempfile.TemporaryFile() as out:
        write_export(export, found, out)
        label = filled(_("下载工作簿（%d 行）"), found.written)
        return keep_file(job, progress, File(out), name=export.file_name(asked), label=label)

"""Excel in and out: templates, imports with their preview and choice, exports, and an import reviewed as one."""

from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.crud.exporting import export_response
from foundation.exchange.sheets import bad_rows
from foundation.exchange.uploads import MAX_BYTES
from foundation.refusals import Refused
from foundation.ui.problems import problems_told
from foundation.ui.tables import LinkColumn, MomentColumn, NumberColumn, PortalTable, StatusColumn, paginate
from foundation.ui.workbooks import as_download
from records.core.kinds import all_kinds, in_groups, kind_by_slug
from records.core.models import Record
from records.exchange.actions import confirm_import, discard_import, start_import
from records.exchange.exporting import RecordExport
from records.exchange.models import ImportBatch, ImportState
from records.exchange.resources import resource_for
from records.exchange.templates import template_for
from records.review.batches import confirm_batch, freeze
from records.review.views.queue import QueueTable

#: Problems listed on the page; the workbook of bad rows has them all.
SHOWN_PROBLEMS = 200
_TONES = {
    "checking": "todo",
    "checked": "soon",
    "writing": "todo",
    "done": "done",
    "failed": "bad",
    "discarded": "quiet",
}


class ImportForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("记录类型"))
    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy("用模板填写，或用导出的表修改。.xlsx 或 .xls，不超过 20 MB，一次最多 20,000 行。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls"}),
    )
    after = forms.ChoiceField(
        label=gettext_lazy("导入后"),
        choices=[("submit", gettext_lazy("直接提交审核")), ("draft", gettext_lazy("先存为草稿"))],
        widget=forms.RadioSelect,
        initial="submit",
    )
    is_backfill = forms.BooleanField(
        label=gettext_lazy("历史补录"),
        required=False,
        help_text=gettext_lazy("补录以前季度的资料时勾选：计入活动当季（该季度须仍开放填报），审核单位可整批审核。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(heading, [(kind.slug, kind.label) for kind in kinds]) for heading, kinds in in_groups(all_kinds())]
        self.fields["kind"].choices = [("", _("请选择")), *groups]
        self.fields["kind"].error_messages["required"] = _("请选择要导入哪类记录。")
        self.fields["file"].error_messages["required"] = _("请选择要上传的 Excel 文件。")
        self.fields["file"].error_messages["empty"] = _("这个文件是空的。请检查后重新选择。")


class ImportTable(PortalTable):
    filename = LinkColumn(verbose_name=gettext_lazy("文件"), linkify=("records:import", [tables.A("pk")]))
    kind = tables.Column(verbose_name=gettext_lazy("记录类型"), orderable=False)
    state = StatusColumn(verbose_name=gettext_lazy("状态"), tones=_TONES)
    new = NumberColumn(verbose_name=gettext_lazy("新增（条）"), accessor="counts__new", default=None, orderable=False)
    changed = NumberColumn(verbose_name=gettext_lazy("修改（条）"), accessor="counts__changed", orderable=False)
    unfit = NumberColumn(verbose_name=gettext_lazy("未导入（行）"), orderable=False)
    created_at = MomentColumn(verbose_name=gettext_lazy("上传时间"))

    class Meta(PortalTable.Meta):
        model = ImportBatch
        fields = ("filename", "kind", "state", "new", "changed", "unfit", "created_at")
        sequence = fields

    def render_kind(self, value: str) -> str:
        return kind_by_slug(value).label


def import_list(request: PortalRequest) -> HttpResponse:
    """What this person imported so far, the form for the next workbook, and a template for each kind."""
    require(request.user, "records.create")
    form = ImportForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            batch = start_import(
                acting_user=request.user,
                kind=kind_by_slug(wanted["kind"]),
                upload=wanted["file"],
                submits=wanted["after"] == "submit",
                is_backfill=wanted["is_backfill"],
            )
        except Refused as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("records:import", batch.pk)
    mine = ImportBatch.objects.visible_to(request.user).defer("problems", "questions", "samples", "columns", "notes")
    context = {
        "form": form,
        "table": paginate(request, ImportTable(mine)),
        "groups": in_groups(all_kinds()),
        "max_bytes": MAX_BYTES,
    }
    return render(request, "records/import_list.html", context)


@require_GET
def import_template(request: PortalRequest, kind: str) -> HttpResponse:
    """The workbook to fill for a kind."""
    require(request.user, "records.create")
    try:
        declared = kind_by_slug(kind)
    except LookupError as error:
        raise Http404 from error
    return as_download(template_for(declared, request.user), _("%s_填报模板.xlsx") % declared.label)


@require_GET
def import_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """Progress, then everything the check found, then the outcome."""
    batch = visible_or_404(ImportBatch.objects.select_related("job"), request.user, pk=pk)
    return _import_page(request, batch)


def _import_page(request: PortalRequest, batch: ImportBatch) -> HttpResponse:
    problems = [{"row": problem["row"], **error} for problem in batch.problems for error in problem["errors"]]
    context = {
        "batch": batch,
        "kind": kind_by_slug(batch.kind),
        "tone": _TONES[batch.state],
        "counts": [
            (_("新增"), batch.counts.get("new", 0)),
            (_("修改"), batch.counts.get("changed", 0)),
            (_("没有变化"), batch.counts.get("unchanged", 0)),
            (_("冲突"), batch.counts.get("conflict", 0)),
            (_("有错误"), batch.counts.get("invalid", 0)),
        ],
        "problems": problems[:SHOWN_PROBLEMS],
        "more_problems": max(len(problems) - SHOWN_PROBLEMS, 0),
        "questions": batch.questions[:SHOWN_PROBLEMS],
        "more_questions": max(batch.unusual - SHOWN_PROBLEMS, 0),
        "unusual": request.POST.get("unusual", "submit"),
        "reason": request.POST.get("reason", ""),
        "is_stuck": batch.state in (ImportState.CHECKING, ImportState.WRITING)
        and not (batch.job and batch.job.is_live),
    }
    return render(request, "records/import_detail.html", context)


@require_POST
def import_confirm(request: PortalRequest, pk: int) -> HttpResponse:
    """``rows``: ``good`` writes the fit rows, ``all`` only if every row is fit. ``unusual``: ``submit`` hands in what looks
    unusual with the ``reason`` given, ``draft`` leaves it a draft."""
    batch = visible_or_404(ImportBatch.objects.select_related("job"), request.user, pk=pk)
    rows = request.POST.get("rows")
    if rows not in {"good", "all"}:
        raise Http404
    try:
        confirm_import(
            acting_user=request.user,
            batch_id=batch.pk,
            all_or_none=rows == "all",
            unusual=request.POST.get("unusual", ""),
            reason=request.POST.get("reason", ""),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _import_page(request, batch)
    return redirect("records:import", pk)


@require_POST
def import_discard(request: PortalRequest, pk: int) -> HttpResponse:
    batch = visible_or_404(ImportBatch.objects.all(), request.user, pk=pk)
    with problems_told(request):
        discard_import(acting_user=request.user, batch_id=batch.pk)
        messages.success(request, _("已放弃这次导入，上传的文件已删除，没有写入任何内容。"))
    return redirect("records:import", pk)


@require_GET
def import_problems(request: PortalRequest, pk: int) -> HttpResponse:
    """The rows that did not fit, as a workbook to mend and import again."""
    batch = visible_or_404(ImportBatch.objects.all(), request.user, pk=pk)
    if not batch.problems:
        raise Http404
    return as_download(
        bad_rows(resource_for(batch.kind), batch.columns, batch.problems),
        _("待改正_%s.xlsx") % batch.filename.rsplit(".", 1)[0],
    )


@require_GET
def record_export(request: PortalRequest) -> HttpResponse:
    """The list as filtered: at once when it is short, else by a job."""
    return export_response(request, RecordExport())


def review_batch(request: PortalRequest, pk: int) -> HttpResponse:
    """What waits of one import, and one confirmation that approves it all; what becomes of each record is written down."""
    require(request.user, "records.review")
    waiting = Record.objects.allowing(request.user, "records.review").filter(import_batch=pk)
    first = waiting.select_related("import_batch", "import_batch__created_by").order_by("pk").first()
    if first is None:
        raise Http404
    if request.method == "POST":
        asked = _("整批导入：%s") % first.import_batch.filename
        batch = freeze(acting_user=request.user, action="approve", records=waiting.order_by("pk"), asked=asked)
        confirm_batch(acting_user=request.user, batch_id=batch.pk)
        return redirect("records:batch", batch.pk)
    listed = waiting.for_list().order_by("submitted_at", "pk")
    context = {
        "batch": first.import_batch,
        "kind": kind_by_slug(first.kind),
        "table": paginate(request, QueueTable(listed, exclude=("assigned_to",))),
        "count": waiting.count(),
    }
    return render(request, "records/review_batch.html", context)

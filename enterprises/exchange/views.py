"""Pages of the import of the register."""

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from enterprises.exchange.actions import MANY_MOVES, confirm_import, discard_import, start_import
from enterprises.exchange.resources import RegisterResource
from enterprises.exchange.templates import template_for
from enterprises.models import RegisterImport
from foundation.access.rules import require, visible_or_404
from foundation.accounts.requests import PortalRequest
from foundation.exchange.models import ImportState
from foundation.exchange.sheets import bad_rows
from foundation.refusals import Refused
from foundation.ui.formats import amount
from foundation.ui.problems import problems_told
from foundation.ui.tables import LinkColumn, MomentColumn, NumberColumn, PortalTable, StatusColumn, paginate
from foundation.ui.workbooks import as_download

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


class RegisterImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Excel 文件"),
        help_text=gettext_lazy("用模板填写，或用导出的名录修改。.xlsx 或 .xls，不超过 20 MB，一次最多 20,000 行。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls"}),
        error_messages={
            "required": gettext_lazy("请选择要上传的 Excel 文件。"),
            "empty": gettext_lazy("这个文件是空的。请检查后重新选择。"),
        },
    )


class RegisterImportTable(PortalTable):
    filename = LinkColumn(verbose_name=gettext_lazy("文件"), linkify=("enterprises:import", [tables.A("pk")]))
    state = StatusColumn(verbose_name=gettext_lazy("状态"), tones=_TONES)
    registered = NumberColumn(verbose_name=gettext_lazy("新登记（家）"), orderable=False)
    changed = NumberColumn(verbose_name=gettext_lazy("修改（家）"), orderable=False)
    moves = NumberColumn(verbose_name=gettext_lazy("其中迁移（家）"), orderable=False)
    unfit = NumberColumn(verbose_name=gettext_lazy("未导入（行）"), orderable=False)
    created_at = MomentColumn(verbose_name=gettext_lazy("上传时间"))

    class Meta(PortalTable.Meta):
        model = RegisterImport
        fields = ("filename", "state", "registered", "changed", "moves", "unfit", "created_at")
        sequence = fields

    def render_registered(self, value: int | None) -> str:
        return "—" if value is None else amount(value)

    def render_changed(self, value: int | None) -> str:
        return self.render_registered(value)


def import_list(request: PortalRequest) -> HttpResponse:
    """The form for the next workbook, the template, and what this person imported so far."""
    require(request.user, "enterprises.register")
    form = RegisterImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = start_import(acting_user=request.user, upload=form.cleaned_data["file"])
        except Refused as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("enterprises:import", batch.pk)
    mine = RegisterImport.objects.visible_to(request.user).defer("problems", "samples", "columns", "notes", "effects")
    context = {"form": form, "table": paginate(request, RegisterImportTable(mine))}
    return render(request, "enterprises/import_list.html", context)


@require_GET
def import_template(request: PortalRequest) -> HttpResponse:
    """The workbook to fill."""
    require(request.user, "enterprises.register")
    return as_download(template_for(request.user), _("企业名录_导入模板.xlsx"))


@require_GET
def import_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """Progress, then everything the check found, then the outcome."""
    batch = visible_or_404(RegisterImport.objects.select_related("job"), request.user, pk=pk)
    problems = [{"row": problem["row"], **error} for problem in batch.problems for error in problem["errors"]]
    context = {
        "batch": batch,
        "tone": _TONES[batch.state],
        "counts": [
            (_("新登记"), batch.counts.get("new", 0)),
            (_("修改"), batch.counts.get("changed", 0)),
            (_("没有变化"), batch.counts.get("unchanged", 0)),
            (_("冲突"), batch.counts.get("conflict", 0)),
            (_("有错误"), batch.counts.get("invalid", 0)),
        ],
        "types_moves": batch.moves > MANY_MOVES,
        "problems": problems[:SHOWN_PROBLEMS],
        "more_problems": max(len(problems) - SHOWN_PROBLEMS, 0),
        "is_stuck": batch.state in (ImportState.CHECKING, ImportState.WRITING)
        and not (batch.job and batch.job.is_live),
    }
    return render(request, "enterprises/import_detail.html", context)


@require_POST
def import_confirm(request: PortalRequest, pk: int) -> HttpResponse:
    """``rows``: ``good`` writes the fit rows, ``all`` only if every row is fit; ``moves``: how many move."""
    batch = visible_or_404(RegisterImport.objects.all(), request.user, pk=pk)
    rows = request.POST.get("rows")
    if rows not in {"good", "all"}:
        raise Http404
    moves = request.POST.get("moves", "")
    with problems_told(request):
        confirm_import(acting_user=request.user, batch_id=batch.pk, all_or_none=rows == "all", moves=moves)
    return redirect("enterprises:import", pk)


@require_POST
def import_discard(request: PortalRequest, pk: int) -> HttpResponse:
    batch = visible_or_404(RegisterImport.objects.all(), request.user, pk=pk)
    with problems_told(request):
        discard_import(acting_user=request.user, batch_id=batch.pk)
        messages.success(request, _("已放弃这次导入，上传的文件已删除，没有写入任何内容。"))
    return redirect("enterprises:import", pk)


@require_GET
def import_problems(request: PortalRequest, pk: int) -> HttpResponse:
    """The rows that did not fit, as a workbook to mend and import again."""
    batch = visible_or_404(RegisterImport.objects.all(), request.user, pk=pk)
    if not batch.problems:
        raise Http404
    content = bad_rows(RegisterResource(), batch.columns, batch.problems)
    return as_download(content, _("待改正_%s.xlsx") % batch.filename.rsplit(".", 1)[0])

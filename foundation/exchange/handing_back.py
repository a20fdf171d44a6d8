"""The rows of an import that did not go in, as a workbook to mend and bring again: a short one is the answer to the
request, a long one is written by a job, as lists are (``foundation.crud.exporting``)."""

import io
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files import File
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from foundation.access.rules import require
from foundation.accounts.requests import PortalRequest
from foundation.exchange.models import Import
from foundation.exchange.resources import resource_of
from foundation.exchange.sheets import bad_rows
from foundation.exchange.tables import chosen_sheets
from foundation.exchange.writing import left_rows
from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.jobs.results import keep_file
from foundation.refusals import Refused
from foundation.saying import filled
from foundation.ui.workbooks import as_download

HAND_BACK = "exchange.hand_back"


def problems_response(request: PortalRequest, batch: Import) -> HttpResponse:
    """The workbook, or, above ``EXPORT_AT_ONCE`` rows, the page of the job that writes it."""
    count = left_rows(batch)[: settings.EXPORT_AT_ONCE + 1].count()
    if not count:
        raise Http404
    if count > settings.EXPORT_AT_ONCE:
        job = enqueue(
            kind=HAND_BACK,
            title=(_("待改正的行：%s") % batch.filename)[:200],
            parameters={"batch": batch.pk},
            owner=request.user,
            unique_key=f"{HAND_BACK}:{batch.pk}",
        )
        return redirect("jobs:detail", pk=job.pk)
    content = bad_rows(resource_of(batch), batch.columns, _problems(batch), had_formulas=_had_formulas(batch))
    return as_download(content, _file_name(batch))


def hand_back(job: Job, progress: Progress) -> dict[str, Any]:
    """Write the long workbook for whoever brought the file. Raises ``Refused``, ``AccessDenied``."""
    batch = Import.objects.get(pk=job.parameters["batch"])
    if job.owner is None:
        raise LookupError("rows are handed back to a person")
    require(job.owner, "exchange.view_import", batch)
    total = left_rows(batch).count()
    if not total:
        raise Refused(_("这次导入没有待改正的行，或保存期已过。"), cure=_("请重新上传原来的文件。"))

    def told() -> Iterator[dict[str, Any]]:
        for done, problem in enumerate(_problems(batch), 1):
            progress(
                95 * done // total, filled(_("已写入 %(done)d 行，共 %(total)d 行"), {"done": done, "total": total})
            )
            yield problem

    rows = bad_rows(resource_of(batch), batch.columns, told(), had_formulas=_had_formulas(batch))
    content = File(io.BytesIO(rows))
    label = filled(_("下载工作簿（%d 行）"), total)
    return keep_file(job, progress, content, name=_file_name(batch), label=label)


def _problems(batch: Import) -> Iterator[dict[str, Any]]:
    for row in left_rows(batch).iterator(chunk_size=2000):
        said = row.said
        yield {
            "row": row.number,
            "cells": said.get("cells", {}),
            "errors": said.get("problems", []),
            "beside": said.get("beside", {}),
        }


def _had_formulas(batch: Import) -> bool:
    """Whether the sheets that were read had formulas, whose results were taken."""
    return bool(batch.layout) and any(sheet["formulas"] for sheet in chosen_sheets(batch.layout))


def _file_name(batch: Import) -> str:
    return _("待改正_%s.xlsx") % batch.filename.rsplit(".", 1)[0]

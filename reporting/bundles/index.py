"""The index of a bundle: printed in the house style of the reports, and as a workbook that holds every row."""

import hashlib
import itertools
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from foundation.accounts.models import Actor
from foundation.fields import label_of_field
from foundation.ui.formats import amount, moment
from foundation.ui.workbooks import as_bytes, plain_sheet, streamed_workbook
from reporting.bundles.contents import Contents
from reporting.numbers import chinese_number
from reporting.rendering.glyphs import described, missing_glyphs

logger = logging.getLogger(__name__)

_CSS = Path(__file__).with_name("index.css")
#: Records on paper; the workbook in the bundle has every one.
PRINTED_RECORDS = 500


def title_of(contents: Contents) -> str:
    return contents.enterprise.name + subtitle_of(contents)


def subtitle_of(contents: Contents) -> str:
    return _("%d年度产改工作台账") % contents.year


def _lead(contents: Contents) -> str:
    sentence = _(
        "本台账收录%(year)d年度记录%(records)d条（已通过%(approved)d条、待审核%(waiting)d条），佐证材料%(files)d个"
    ) % {
        "year": contents.year,
        "records": len(contents.entries),
        "waiting": contents.waiting,
        "approved": len(contents.entries) - contents.waiting,
        "files": sum(1 for _one in contents.evidence()),
    }
    missing = len(contents.missing)
    return sentence + (_("，其中缺失%d个。") % missing if missing else "。")


def facts_of(enterprise: Enterprise) -> list[tuple[str, str]]:
    """What an inspector wants to know of the enterprise first."""
    yes_no = {True: _("已建立"), False: _("未建立")}
    return [
        (label_of_field(enterprise, "credit_code"), enterprise.credit_code),
        (_("所在地区"), enterprise.county.full_name()),
        (_("行业"), enterprise.industry.name),
        (_("所有制"), enterprise.get_ownership_display()),
        (_("规模"), enterprise.get_size_display()),
        (_("试点层级"), enterprise.get_pilot_tier_display()),
        (_("职工人数（人）"), amount(enterprise.headcount)),
        (_("一线职工（人）"), amount(enterprise.frontline_count)),
        (_("工会组织"), yes_no[enterprise.has_union]),
        (_("党组织"), yes_no[enterprise.has_party_organisation]),
    ]


def _notes(contents: Contents, made_by: Actor, made_at: datetime) -> list[str]:
    notes = [
        _("本目录由%(who)s于 %(when)s 从平台生成，反映当时的记录与佐证材料。")
        % {"who": made_by, "when": moment(made_at)},
        _("按统计季度归入年度：补报的记录列在计入的年度。草稿、已退回、已撤回和已驳回的记录不列入。"),
        _("“待审核”的记录尚未经产改办审核；“未填报”表示没有填报，不等于零；“—”表示该类型不填此项。"),
        _(
            "佐证编号如“3-2”，指序号 3 的记录的第 2 个文件，放在压缩包中该类型文件夹内、以序号和记录编号命名的文件夹里。"
        ),
    ]
    if missing := missing_glyphs(_texts(contents)):
        text = _("本目录的字体里没有这些字符，印成了方括号里的编码：%s。")
        notes.append(text % described(missing))
    if contents.missing:
        notes.append(
            _("标明“缺失”的 %d 个文件在平台上有登记，但生成时没有找到文件本身，请向填报企业核实后补交。")
            % len(contents.missing)
        )
    return notes


def _texts(contents: Contents) -> Iterator[tuple[str, str]]:
    """What is printed and comes from people, each with where it stands."""
    yield _("企业名称"), contents.enterprise.name
    for entry in contents.entries[:PRINTED_RECORDS]:
        place = _("记录 %s") % entry.record.reference
        yield place, entry.title
        for evidence in entry.evidence:
            yield place, evidence.attachment.name


def index_html(contents: Contents, *, made_by: Actor, made_at: datetime) -> str:
    """The HTML that is printed: at most ``PRINTED_RECORDS`` records, and how many there are in all."""
    printed, total = contents.entries[:PRINTED_RECORDS], len(contents.entries)
    more = _("本目录列出前 %(shown)d 条（共 %(total)d 条），完整目录见压缩包内的“台账目录.xlsx”。") % {
        "shown": len(printed),
        "total": total,
    }
    summary = [
        {
            "label": kind.label,
            "records": len(entries),
            "waiting": sum(entry.is_waiting for entry in entries),
            "files": sum(len(entry.evidence) for entry in entries),
        }
        for kind, entries in contents.groups()
    ]
    return render_to_string(
        "reporting/bundles/index.html",
        {
            "contents": contents,
            "title": title_of(contents),
            "subtitle": subtitle_of(contents),
            "lead": _lead(contents),
            "made_at": made_at.isoformat(timespec="seconds"),
            "facts": list(itertools.zip_longest(*[iter(facts_of(contents.enterprise))] * 2)),
            "summary": summary,
            "groups": [
                (f"（{chinese_number(place)}）{kind.label}", entries)
                for place, (kind, entries) in enumerate(contents.groups(printed), 1)
            ],
            "more": more if total > len(printed) else "",
            "notes": _notes(contents, made_by, made_at),
        },
    )


def index_pdf(contents: Contents, *, made_by: Actor, made_at: datetime) -> bytes:
    """The printed index; empty on a server without Pango, where WeasyPrint cannot even be imported."""
    try:
        from reporting.rendering.pdf import html_to_pdf  # noqa: PLC0415 -- takes most of a second
    except OSError as error:
        logger.warning("no PDF index: %s", error)
        return b""
    html = index_html(contents, made_by=made_by, made_at=made_at)
    return html_to_pdf(
        html, extra_css=_CSS.read_text(encoding="utf-8"), identifier=hashlib.sha256(html.encode()).digest()[:16]
    )


def index_xlsx(contents: Contents, *, made_by: Actor, made_at: datetime) -> bytes:
    """Every record and every file, one a row."""
    with streamed_workbook() as book:
        plain_sheet(
            book,
            _("活动记录"),
            [
                (_("序号"), 8),
                (_("记录类型"), 22),
                (_("记录编号"), 24),
                (_("日期"), 14),
                (_("统计季度"), 12),
                (_("标题"), 44),
                (_("参加人数（人）"), 14),
                (_("参加人次（人次）"), 14),
                (_("状态"), 10),
                (_("佐证材料（个）"), 12),
            ],
            _record_rows(contents),
        )
        plain_sheet(
            book,
            _("佐证材料"),
            [
                (_("佐证编号"), 10),
                (_("记录编号"), 24),
                (_("记录标题"), 40),
                (_("文件名"), 40),
                (_("大小（字节）"), 14),
                (_("上传时间"), 18),
                (_("情况"), 10),
                (_("压缩包内位置"), 70),
                (_("校验值（SHA-256）"), 68),
            ],
            _file_rows(contents),
        )
        facts = [(title_of(contents), _lead(contents)), *facts_of(contents.enterprise)]
        notes = [(str(number), note) for number, note in enumerate(_notes(contents, made_by, made_at), 1)]
        plain_sheet(book, _("说明"), [(_("项目"), 46), (_("内容"), 100)], [*facts, *notes])
        return as_bytes(book)


def _record_rows(contents: Contents) -> Iterator[list[Any]]:
    for entry in contents.entries:
        record = entry.record
        people, times = (
            text if value is None else value
            for value, text in ((record.number_of_people, entry.people), (record.attendances, entry.attendances))
        )
        yield [
            entry.number,
            entry.kind.label,
            record.reference,
            entry.when,
            record.quarter,
            entry.title,
            people,
            times,
            record.get_status_display(),
            len(entry.evidence),
        ]


def _file_rows(contents: Contents) -> Iterator[list[Any]]:
    for entry in contents.entries:
        for one in entry.evidence:
            kept = one.attachment
            uploaded = timezone.localtime(kept.uploaded_at).strftime("%Y-%m-%d %H:%M")
            yield [
                one.number,
                entry.record.reference,
                entry.record.title,
                kept.name,
                kept.size,
                uploaded,
                _("缺失") if one.is_missing else _("已收入"),
                "" if one.is_missing else one.path,
                kept.sha256,
            ]

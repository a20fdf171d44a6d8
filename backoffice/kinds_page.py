"""The chapter of the handbook that says of each kind what belongs in it, how often, who files it and what must be filled in."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from foundation.access.models import Role
from foundation.fields import label_of_field
from records.core.kinds import FiledBy, RecordKind, Rhythm, all_kinds, area_label
from reporting.sentences import AREAS

KINDS_FILE = Path(settings.BASE_DIR) / "docs" / "handbook" / "kinds.md"

_HEAD = """# 各类记录一览

平台上能填的全部记录，按任务领域排列：该填什么，多久一次，谁来填，哪些是必填的。选填项不填也能提交。本页由平台自动整理，与填报页面一致。

找不到合适的记录类型时，先看看相近的几类，仍然没有的，不用填；也可以在“消息”里问县（市、区）产改办。
"""
_RHYTHMS = {Rhythm.EVENT: "每次一条", Rhythm.QUARTERLY: "每季一份", Rhythm.ANNUAL: "每年一份"}
_LEVELS = {Role.COUNTY: "县", Role.CITY: "市", Role.PROVINCE: "省"}


def kinds_text() -> str:
    """The whole chapter, in the order in which reports have the areas."""
    with override("zh-hans"):
        offered = [kind for kind in all_kinds() if not kind.is_retired]
        areas = sorted({kind.area for kind in offered}, key=AREAS.index)
        return "\n".join([_HEAD, *(_section(area, [k for k in offered if k.area == area]) for area in areas)])


def _section(area: str, kinds: Iterable[RecordKind]) -> str:
    ordered = sorted(kinds, key=lambda kind: (kind.rhythm is not Rhythm.EVENT, kind.rhythm, kind.order, kind.slug))
    return "\n".join(
        [
            f"## {area_label(area)}",
            "",
            "| 记录 | 填什么 | 多久一次 | 谁填 | 必填项 |",
            "|---|---|---|---|---|",
            *(_row(kind) for kind in ordered),
            "",
        ]
    )


def _row(kind: RecordKind) -> str:
    required = [_label(kind, name) for name in kind.required if not (kind.is_return and name == "title")]
    waits = "省里决定收集以后才填。" if "" in kind.undecided else ""
    cells = (
        kind.label,
        f"{kind.purpose}{waits}",
        _RHYTHMS[kind.rhythm],
        _filer(kind),
        "、".join(required) or "至少一项",
    )
    return f"| {' | '.join(cell.replace('|', '／') for cell in cells)} |"


def _label(kind: RecordKind, name: str) -> str:
    lines = kind.lines_named(name)
    return str(lines.label) if lines is not None else label_of_field(kind.model, name)


def _filer(kind: RecordKind) -> str:
    offices = "、".join(word for level, word in _LEVELS.items() if level in kind.office_levels) + "产改办"
    return {FiledBy.ENTERPRISE: "企业", FiledBy.OFFICE: offices, FiledBy.EITHER: f"企业，或{offices}"}[kind.filed_by]

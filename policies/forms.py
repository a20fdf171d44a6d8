"""Forms of documents that the province enters, and what the two long pages of a draft send: a row for each paragraph or clause."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from policies.compiling import Decision
from policies.cutting import Paragraph, ParagraphLevel
from policies.models import MOST_CLAUSES, Edition


class DescriptionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What is said of a document besides its text."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Edition
        fields = ("title", "number", "issuer", "issued_on", "source")
        help_texts = {
            "number": _("例如 苏产改办〔2022〕12号；没有的不填。"),
            "source": _("全文从哪里来，例如：文件全文、某网站及网址。"),
        }

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class DraftForm(DescriptionForm):
    """A new document: what is said of it, and its text one way or the other."""

    text = forms.CharField(
        label=_("粘贴全文"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "14"}),
        help_text=_("标题、文号、落款一起粘贴也可以，下一步会分出来。"),
    )
    file = forms.FileField(
        label=_("或上传 Word 文件（.docx）"),
        required=False,
        allow_empty_file=True,  # the action says it, as of every upload
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        help_text=_("旧格式 .doc 请另存为 .docx。扫描件请先识别成文字，再粘贴。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("file") and cleaned.get("text"):
            self.add_error("file", _now("正文和文件只用一种：文件要用的，请清空粘贴的全文，再选一次文件。"))
        return cleaned


class RetireForm(forms.Form):
    reason = forms.CharField(
        label=_("停用原因"), max_length=200, help_text=_("例如：已由某文件代替。停用后正文仍可查阅。")
    )


def version_sent(data: QueryDict) -> int:
    """The version that a page was opened with; 0, which none has, for what is no number."""
    text = data.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _rows(data: QueryDict, choice: str, text: str) -> list[tuple[str, str]]:
    """The rows ``choice-0``, ``text-0`` … as far as they go without a gap."""
    found: list[tuple[str, str]] = []
    while len(found) <= MOST_CLAUSES and f"{choice}-{len(found)}" in data and f"{text}-{len(found)}" in data:
        found.append((str(data[f"{choice}-{len(found)}"]), str(data[f"{text}-{len(found)}"])))
    return found


def paragraphs_sent(data: QueryDict) -> tuple[list[Paragraph], list[str]]:
    """(the paragraphs of the page as they were corrected, what is wrong with them). ``merge`` names one to be put behind the
    one before."""
    rows, problems = [], []
    for index, (level, text) in enumerate(_rows(data, "level", "text")):
        if level not in ParagraphLevel.values:
            problems.append(_now("第 %d 段的层级没有选好。请从列表中选一种。") % (index + 1))
        rows.append(Paragraph(level, text))
    merge = data.get("merge", "")
    if merge.isascii() and merge.isdecimal() and len(merge) < 6 and 0 < int(merge) < len(rows):
        behind = rows.pop(int(merge))
        before = rows[int(merge) - 1]
        rows[int(merge) - 1] = Paragraph(before.level, before.text.rstrip() + behind.text.lstrip())
    return rows, problems


def mark_of(clause: str) -> str:
    """A clause's text as the page of points remembers it, so that what was typed finds it again."""
    return hashlib.sha256(clause.encode()).hexdigest()[:12]


def beside_clauses(
    data: QueryDict, sent: Sequence[tuple[bool, str]], stored: Sequence[Decision]
) -> tuple[list[tuple[str, bool, str]], list[str]]:
    """(each clause as it stands now with what was typed for it, what was typed for clauses that are gone)."""
    typed: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for mark, row in zip(data.get("clauses", "").split(","), sent, strict=False):
        typed[mark].append(row)
    rows = []
    for one in stored:
        known = typed[mark_of(one.text)]
        asks, points = known.pop(0) if known else (one.asks, one.points)
        rows.append((one.text, asks, points))
    return rows, [points for left in typed.values() for _asks, points in left if points.strip()]


def decisions_sent(data: QueryDict) -> tuple[list[tuple[bool, str]], list[str]]:
    """(whether each clause asks for something, and for what; what is wrong)."""
    rows, problems = [], []
    for index, (asks, points) in enumerate(_rows(data, "asks", "points")):
        if asks not in ("asks", "general"):
            problems.append(_now("第 %d 条没有选好是否要做事。请从列表中选一种。") % (index + 1))
        rows.append((asks != "general", points))
    return rows, problems

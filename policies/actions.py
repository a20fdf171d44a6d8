"""Every change of a document that the province enters: drafted, corrected, published, revised, retired; its links."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.access.signin import home_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.fields import label_of_field
from foundation.files.judging import check_size, prepare
from foundation.folding import fold
from foundation.loading import upsert
from foundation.refusals import Question, Refused, Stale, require_confirmed, says_something
from foundation.saying import filled
from policies.compiling import (
    Compiled,
    Decision,
    clauses_of,
    compile_document,
    decisions_for,
    lost_decisions,
    problems_in,
    quoted,
)
from policies.cutting import HEADINGS, Paragraph, ParagraphLevel, cut, lines_of, remarks_on
from policies.links import Offer, choices_of, offers
from policies.loading import collect
from policies.models import (
    MOST_CHARACTERS,
    MOST_CLAUSES,
    MOST_PARAGRAPHS,
    Clause,
    ClausePoint,
    Document,
    Edition,
    EditionClause,
    EditionParagraph,
    EditionState,
    Measure,
    Part,
    PointAnswer,
)
from policies.parsing import ParsedDocument
from policies.word import read_word

register_event("policies.drafted", gettext_lazy("录入政策文件"))
register_event("policies.described", gettext_lazy("修改政策文件的标题等"))
register_event("policies.cut", gettext_lazy("校正政策文件的段落"))
register_event("policies.pointed", gettext_lazy("校正政策文件的要点"))
register_event("policies.discarded", gettext_lazy("删除政策文件草稿"))
register_event("policies.restored", gettext_lazy("恢复政策文件草稿"))
register_event("policies.revised", gettext_lazy("修订政策文件"))
register_event("policies.published", gettext_lazy("发布政策文件"))
register_event("policies.linked", gettext_lazy("关联政策要点"))
register_event("policies.retired", gettext_lazy("停用政策文件"))
register_event("policies.resumed", gettext_lazy("恢复使用政策文件"))

MANAGE = "policies.manage"
DESCRIBED_BY = ("title", "number", "issuer", "issued_on", "source")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _log(event: str, acting_user: Actor, on: models.Model, **more: Any) -> None:
    log(event, by=acting_user, on=on, place=home_of(acting_user), **more)


def _draft(acting_user: Actor, pk: int, version: int) -> Edition:
    """The draft, locked. Raises ``AccessDenied``, ``Stale``, and ``Refused`` once it is none."""
    edition = Edition.objects.select_for_update().get(pk=pk)
    require(acting_user, MANAGE, edition)
    if not edition.is_draft:
        raise Refused(
            filled(_("“%(title)s”已不是草稿（%(state)s），没有保存。"), _named(edition)),
            cure=_("请回到政策文件页，从现行版本新建修订。"),
        )
    if edition.version != version:
        raise Stale(edition)
    return edition


def _named(edition: Edition) -> dict[str, object]:
    return {"title": edition.title, "state": edition.get_state_display()}


def _touch(edition: Edition, acting_user: Actor, *fields: str) -> None:
    edition.version += 1
    edition.changed_by = acting_user
    edition.save(update_fields=["version", "changed_by", "changed_at", *fields])


# --- drafting ---------------------------------------------------------------------------------------


def create_draft(
    *, acting_user: Actor, values: Mapping[str, Any], text: str = "", upload: "UploadedFile[Any] | None" = None
) -> tuple[Edition, list[str]]:
    """A draft of a document out of pasted text or a Word file, cut by its numbering. Returns it with remarks on what a
    person should look at. Raises ``AccessDenied``, ``Refused``, ``ValidationError``."""
    require(acting_user, MANAGE)
    remarks: list[str] = []
    if upload is not None:
        lines, remarks = _lines_of_file(upload)
        text = "\n".join(lines)
    else:
        lines = lines_of(text)
    if not lines:
        raise ValidationError({"text": _("还没有正文。请粘贴全文，或者上传 Word 文件（.docx）。")})
    if len(text) > MOST_CHARACTERS:
        message = _("全文有 %(size)d 个字，超过 %(most)d 个字的上限。请分成几个文件录入。")
        found = {"size": len(text), "most": MOST_CHARACTERS}
        raise ValidationError({"file" if upload else "text": filled(message, found)})
    known = {name: values[name] for name in ("title", "number", "issuer")}
    paragraphs = cut(lines, is_wrapped=upload is None, **known)
    remarks += remarks_on(paragraphs)
    _check_amount(paragraphs, field="file" if upload else "text")
    edition = Edition(text=text, entered_by=acting_user, changed_by=acting_user, **values)
    edition.full_clean(exclude=["file"])
    return _keep(edition, paragraphs, acting_user, upload), remarks


def _lines_of_file(upload: "UploadedFile[Any]") -> tuple[list[str], list[str]]:
    name = str(upload.name)
    try:
        check_size(upload)
        if prepare(upload).content_type != _WORD:
            raise Refused(
                _("文件“%(name)s”不是 Word 文件（.docx）。请上传 .docx，或者把全文粘贴进来。") % {"name": name}
            )
        upload.seek(0)
        found = read_word(upload, name)
    except Refused as problem:
        raise Refused(str(problem), field="file") from problem
    return found.lines, found.remarks


def _check_amount(paragraphs: Sequence[Paragraph], field: str = "") -> None:
    """Raises ``Refused`` for more than a page can be corrected with."""
    for found, most, message in (
        (len(paragraphs), MOST_PARAGRAPHS, _("全文分成 %(found)d 段，超过 %(most)d 段的上限。请分成几个文件录入。")),
        (
            len(clauses_of(paragraphs)),
            MOST_CLAUSES,
            _("全文有 %(found)d 条，超过 %(most)d 条的上限。请分成几个文件录入。"),
        ),
    ):
        if found > most:
            raise Refused(filled(message, {"found": found, "most": most}), field=field)


@transaction.atomic
def _keep(
    edition: Edition, paragraphs: Sequence[Paragraph], acting_user: Actor, upload: "UploadedFile[Any] | None"
) -> Edition:
    if upload is not None:
        upload.seek(0)
        edition.file_name = PurePath(str(upload.name)).name[-200:]
        edition.file.save(edition.file_name, upload, save=False)
    edition.save()
    _write_paragraphs(edition, paragraphs, [])
    _log("policies.drafted", acting_user, edition, note=edition.file_name)
    return edition


def _write_paragraphs(edition: Edition, paragraphs: Sequence[Paragraph], made: Iterable[Decision]) -> None:
    edition.paragraphs.all().delete()
    EditionParagraph.objects.bulk_create(
        EditionParagraph(edition=edition, order=order, level=one.level, text=one.text)
        for order, one in enumerate(paragraphs)
    )
    _write_decisions(edition, decisions_for(clauses_of(paragraphs), made))


def _write_decisions(edition: Edition, decisions: Iterable[Decision]) -> None:
    edition.clauses.all().delete()
    EditionClause.objects.bulk_create(
        EditionClause(edition=edition, order=order, text=one.text, asks=one.asks, points=one.points)
        for order, one in enumerate(decisions)
    )


def paragraphs_of(edition: Edition) -> list[Paragraph]:
    return [Paragraph(row.level, row.text) for row in edition.paragraphs.all()]


def decisions_of(edition: Edition) -> list[Decision]:
    return [Decision(row.text, row.asks, row.points) for row in edition.clauses.all()]


@transaction.atomic
def describe_draft(*, acting_user: Actor, pk: int, version: int, values: Mapping[str, Any]) -> Edition:
    """Change title, number, issuer, day and source. Raises ``Stale``, ``ValidationError``."""
    edition = _draft(acting_user, pk, version)
    changes = {}
    for name in DESCRIBED_BY:
        before = getattr(edition, name)
        if before != values[name]:
            changes[label_of_field(edition, name)] = [str(before), str(values[name])]
            setattr(edition, name, values[name])
    edition.full_clean(exclude=["file"])
    if changes:
        _touch(edition, acting_user, *DESCRIBED_BY)
        _log("policies.described", acting_user, edition, changes=changes)
    return edition


def _emptied(sent: Sequence[Paragraph]) -> Iterable[Question]:
    """Paragraphs whose text was taken out altogether."""
    for index, one in enumerate(sent):
        if not lines_of(one.text):
            found = filled(_("第 %d 段的文字清空了，保存后全文不再有这一段。"), index + 1)
            yield Question("policies.emptied", "", found)


def _split(sent: Iterable[Paragraph]) -> list[Paragraph]:
    """A line break within a paragraph divides it; what stood under a heading's line is running text."""
    return [
        Paragraph(ParagraphLevel.TEXT if index and one.level in HEADINGS else one.level, line)
        for one in sent
        for index, line in enumerate(lines_of(one.text))
    ]


@transaction.atomic
def save_paragraphs(
    *, acting_user: Actor, pk: int, version: int, sent: Sequence[Paragraph], confirmed: Collection[str] = ()
) -> Edition:
    """Replace the paragraphs of a draft by what was corrected; clauses follow, and keep what was decided of the same text.
    Raises ``Stale``, ``Refused``, and ``NeedsConfirmation`` before anything is lost."""
    edition = _draft(acting_user, pk, version)
    wanted, before, made = _split(sent), paragraphs_of(edition), decisions_of(edition)
    _check_amount(wanted)
    if not wanted:
        raise Refused(_("所有段落都是空的，没有保存。"), cure=_("不要这份草稿时，请用“删除草稿”。"))
    lost = [
        Question(
            "policies.decision_lost",
            "",
            _("条款%s改动后，您为它写好的要点不再保留，要重新写。") % quoted(one.text),
        )
        for one in lost_decisions(clauses_of(wanted), made)
    ]
    require_confirmed([*_emptied(sent), *lost], confirmed, needs_reason=False)
    if wanted != before:
        _write_paragraphs(edition, wanted, made)
        _touch(edition, acting_user)
        changed = sum(1 for one in wanted if one not in before)
        note = filled(_("%(all)d 段，改动 %(changed)d 段"), {"all": len(wanted), "changed": changed})
        _log("policies.cut", acting_user, edition, note=note)
    return edition


@transaction.atomic
def save_decisions(*, acting_user: Actor, pk: int, version: int, sent: Sequence[tuple[bool, str]]) -> Edition:
    """Say of each clause of a draft, in their order, whether it asks for something and for what. Raises ``Stale``,
    ``Refused``."""
    edition = _draft(acting_user, pk, version)
    made = decisions_of(edition)
    if len(sent) != len(made):
        raise Refused(_("送来的要点和条款对不上，没有保存。"), cure=_("请重新打开这一页再填。"))
    wanted = [
        Decision(one.text, asks, "\n".join(lines_of(points))) for one, (asks, points) in zip(made, sent, strict=True)
    ]
    if wanted != made:
        _write_decisions(edition, wanted)
        _touch(edition, acting_user)
        changed = sum(1 for one, before in zip(wanted, made, strict=True) if one != before)
        _log("policies.pointed", acting_user, edition, note=filled(_("改动 %d 条"), changed))
    return edition


@transaction.atomic
def discard_draft(*, acting_user: Actor, pk: int, version: int) -> Edition:
    """Take a draft out of sight; ``restore_draft`` brings it back as it was."""
    edition = _draft(acting_user, pk, version)
    edition.state = EditionState.DISCARDED
    _touch(edition, acting_user, "state")
    _log("policies.discarded", acting_user, edition)
    return edition


@transaction.atomic
def restore_draft(*, acting_user: Actor, pk: int) -> Edition:
    """Bring a deleted draft back. Raises ``Refused`` where its document has another one by now."""
    edition = Edition.objects.select_for_update().get(pk=pk)
    require(acting_user, MANAGE, edition)
    if edition.is_draft:
        return edition
    if edition.state != EditionState.DISCARDED:
        raise Refused(filled(_("“%(title)s”不是删除的草稿（%(state)s），不用恢复。"), _named(edition)))
    if edition.document_id and Edition.objects.filter(document=edition.document, state=EditionState.DRAFT).exists():
        raise Refused(
            _("“%s”已经另有一份修订草稿，不能再恢复这一份。") % edition.title, cure=_("请先发布或删除那一份。")
        )
    edition.state = EditionState.DRAFT
    _touch(edition, acting_user, "state")
    _log("policies.restored", acting_user, edition)
    return edition


@transaction.atomic
def revise_document(*, acting_user: Actor, document: Document) -> Edition:
    """A draft that starts from the version in force; the one there is, where somebody has begun already."""
    require(acting_user, MANAGE)
    Document.objects.select_for_update().get(pk=document.pk)
    if begun := Edition.objects.filter(document=document, state=EditionState.DRAFT).first():
        return begun
    source = _in_force(document)
    copied = {name: getattr(source, name) for name in (*DESCRIBED_BY, "text", "document")}
    edition = Edition.objects.create(entered_by=acting_user, changed_by=acting_user, **copied)
    _write_paragraphs(edition, paragraphs_of(source), decisions_of(source))
    _log("policies.revised", acting_user, edition)
    return edition


def _in_force(document: Document) -> Edition:
    if not document.is_entered:
        raise Refused(
            _("“%s”随平台提供，不在这里修改。") % document.title, cure=_("文本有误的，请告诉平台的维护人员。")
        )
    return Edition.objects.get(document=document, state=EditionState.PUBLISHED)


# --- publishing -------------------------------------------------------------------------------------


def compiled(edition: Edition, paragraphs: Sequence[Paragraph]) -> Compiled:
    """What publishing the draft would make of it."""
    former: list[Mapping[str, Any]] = []
    used: set[str] = set()
    if edition.document_id:
        others = Edition.objects.filter(document=edition.document_id).exclude(pk=edition.pk)
        for state, codes in others.values_list("state", "codes"):
            used |= {one["code"] for one in codes}
            if state == EditionState.PUBLISHED:
                former = codes
    return compile_document(edition.document_id or f"d{edition.pk}", paragraphs, former, used)


def _kept_points(made: Compiled, decisions: Sequence[Decision]) -> dict[str, list[tuple[str, bool]]]:
    """The points of each clause: what is asked, or why nothing is."""
    return {
        code: [(line, decision.asks) for line in decision.lines]
        for code, decision in zip(made.clause_codes, decisions, strict=True)
    }


def doubts_about(edition: Edition, made: Compiled, decisions: Sequence[Decision]) -> list[Question]:
    """What is asked before a draft is published: headings with nothing below them, and links that would be lost."""
    text = _("标题%s下面没有正文，也没有条目，发布后只有标题。")
    empty = [
        Question("policies.empty_part", "", text % quoted(f"{part.number}{part.title}"))
        for top in made.parts
        for part in top.walk()
        if not any(part.clauses())
    ]
    return [*empty, *losses_of(edition, made, decisions)]


def losses_of(edition: Edition, made: Compiled, decisions: Sequence[Decision]) -> list[Question]:
    """Links of the version in force that publishing would take away."""
    if not edition.document_id:
        return []
    kept = _kept_points(made, decisions)
    linked = ClausePoint.objects.filter(clause__part__document=edition.document_id, named_answers__isnull=False)
    found = []
    for point in linked.select_related("clause").distinct().order_by("clause__order", "order"):
        if (point.text, point.asks) not in kept.get(point.clause_id, []):
            text = _("要点%s已关联到平台的内容，新版本里没有它，发布后这些关联不再保留。")
            found.append(Question("policies.link_lost", "", text % quoted(point.text)))
    return found


@transaction.atomic
def publish_draft(*, acting_user: Actor, pk: int, version: int, confirmed: Collection[str] = ()) -> Document:
    """Put the draft in force: its parts, measures, clauses and points become those of the document; what is the same as in
    the former version keeps its code and its links. Raises ``Stale``, ``ValidationError`` with everything that stands in the
    way, and ``NeedsConfirmation`` before links are lost or a heading stands alone."""
    edition = _draft(acting_user, pk, version)
    paragraphs, decisions = paragraphs_of(edition), decisions_of(edition)
    if problems := problems_in(paragraphs, decisions):
        raise ValidationError([problem.text for problem in problems])
    made = compiled(edition, paragraphs)
    require_confirmed(doubts_about(edition, made, decisions), confirmed, needs_reason=False)
    document = _write_document(edition, made)
    _write_points(document, _kept_points(made, decisions))
    Edition.objects.filter(document=document, state=EditionState.PUBLISHED).update(state=EditionState.FORMER)
    edition.document, edition.state = document, EditionState.PUBLISHED
    edition.published_at, edition.codes = timezone.now(), list(made.codes)
    _touch(edition, acting_user, "document", "state", "published_at", "codes")
    note = filled(_("%(parts)d 个部分，%(clauses)d 条"), {"parts": len(made.parts), "clauses": len(decisions)})
    _log("policies.published", acting_user, document, note=note)
    return document


def _write_document(edition: Edition, made: Compiled) -> Document:
    code = edition.document_id or f"d{edition.pk}"
    parsed = ParsedDocument(
        code=code,
        title=edition.title,
        number=edition.number,
        issuer=edition.issuer,
        issued_on=edition.issued_on,
        source=edition.source,
        text=edition.text,
        parts=made.parts,
    )
    order = edition.document.order if edition.document else _next_order()
    rows: dict[type[models.Model], list[dict[str, Any]]] = {Document: [], Part: [], Measure: [], Clause: []}
    collect(parsed, order, rows)
    for model, wanted in rows.items():
        upsert(model, wanted)
    Document.objects.filter(pk=code).update(is_entered=True, opening=made.opening, closing=made.closing)
    kept = {row["code"] for wanted in rows.values() for row in wanted}
    Clause.objects.filter(part__document=code).exclude(pk__in=kept).delete()
    Measure.objects.filter(part__document=code).exclude(pk__in=kept).delete()
    Part.objects.filter(document=code).exclude(pk__in=kept).delete()
    return Document.objects.get(pk=code)


def _next_order() -> int:
    return (Document.objects.aggregate(last=Max("order"))["last"] or 0) + 1


def _write_points(document: Document, wanted: Mapping[str, Sequence[tuple[str, bool]]]) -> None:
    """Points that are the same stay, with their links."""
    held = {
        (one.clause_id, one.text, one.asks): one for one in ClausePoint.objects.filter(clause__part__document=document)
    }
    created, kept = [], []
    for code, points in wanted.items():
        for order, (text, asks) in enumerate(points):
            point = held.pop((code, text, asks), None)
            if point is None:
                created.append(ClausePoint(clause_id=code, text=text, asks=asks, order=order))
            else:
                point.order = order
                kept.append(point)
    ClausePoint.objects.filter(pk__in=[one.pk for one in held.values()]).delete()
    ClausePoint.objects.bulk_update(kept, ["order"])
    ClausePoint.objects.bulk_create(created)


# --- a published document ---------------------------------------------------------------------------


def _entered(document: Document) -> Document:
    locked = Document.objects.select_for_update().get(pk=document.pk)
    _in_force(locked)
    return locked


@transaction.atomic
def retire_document(*, acting_user: Actor, document: Document, reason: str) -> Document:
    """Say that a document is carried out no longer; its text stays to be read. Raises ``ValidationError``."""
    require(acting_user, MANAGE)
    document = _entered(document)
    if document.retired_on:
        return document
    if not says_something(reason):
        raise ValidationError({"reason": _("请写明停用的原因（至少两个字），例如被哪个文件代替。")})
    document.retired_on, document.retired_reason = timezone.localdate(), reason.strip()
    document.full_clean()
    document.save(update_fields=["retired_on", "retired_reason"])
    _log("policies.retired", acting_user, document, note=document.retired_reason)
    return document


@transaction.atomic
def resume_document(*, acting_user: Actor, document: Document) -> Document:
    """Take a retirement back."""
    require(acting_user, MANAGE)
    document = _entered(document)
    if document.retired_on:
        document.retired_on, document.retired_reason = None, ""
        document.save(update_fields=["retired_on", "retired_reason"])
        _log("policies.resumed", acting_user, document)
    return document


@transaction.atomic
def link_points(
    *, acting_user: Actor, document: Document, added: Mapping[int, str], removed: Collection[int]
) -> tuple[int, int]:
    """Link points of an entered document to what is named, by name or by what it is called, and take links away. Returns
    how many of each. Raises ``ValidationError`` with the points, by their number, whose name is that of nothing; then
    nothing is saved."""
    require(acting_user, MANAGE)
    document = _entered(document)
    points = ClausePoint.objects.filter(clause__part__document=document, asks=True).in_bulk(list(added))
    names, problems = _names_meant({pk: text for pk, text in added.items() if pk in points})
    if problems:
        raise ValidationError({str(pk): text for pk, text in problems.items()})
    gone = list(
        PointAnswer.objects.filter(point__clause__part__document=document, pk__in=removed).select_related("point")
    )
    PointAnswer.objects.filter(pk__in=[one.pk for one in gone]).delete()
    held = set(PointAnswer.objects.filter(point__in=points).values_list("point_id", "name"))
    made = [PointAnswer(point=points[pk], name=name) for pk, name in names.items() if (pk, name) not in held]
    PointAnswer.objects.bulk_create(made)
    if gone or made:
        changes = {
            **{f"{quoted(one.point.text)}{one.name}": [one.name, ""] for one in gone},
            **{f"{quoted(one.point.text)}{one.name}": ["", one.name] for one in made},
        }
        _log("policies.linked", acting_user, document, changes=changes)
    return len(made), len(gone)


def _names_meant(typed: Mapping[int, str]) -> tuple[dict[int, str], dict[int, str]]:
    """(the name of what each text means, what is wrong with the others). A text is a name, what is called so with its sort,
    or without it, where only one thing is called so."""
    known = offers() if any(text.strip() for text in typed.values()) else []
    names = {offer.name for offer in known}
    by_label: dict[str, list[Offer]] = defaultdict(list)
    by_title: dict[str, list[Offer]] = defaultdict(list)
    for offer in known:
        by_label[fold(offer.label)].append(offer)
        by_title[fold(offer.title)].append(offer)
    meant, problems = {}, {}
    for pk, text in typed.items():
        text = text.strip()
        if not text:
            continue
        called = by_label.get(fold(text)) or by_title.get(fold(text), [])
        if text in names:
            meant[pk] = text
        elif len(called) == 1:
            meant[pk] = called[0].name
        elif called:
            problems[pk] = _("叫“%(text)s”的有几个：%(found)s。请填其中一个。") % {
                "text": text[:60],
                "found": "、".join(value for value, _beside in choices_of(called)),
            }
        else:
            problems[pk] = (
                _("平台里没有“%s”。请从输入时出现的列表中选，或填记录类型、数据项、名录、指标、合规规则的名称或编码。")
                % text[:60]
            )
    return meant, problems

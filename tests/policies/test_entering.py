"""What the province does with a document of its own: drafted, corrected, published, revised, linked, retired."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.refusals import NeedsConfirmation, Refused, Stale
from policies import actions
from policies.cutting import Paragraph
from policies.links import Offer, choices_of
from policies.loading import load_policies
from policies.models import (
    MOST_CLAUSES,
    MOST_PARAGRAPHS,
    Clause,
    ClausePoint,
    Document,
    Edition,
    EditionState,
    Measure,
    Part,
    PointAnswer,
)
from policies.points import ClauseState
from policies.queries import documents_with_counts, read_document
from tests.cast import Cast
from tests.policies.entered import TEXT, VALUES, drafted, published, word_file

FOLDER = Path(settings.BASE_DIR) / "data" / "policy"
pytestmark = pytest.mark.django_db


def changed(cast: Cast, edition: Edition, paragraphs: list[Paragraph], **more: Any) -> Edition:
    return actions.save_paragraphs(
        acting_user=cast.province, pk=edition.pk, version=edition.version, sent=paragraphs, **more
    )


def events(*names: str) -> list[str]:
    return list(Entry.objects.filter(event__in=names).order_by("pk").values_list("event", flat=True))


# --- drafting ---------------------------------------------------------------------------------------


def test_pasted_text_is_cut_and_kept_as_it_came(cast: Cast) -> None:
    edition = drafted(cast.province)
    levels = [one.level for one in actions.paragraphs_of(edition)]
    assert levels == [
        *["repeated", "repeated", "outside", "part", "text", "part"],
        *["measure", "text", "measure", "text", "outside"],
    ]
    assert (edition.text, edition.state, edition.document) == (TEXT, EditionState.DRAFT, None)
    assert [one.text for one in actions.decisions_of(edition)][1] == "开设职工大讲堂。"
    assert events("policies.drafted") == ["policies.drafted"]
    assert not Document.objects.filter(is_entered=True).exists(), "nobody reads a draft"


def test_a_word_file_is_read_and_kept(cast: Cast) -> None:
    upload = word_file("一、目标", "提高待遇。")
    edition, remarks = actions.create_draft(acting_user=cast.province, values=VALUES, upload=upload)
    assert [one.text for one in actions.paragraphs_of(edition)] == ["一、目标", "提高待遇。"]
    assert (edition.text, remarks) == ("一、目标\n提高待遇。", [])
    with edition.file.open() as kept:
        upload.seek(0)
        assert kept.read() == upload.read()


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (SimpleUploadedFile("意见.docx", b"no archive"), "的内容不是 docx，或已经损坏"),
        (SimpleUploadedFile("意见.docx", b""), "是空的"),
        (SimpleUploadedFile("意见.pdf", b"%PDF-1.7 text"), "不是 Word 文件（.docx）"),
        (SimpleUploadedFile("意见.doc", b"\xd0\xcf\x11\xe0 old"), "不能上传"),
    ],
)
def test_a_file_that_is_no_word_document_is_refused_at_its_field(
    cast: Cast, upload: SimpleUploadedFile, message: str
) -> None:
    with pytest.raises(Refused, match=message) as refused:
        actions.create_draft(acting_user=cast.province, values=VALUES, upload=upload)
    assert refused.value.field == "file"
    assert not Edition.objects.exists()


@pytest.mark.parametrize("text", ["", " \n\u3000\n"])
def test_a_draft_needs_a_text(cast: Cast, text: str) -> None:
    with pytest.raises(ValidationError, match="还没有正文"):
        drafted(cast.province, text)


@pytest.mark.parametrize("day", [datetime.date(1, 1, 1), datetime.date(9999, 12, 31)])
def test_a_day_on_which_nothing_was_issued_is_refused(cast: Cast, day: datetime.date) -> None:
    with pytest.raises(ValidationError, match="不合常理"):
        drafted(cast.province, issued_on=day)
    assert drafted(cast.province, issued_on=timezone.localdate()).pk


def test_more_than_a_page_can_hold_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match=f"分成 451 段，超过 {MOST_PARAGRAPHS} 段"):
        drafted(cast.province, "一、目标\n" + "办好培训。\n" * MOST_PARAGRAPHS)
    with pytest.raises(Refused, match=f"超过 {MOST_CLAUSES} 条"):
        drafted(cast.province, "一、目标\n" + "办。" * (MOST_CLAUSES + 1))
    with pytest.raises(ValidationError, match="全文有 200,001 个字"):
        drafted(cast.province, "长" * 200_001)


def test_what_is_said_of_a_draft_is_changed_with_an_entry(cast: Cast) -> None:
    edition = drafted(cast.province)
    values = {**VALUES, "title": "关于办好培训的实施意见"}
    saved = actions.describe_draft(acting_user=cast.province, pk=edition.pk, version=1, values=values)
    assert (saved.title, saved.version) == ("关于办好培训的实施意见", 2)
    assert Entry.objects.get(event="policies.described").changes == {"标题": [VALUES["title"], saved.title]}
    again = actions.describe_draft(acting_user=cast.province, pk=edition.pk, version=2, values=values)
    assert again.version == 2, "nothing changed"


# --- correcting -------------------------------------------------------------------------------------


def test_a_line_break_divides_a_paragraph_and_text_below_a_heading_is_text(cast: Cast) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。办好培训。")
    sent = [Paragraph("part", "一、目标\r\n总的说法。"), Paragraph("text", "提高待遇。\n\n办好培训。")]
    assert actions.paragraphs_of(changed(cast, edition, sent)) == [
        Paragraph("part", "一、目标"),
        Paragraph("text", "总的说法。"),
        Paragraph("text", "提高待遇。"),
        Paragraph("text", "办好培训。"),
    ]


def test_two_people_at_once_lose_nothing(cast: Cast) -> None:
    edition = drafted(cast.province)
    sent = actions.paragraphs_of(edition)
    changed(cast, edition, [Paragraph("part", "一、新目标"), *sent])
    for act, more in (
        (actions.save_paragraphs, {"sent": sent}),
        (actions.save_decisions, {"sent": []}),
        (actions.describe_draft, {"values": VALUES}),
        (actions.discard_draft, {}),
        (actions.publish_draft, {}),
    ):
        with pytest.raises(Stale) as stale:
            act(acting_user=cast.province, pk=edition.pk, version=1, **more)
        assert stale.value.version == 2
    edition.refresh_from_db()
    assert actions.paragraphs_of(edition)[0].text == "一、新目标"


def test_emptying_a_paragraph_is_asked_about(cast: Cast) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。\n办好培训。")
    sent = [*actions.paragraphs_of(edition)[:2], Paragraph("text", "  \n ")]
    with pytest.raises(NeedsConfirmation, match="第 3 段的文字清空了") as asked:
        changed(cast, edition, sent)
    saved = changed(cast, edition, sent, confirmed=asked.value.keys)
    assert len(actions.paragraphs_of(saved)) == 2
    with pytest.raises(Refused, match="所有段落都是空的"):
        changed(cast, saved, [Paragraph("text", "")])


def test_points_written_by_hand_are_not_lost_without_a_word(cast: Cast) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。\n办好培训。")
    sent = [(False, "总的说法"), (True, "办学校\n\n 办工厂 ")]
    edition = actions.save_decisions(acting_user=cast.province, pk=edition.pk, version=1, sent=sent)
    assert [(one.asks, one.lines) for one in actions.decisions_of(edition)] == [
        (False, ["总的说法"]),
        (True, ["办学校", "办工厂"]),
    ]
    kept, gone = actions.paragraphs_of(edition)[:2], Paragraph("text", "办好各类培训。")
    with pytest.raises(NeedsConfirmation, match="条款“办好培训。”改动后，您为它写好的要点不再保留") as asked:
        changed(cast, edition, [*kept, gone])
    saved = changed(cast, edition, [*kept, gone], confirmed=asked.value.keys)
    assert [one.points for one in actions.decisions_of(saved)] == ["总的说法", "办好各类培训"]


def test_points_that_do_not_fit_the_clauses_are_refused(cast: Cast) -> None:
    edition = drafted(cast.province)
    with pytest.raises(Refused, match="对不上"):
        actions.save_decisions(acting_user=cast.province, pk=edition.pk, version=1, sent=[(True, "一")])


def test_a_deleted_draft_comes_back_as_it_was(cast: Cast) -> None:
    edition = drafted(cast.province)
    before = actions.paragraphs_of(edition)
    actions.discard_draft(acting_user=cast.province, pk=edition.pk, version=1)
    with pytest.raises(Refused, match="已不是草稿（已删除的草稿）"):
        changed(cast, edition, before)
    restored = actions.restore_draft(acting_user=cast.province, pk=edition.pk)
    assert (restored.state, actions.paragraphs_of(restored)) == (EditionState.DRAFT, before)
    assert events("policies.discarded", "policies.restored") == ["policies.discarded", "policies.restored"]


# --- publishing -------------------------------------------------------------------------------------


def test_a_published_document_stands_beside_the_others(cast: Cast) -> None:
    load_policies(FOLDER)
    document = published(cast.province)
    assert [one.pk for one in documents_with_counts()] == ["2022", "2025", document.pk]
    reading = read_document(document.pk)
    assert reading is not None
    assert (reading.opening, reading.closing) == (["各市："], ["某办公室"])
    assert [str(part.part) for part in reading.parts] == ["一、目标", "二、措施"]
    assert [str(one.measure) for one in reading.parts[1].measures] == ["（一）办好培训", "（二）保障待遇"]
    assert reading.states == [(ClauseState.TO_BUILD, 4)]
    codes = set(Clause.objects.filter(part__document=document).values_list("pk", flat=True))
    assert codes == {f"{document.pk}-{code}" for code in ("1-c1", "m1-c1", "m1-c2", "m2-c1")}
    assert events("policies.published") == ["policies.published"]


def test_a_clause_of_nothing_is_general_and_says_why(cast: Cast) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。")
    sent = [(False, "总的说法")]
    edition = actions.save_decisions(acting_user=cast.province, pk=edition.pk, version=1, sent=sent)
    document = actions.publish_draft(acting_user=cast.province, pk=edition.pk, version=edition.version)
    [clause] = read_document(document.pk).parts[0].clauses  # type: ignore[union-attr]
    assert (clause.coverage.state, clause.coverage.why_general) == (ClauseState.GENERAL, "总的说法")


def test_what_stands_in_the_way_is_said_at_once(cast: Cast) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。\n（一）空的\n（二）有的\n办好。")
    sent = [(True, ""), (False, "")]
    edition = actions.save_decisions(acting_user=cast.province, pk=edition.pk, version=1, sent=sent)
    with pytest.raises(ValidationError) as refused:
        actions.publish_draft(acting_user=cast.province, pk=edition.pk, version=edition.version)
    assert len(refused.value.messages) == 3
    edition.refresh_from_db()
    assert (edition.state, Document.objects.count()) == (EditionState.DRAFT, 0)


def test_loading_leaves_an_entered_document_alone(cast: Cast) -> None:
    load_policies(FOLDER)
    document = published(cast.province)
    counts = [model.objects.count() for model in (Document, Part, Measure, Clause, ClausePoint)]
    loaded = load_policies(FOLDER)
    assert (loaded.touched, loaded.kept) == (0, 0)
    assert [model.objects.count() for model in (Document, Part, Measure, Clause, ClausePoint)] == counts
    assert read_document(document.pk).opening == ["各市："]  # type: ignore[union-attr]


def linked(cast: Cast, document: Document, name: str = "ideology.lecture") -> ClausePoint:
    point = ClausePoint.objects.get(clause__part__document=document, text="开设职工大讲堂")
    actions.link_points(acting_user=cast.province, document=document, added={point.pk: name}, removed=[])
    return point


def test_a_revision_takes_the_place_of_the_version_in_force_when_it_is_published(cast: Cast) -> None:
    document = published(cast.province)
    point = linked(cast, document)
    edition = actions.revise_document(acting_user=cast.province, document=document)
    assert actions.revise_document(acting_user=cast.province, document=document) == edition, "one draft a document"
    sent = [*actions.paragraphs_of(edition)[:-1], Paragraph("measure", "（三）新增"), Paragraph("text", "再办一件。")]
    edition = changed(cast, edition, sent)
    assert not Clause.objects.filter(text="再办一件。").exists(), "readers see the version in force"
    actions.publish_draft(acting_user=cast.province, pk=edition.pk, version=edition.version)
    assert Clause.objects.get(text="再办一件。").pk == f"{document.pk}-m3-c1"
    assert PointAnswer.objects.get().point == point, "what is the same keeps its links"
    states = Edition.objects.filter(document=document).order_by("pk").values_list("state", flat=True)
    assert list(states) == [EditionState.FORMER, EditionState.PUBLISHED]


def test_links_are_not_lost_without_a_word(cast: Cast) -> None:
    document = published(cast.province)
    linked(cast, document)
    edition = actions.revise_document(acting_user=cast.province, document=document)
    sent = [Paragraph(one.level, one.text.replace("开设职工大讲堂。", "")) for one in actions.paragraphs_of(edition)]
    edition = changed(cast, edition, sent)
    with pytest.raises(NeedsConfirmation, match="要点“开设职工大讲堂”已关联到平台的内容") as asked:
        actions.publish_draft(acting_user=cast.province, pk=edition.pk, version=edition.version)
    assert PointAnswer.objects.count() == 1
    actions.publish_draft(acting_user=cast.province, pk=edition.pk, version=edition.version, confirmed=asked.value.keys)
    assert not PointAnswer.objects.exists()
    assert not Clause.objects.filter(text="开设职工大讲堂。").exists()


def test_a_deleted_revision_does_not_come_back_beside_another(cast: Cast) -> None:
    document = published(cast.province)
    first = actions.revise_document(acting_user=cast.province, document=document)
    actions.discard_draft(acting_user=cast.province, pk=first.pk, version=first.version)
    actions.revise_document(acting_user=cast.province, document=document)
    with pytest.raises(Refused, match="已经另有一份修订草稿"):
        actions.restore_draft(acting_user=cast.province, pk=first.pk)


# --- links and retirement ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "ideology.lecture",
        "职工大讲堂（记录类型）",
        "职工大讲堂",
        " 职工大讲堂 (记录类型)",
        "register:enterprises.bases",
        "fact:D16.bases",
    ],
)
def test_a_point_is_linked_by_code_or_by_what_it_is_called(cast: Cast, text: str) -> None:
    document = published(cast.province)
    point = linked(cast, document, text)
    clause = next(
        one
        for part in read_document(document.pk).parts
        for measure in part.measures
        for one in measure.clauses  # type: ignore[union-attr]
        if one.clause.pk == point.clause_id
    )
    assert clause.coverage.state == ClauseState.CARRIED
    assert Entry.objects.filter(event="policies.linked").count() == 1
    [answer] = point.named_answers.all()
    assert actions.link_points(acting_user=cast.province, document=document, added={}, removed=[answer.pk]) == (0, 1)
    assert not point.named_answers.exists()


def test_what_several_things_are_called_is_answered_by_their_sorts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = [Offer("a.one", "培训人次", "记录类型"), Offer("fact:A1", "培训人次", "数据项")]
    offered += [Offer("fact:B1", "培训时长", "数据项"), Offer("fact:B2", "培训时长", "数据项")]
    monkeypatch.setattr(actions, "offers", lambda: offered)
    document = published(cast.province)
    with pytest.raises(ValidationError, match="有几个：培训人次（记录类型）、培训人次（数据项）。请填其中一个"):
        linked(cast, document, "培训 人次")
    with pytest.raises(ValidationError, match="有几个：fact:B1、fact:B2。"):
        linked(cast, document, "培训时长（数据项）")
    assert linked(cast, document, "培训人次(数据项)").named_answers.get().name == "fact:A1"
    assert choices_of(offered)[1:3] == [("培训人次（数据项）", ""), ("fact:B1", "培训时长（数据项）")]


def test_a_name_of_nothing_is_said_at_its_point_and_nothing_is_saved(cast: Cast) -> None:
    document = published(cast.province)
    first, second = ClausePoint.objects.filter(clause__part__document=document)[:2]
    added = {first.pk: "ideology.lecture", second.pk: "没有的"}
    with pytest.raises(ValidationError) as refused:
        actions.link_points(acting_user=cast.province, document=document, added=added, removed=[])
    assert list(refused.value.message_dict) == [str(second.pk)]
    assert not PointAnswer.objects.exists()


def test_links_of_one_document_are_out_of_reach_of_another(cast: Cast) -> None:
    first, second = published(cast.province), published(cast.province, title="另一个意见")
    point = linked(cast, first)
    removed = [point.named_answers.get().pk]
    asked = {"document": second, "added": {point.pk: "ideology.microwork"}, "removed": removed}
    assert actions.link_points(acting_user=cast.province, **asked) == (0, 0)
    assert [one.name for one in point.named_answers.all()] == ["ideology.lecture"]


def test_a_document_is_retired_with_a_reason_and_taken_up_again(cast: Cast) -> None:
    document = published(cast.province)
    with pytest.raises(ValidationError, match="请写明停用的原因"):
        actions.retire_document(acting_user=cast.province, document=document, reason="。")
    retired = actions.retire_document(acting_user=cast.province, document=document, reason="已由新文件代替")
    assert retired.retired_on == timezone.localdate()
    assert read_document(document.pk) is not None, "its text stays"
    resumed = actions.resume_document(acting_user=cast.province, document=document)
    assert (resumed.retired_on, resumed.retired_reason) == (None, "")
    assert events("policies.retired", "policies.resumed") == ["policies.retired", "policies.resumed"]


def test_a_shipped_document_is_neither_revised_nor_retired(cast: Cast) -> None:
    load_policies(FOLDER)
    shipped = Document.objects.get(pk="2022")
    for act, more in (
        (actions.revise_document, {}),
        (actions.retire_document, {"reason": "已由新文件代替"}),
        (actions.link_points, {"added": {}, "removed": []}),
    ):
        with pytest.raises(Refused, match="随平台提供，不在这里修改"):
            act(acting_user=cast.province, document=shipped, **more)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk="2022").update(retired_on=timezone.localdate(), retired_reason="代替")


@pytest.mark.parametrize("who", ["clerk", "county", "city", "auditor", "admin"])
def test_nobody_but_the_province_changes_anything(cast: Cast, who: str) -> None:
    document = published(cast.province)
    edition = actions.revise_document(acting_user=cast.province, document=document)
    person = cast.people[who]
    of_draft = {"pk": edition.pk, "version": edition.version}
    for act, more in (
        (actions.create_draft, {"values": VALUES, "text": TEXT}),
        (actions.describe_draft, {**of_draft, "values": VALUES}),
        (actions.save_paragraphs, {**of_draft, "sent": []}),
        (actions.save_decisions, {**of_draft, "sent": []}),
        (actions.discard_draft, of_draft),
        (actions.restore_draft, {"pk": edition.pk}),
        (actions.publish_draft, of_draft),
        (actions.revise_document, {"document": document}),
        (actions.retire_document, {"document": document, "reason": "代替"}),
        (actions.resume_document, {"document": document}),
        (actions.link_points, {"document": document, "added": {}, "removed": []}),
    ):
        with pytest.raises(AccessDenied):
            act(acting_user=person, **more)


def test_reading_costs_the_same_however_many_links_there_are(cast: Cast, django_assert_num_queries) -> None:
    document = published(cast.province)
    points = list(ClausePoint.objects.filter(clause__part__document=document))
    for count in (1, 3):
        added = {point.pk: "ideology.lecture" for point in points[:count]}
        actions.link_points(acting_user=cast.province, document=document, added=added, removed=[])
        with django_assert_num_queries(6):
            read_document(document.pk)

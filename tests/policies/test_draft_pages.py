"""The pages on which a document is entered: what is typed is kept, what is wrong is named, and nobody else gets there."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from foundation.accounts.models import User
from policies import actions
from policies.cutting import Paragraph
from policies.forms import mark_of
from policies.loading import load_policies
from policies.models import ClausePoint, Document, Edition, EditionState
from tests.cast import Cast
from tests.policies.entered import TEXT, VALUES, drafted, published, word_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(cast: Cast, sign_in) -> Client:
    return sign_in(cast.province)


def page(browser: Client, name: str, *args: object) -> str:
    response = browser.get(reverse(f"policies:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def rows_of(edition: Edition) -> dict[str, object]:
    """What the page of paragraphs sends unchanged."""
    sent: dict[str, object] = {"version": edition.version}
    for number, one in enumerate(actions.paragraphs_of(edition)):
        sent |= {f"level-{number}": one.level, f"text-{number}": one.text}
    return sent


def saved(edition: Edition) -> Edition:
    return Edition.objects.get(pk=edition.pk)


def test_from_pasted_text_to_a_page_everybody_reads(cast: Cast, province: Client, sign_in) -> None:
    response = province.post(reverse("policies:draft_create"), {**VALUES, "text": TEXT})
    edition = Edition.objects.get()
    assert response.url == edition.get_absolute_url()
    assert "二、措施" in page(province, "draft", edition.pk)
    response = province.post(edition.get_absolute_url(), {**rows_of(edition), "do": "next"})
    assert response.url == reverse("policies:draft_points", args=[edition.pk])
    assert "开设职工大讲堂。" in page(province, "draft_points", edition.pk)
    preview = page(province, "draft_publish", edition.pk)
    assert "待建" in preview and "（二）保障待遇" in preview
    response = province.post(reverse("policies:draft_publish", args=[edition.pk]), {"version": edition.version})
    document = Document.objects.get(is_entered=True)
    assert response.url == document.get_absolute_url()
    clerk = sign_in(cast.clerk)
    assert "关于办好培训的意见" in page(clerk, "list")
    html = page(clerk, "document", document.pk)
    assert "按时足额发薪。" in html and "各市：" in html and "待建 4" in html
    assert "修订" not in html and "停用这个文件" not in html


def test_from_a_word_file(province: Client) -> None:
    sent = {**VALUES, "file": word_file("一、目标", "提高待遇。")}
    response = province.post(reverse("policies:draft_create"), sent)
    edition = Edition.objects.get()
    assert response.url == edition.get_absolute_url()
    kept = province.get(reverse("policies:draft_file", args=[edition.pk]))
    assert b"".join(kept.streaming_content)[:2] == b"PK"
    assert "attachment" in kept["Content-Disposition"]


def test_remarks_on_a_word_file_are_shown(province: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from docx import Document as WordDocument

    from tests.policies import entered

    document = WordDocument()
    document.add_paragraph("一、分工")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "办学校。"
    monkeypatch.setattr(entered, "WordDocument", lambda: document)
    sent = {**VALUES, "file": entered.word_file("提高待遇。")}
    response = province.post(reverse("policies:draft_create"), sent, follow=True)
    assert "文件里有 1 个表格，每一行读成一段" in response.content.decode()


def test_what_is_wrong_is_named_at_its_field_and_what_was_typed_is_kept(province: Client) -> None:
    response = province.post(reverse("policies:draft_create"), {**VALUES, "title": "", "text": TEXT})
    html = response.content.decode()
    assert 'id="id_title_error"' in html and "开设职工大讲堂" in html and VALUES["number"] in html
    both = {**VALUES, "text": TEXT, "file": word_file("一、目标")}
    html = province.post(reverse("policies:draft_create"), both).content.decode()
    assert "正文和文件只用一种" in html and "请重新选择一次" in html
    empty = {**VALUES, "file": SimpleUploadedFile("意见.docx", b"")}
    assert "文件“意见.docx”是空的" in province.post(reverse("policies:draft_create"), empty).content.decode()
    html = province.post(reverse("policies:draft_create"), {**VALUES, "text": ""}).content.decode()
    assert html.count("还没有正文。请粘贴全文") == 2, "in the summary and at its field"
    assert not Edition.objects.exists()


def test_merging_needs_no_script(cast: Cast, province: Client) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。\n办好培训。")
    response = province.post(edition.get_absolute_url(), {**rows_of(edition), "merge": "2"})
    assert response.url == f"{edition.get_absolute_url()}#row-2"
    assert actions.paragraphs_of(edition)[1:] == [Paragraph("text", "提高待遇。办好培训。")]


@pytest.mark.parametrize("merge", ["0", "99", "²", "x"])
def test_a_paragraph_with_none_before_it_is_not_merged(cast: Cast, province: Client, merge: str) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。")
    assert province.post(edition.get_absolute_url(), {**rows_of(edition), "merge": merge}).status_code == 302
    assert len(actions.paragraphs_of(edition)) == 2


def test_levels_that_are_none_are_named_and_the_rest_is_kept(cast: Cast, province: Client) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。")
    sent = {**rows_of(edition), "level-0": "x", "text-1": "刚改的字。"}
    html = province.post(edition.get_absolute_url(), sent).content.decode()
    assert "第 1 段的层级没有选好" in html and "刚改的字。" in html
    assert saved(edition).version == 1


def test_a_colleague_s_change_is_shown_beside_one_s_own(cast: Cast, province: Client) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。")
    sent = {**rows_of(edition), "text-1": "我改的。"}
    others = [Paragraph("part", "一、目标"), Paragraph("text", "同事改的。")]
    actions.save_paragraphs(acting_user=cast.province, pk=edition.pk, version=1, sent=others)
    html = province.post(edition.get_absolute_url(), sent).content.decode()
    assert "已被别人修改" in html and "我改的。" in html and "<li>同事改的。</li>" in html
    assert 'name="version" value="2"' in html
    assert province.post(edition.get_absolute_url(), {**sent, "version": 2}).status_code == 302
    assert actions.paragraphs_of(edition)[1].text == "我改的。"


def test_a_loss_is_confirmed_by_ticking_it(cast: Cast, province: Client) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。\n办好培训。")
    sent = {**rows_of(edition), "text-2": ""}
    response = province.post(edition.get_absolute_url(), sent)
    assert "第 3 段的文字清空了" in response.content.decode()
    [question] = response.context["questions"]
    assert province.post(edition.get_absolute_url(), {**sent, "confirmed": question.key}).status_code == 302
    assert len(actions.paragraphs_of(edition)) == 2


def test_points_are_kept_on_error_too(cast: Cast, province: Client) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。")
    address = reverse("policies:draft_points", args=[edition.pk])
    mark = {"clauses": mark_of("提高待遇。")}
    html = province.post(address, {**mark, "version": 1, "asks-0": "x", "points-0": "刚写的"}).content.decode()
    assert "第 1 条没有选好是否要做事" in html and "刚写的" in html
    actions.describe_draft(acting_user=cast.province, pk=edition.pk, version=1, values={**VALUES, "title": "新题"})
    html = province.post(address, {**mark, "version": 1, "asks-0": "general", "points-0": "刚写的"}).content.decode()
    assert "已被别人修改" in html and "刚写的" in html and 'value="2"' in html
    response = province.post(address, {"version": 2, "asks-0": "general", "points-0": "刚写的", "do": "next"})
    assert response.url == reverse("policies:draft_publish", args=[edition.pk])
    assert [(one.asks, one.points) for one in actions.decisions_of(edition)] == [(False, "刚写的")]


def test_points_find_their_clause_again_where_a_colleague_changed_the_paragraphs(cast: Cast, province: Client) -> None:
    edition = drafted(cast.province, "一、目标\n提高待遇。\n办好培训。")
    address = reverse("policies:draft_points", args=[edition.pk])
    marks = ",".join(mark_of(text) for text in ("提高待遇。", "办好培训。"))
    others = [Paragraph("part", "一、目标"), Paragraph("text", "新加一句。办好培训。")]
    actions.save_paragraphs(acting_user=cast.province, pk=edition.pk, version=1, sent=others)
    sent = {"asks-0": "asks", "points-0": "我写待遇", "asks-1": "asks", "points-1": "我写培训"}
    response = province.post(address, {**sent, "clauses": marks, "version": 1})
    assert response.context["rows"] == [("新加一句。", True, "新加一句"), ("办好培训。", True, "我写培训")]
    assert response.context["left"] == ["我写待遇"]
    assert "它们的条款已被改动或去掉" in response.content.decode()


def test_a_numbering_that_cannot_be_told_is_said_on_the_page_of_paragraphs(province: Client) -> None:
    text = "一、目标\n提高待遇。\n第一条 为了管理。\n二、措施\n办好。"
    response = province.post(reverse("policies:draft_create"), {**VALUES, "text": text}, follow=True)
    assert response.redirect_chain[-1][0] == Edition.objects.get().get_absolute_url()
    assert "全文有两种不相配的编号" in response.content.decode()


def test_a_heading_with_nothing_below_it_is_asked_about(cast: Cast, province: Client) -> None:
    edition = drafted(
        cast.province, "一、目标\n提高待遇。\n十一、附则\n十二、措施\n（一）空节\n（二）有的\n1、学校\n办好。"
    )
    address = reverse("policies:draft_publish", args=[edition.pk])
    questions = province.get(address).context["questions"]
    assert [one.finding[:8] for one in questions] == ["标题“十一、附则", "标题“（一）空节"]
    html = province.post(address, {"version": 1}).content.decode()
    assert "还没有发布：请先在下面逐项确认" in html and saved(edition).is_draft
    province.post(address, {"version": 1, "confirmed": [one.key for one in questions]})
    assert saved(edition).state == EditionState.PUBLISHED


def test_what_stands_in_the_way_leads_to_its_place(cast: Cast, province: Client) -> None:
    edition = drafted(cast.province, "一、目标\n（一）空的\n（二）有的\n办好。")
    actions.save_decisions(acting_user=cast.province, pk=edition.pk, version=1, sent=[(True, "")])
    html = page(province, "draft_publish", edition.pk)
    assert "还有 2 处要改" in html
    assert f'href="{edition.get_absolute_url()}#row-1"' in html
    assert f'href="{reverse("policies:draft_points", args=[edition.pk])}#row-0"' in html
    response = province.post(reverse("policies:draft_publish", args=[edition.pk]), {"version": 2}, follow=True)
    assert saved(edition).state == EditionState.DRAFT
    assert "下面没有正文" in response.content.decode()


def test_publishing_with_an_old_page_is_told(cast: Cast, province: Client) -> None:
    edition = drafted(cast.province)
    html = province.post(reverse("policies:draft_publish", args=[edition.pk]), {"version": "²"}).content.decode()
    assert "已被别人修改" in html
    assert saved(edition).is_draft


def test_a_deleted_draft_is_had_back_from_the_list(cast: Cast, province: Client) -> None:
    edition = drafted(cast.province)
    response = province.post(reverse("policies:draft_discard", args=[edition.pk]), {"version": 1}, follow=True)
    assert "已删除的草稿（1 份）" in response.content.decode()
    response = province.get(edition.get_absolute_url(), follow=True)
    assert response.redirect_chain[0][0] == reverse("policies:list")
    assert "草稿“关于办好培训的意见”已删除" in response.content.decode()
    response = province.post(reverse("policies:draft_restore", args=[edition.pk]))
    assert response.url == edition.get_absolute_url()
    assert "已删除的草稿" not in page(province, "list")


@pytest.mark.parametrize("state", [EditionState.PUBLISHED, EditionState.FORMER])
@pytest.mark.parametrize("name", ["draft", "draft_describe", "draft_points", "draft_publish"])
def test_the_way_back_after_publishing_leads_to_the_document(
    cast: Cast, province: Client, sign_in, name: str, state: EditionState
) -> None:
    document = published(cast.province)
    edition = Edition.objects.get()
    Edition.objects.update(state=state)
    address = reverse(f"policies:{name}", args=[edition.pk])
    response = province.get(address, follow=True)
    assert response.redirect_chain == [(document.get_absolute_url(), 302)]
    assert "这份草稿已经发布" in response.content.decode()
    response = province.post(address, {"version": edition.version}, follow=True)
    assert response.redirect_chain == [(document.get_absolute_url(), 302)]
    assert "没有保存" in response.content.decode()
    assert saved(edition).version == edition.version
    assert sign_in(cast.clerk).get(address).status_code == 404


def test_the_list_beside_a_point_offers_what_can_be_typed(cast: Cast, province: Client) -> None:
    document = published(cast.province)
    html = page(province, "links", document.pk)
    assert '<option value="职工大讲堂（记录类型）">' in html
    point = ClausePoint.objects.get(clause__part__document=document, text="开设职工大讲堂")
    province.post(reverse("policies:links", args=[document.pk]), {f"add-{point.pk}": "职工大讲堂"})
    assert point.named_answers.get().name == "ideology.lecture"


def test_links_are_made_taken_away_and_explained(cast: Cast, province: Client) -> None:
    document = published(cast.province)
    point = ClausePoint.objects.get(clause__part__document=document, text="开设职工大讲堂")
    address = reverse("policies:links", args=[document.pk])
    html = province.post(address, {f"add-{point.pk}": "没有的东西"}).content.decode()
    assert "有 1 处没有认出来" in html and 'value="没有的东西"' in html
    province.post(address, {f"add-{point.pk}": "职工大讲堂（记录类型）"})
    html = page(province, "document", document.pk)
    assert "已承载 1/1" in html and "/records/?kind=ideology.lecture" in html
    answer = point.named_answers.get()
    province.post(address, {"remove": [answer.pk, "²", "9" * 30]})
    assert not point.named_answers.exists()


def test_an_answer_that_is_gone_from_the_portal_is_said(cast: Cast, province: Client) -> None:
    document = published(cast.province)
    point = ClausePoint.objects.filter(clause__part__document=document).first()
    assert point is not None
    point.named_answers.create(name="ideology.gone")
    assert "ideology.gone（平台里已没有）" in page(province, "links", document.pk)
    assert "待建：ideology.gone" in page(province, "document", document.pk)


def test_a_former_version_is_read_as_it_was(cast: Cast, province: Client) -> None:
    document = published(cast.province, "一、目标\n提高待遇。")
    assert "各版本" not in page(province, "document", document.pk)
    edition = actions.revise_document(acting_user=cast.province, document=document)
    sent = [Paragraph("part", "一、目标"), Paragraph("text", "提高工资。")]
    edition = actions.save_paragraphs(acting_user=cast.province, pk=edition.pk, version=edition.version, sent=sent)
    assert province.get(reverse("policies:edition", args=[edition.pk])).status_code == 404, "a draft is no version"
    actions.publish_draft(acting_user=cast.province, pk=edition.pk, version=edition.version)
    former = Edition.objects.get(document=document, state=EditionState.FORMER)
    assert reverse("policies:edition", args=[former.pk]) in page(province, "document", document.pk)
    html = page(province, "edition", former.pk)
    assert "提高待遇。" in html and f'id="{document.pk}-1-c1"' in html
    assert "提高工资。" in page(province, "edition", edition.pk)


def test_a_retired_document_says_so(cast: Cast, province: Client, sign_in) -> None:
    document = published(cast.province)
    province.post(reverse("policies:retire", args=[document.pk]), {"reason": ""})
    assert Document.objects.get(pk=document.pk).retired_on is None
    province.post(reverse("policies:retire", args=[document.pk]), {"reason": "已由新文件代替"})
    clerk = sign_in(cast.clerk)
    assert "已由新文件代替" in page(clerk, "document", document.pk)
    assert "已停用" in page(clerk, "list")
    province.post(reverse("policies:resume", args=[document.pk]))
    assert "已停用" not in page(clerk, "list")


@pytest.mark.parametrize("who", ["clerk", "county", "city", "auditor", "admin"])
def test_others_see_neither_drafts_nor_buttons(cast: Cast, sign_in, who: str) -> None:
    edition, document = drafted(cast.province), published(cast.province, title="另一个意见")
    browser = sign_in(cast.people[who])
    for name in ("draft", "draft_describe", "draft_points", "draft_publish", "draft_file"):
        assert browser.get(reverse(f"policies:{name}", args=[edition.pk])).status_code == 404
    assert browser.get(reverse("policies:edition", args=[document.editions.get().pk])).status_code == 404
    for name in ("draft_discard", "draft_restore"):
        assert browser.post(reverse(f"policies:{name}", args=[edition.pk])).status_code == 404
    assert browser.get(reverse("policies:draft_create")).status_code == 403
    for name in ("revise", "retire", "resume", "links"):
        assert browser.post(reverse(f"policies:{name}", args=[document.pk])).status_code == 403
    html = page(browser, "list")
    assert "录入文件" not in html and "关于办好培训的意见" not in html


def test_a_shipped_document_has_no_such_pages(cast: Cast, province: Client) -> None:
    load_policies(settings.BASE_DIR / "data" / "policy")
    for name in ("revise", "retire", "resume", "links"):
        assert province.post(reverse(f"policies:{name}", args=["2022"])).status_code == 404
    assert "修订" not in page(province, "document", "2022").split("<article")[0].split("page-actions")[1][:300]


def _queries(browser: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_the_pages_ask_the_same_however_much_they_hold(cast: Cast, province: Client) -> None:
    def queries(person: User, lines: int, drafts: int) -> list[int]:
        body = "".join(f"（一）第{number}件\n办好第{number}件。\n" for number in range(lines))
        edition = drafted(person, f"一、目标\n{body}", title=f"意见{lines}")
        for number in range(drafts - 1):
            drafted(person, title=f"另一份{number}")
        document = published(person, f"一、目标\n{body}", title=f"已发布{lines}")
        for point in ClausePoint.objects.filter(clause__part__document=document):
            point.named_answers.create(name="ideology.lecture")
        names = ("draft", "draft_points", "draft_publish")
        addresses = [reverse(f"policies:{name}", args=[edition.pk]) for name in names]
        addresses += [reverse("policies:links", args=[document.pk]), document.get_absolute_url()]
        return [_queries(province, address) for address in [*addresses, reverse("policies:list")]]

    queries(cast.province, 1, 1)  # what is asked once and kept
    assert queries(cast.province, 1, 1) == queries(cast.province, 3, 3)

"""Every character that is printed has a glyph; what has none is named before, and is never an empty box."""

import hashlib
import io
import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation
from reporting.actions import edit_commentary, issue_report, request_report
from reporting.bundles.contents import read_contents
from reporting.bundles.index import index_html
from reporting.checklist import before_issuing, texts_of
from reporting.models import Report
from reporting.rendering.content import Edition
from reporting.rendering.fonts import FONT_DIR, font_files
from reporting.rendering.formats import render_formats
from reporting.rendering.glyphs import described, has_glyph, missing_glyphs, printable
from reporting.rendering.pdf import html_to_pdf
from tests.contracts.world import filed
from tests.reporting import samples
from tests.reporting.made import built

UNITS = "㎡㈱㎏㏄㎝㎜㎞㎎㏑㏕㎥℡№✓①⑳㈠Ⅷ〒℃★→ḿÀ"
RARE = "䶮㛃𠮷𬍛𫍽𰻝鿍𫚭﨑⺮"


@pytest.mark.parametrize("character", UNITS + RARE)
def test_units_signs_and_rare_characters_have_a_glyph(character) -> None:
    assert has_glyph(character)


def test_what_has_none_is_named_with_code_point_and_place() -> None:
    missing = missing_glyphs([("记录 1", "喜庆🙂🙂"), ("记录 2", "🙂བོད"), ("记录 3", "\u200b平常 \u3000，\ue863")])
    assert [one.code_point for one in missing] == ["U+1F642", "U+0F56", "U+0F7C", "U+0F51"]
    assert str(missing[0]) == "“🙂”（U+1F642，在记录 1、记录 2）"
    many = missing_glyphs([("文中", "".join(map(chr, range(0x1F600, 0x1F620))))])
    assert described(many).endswith("等 32 个字符")


def test_it_is_printed_as_its_code_point_and_no_box_stands_for_any() -> None:
    assert printable("王\ue863🙂") == "王䶮〔U+1F642〕"
    pdf = html_to_pdf(f"<p>{UNITS}{RARE}王\ue863🙂བ</p>")
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    text = "".join(page.extract_text().split())
    assert "王䶮〔U+1F642〕〔U+0F56〕" in text and "㎡" in text and "𰻝" in text
    fonts = {str(font.get_object()["/BaseFont"]).split("+")[-1] for font in page["/Resources"]["/Font"].values()}
    assert all(font.startswith(("Fandol", "Portal", "Noto")) for font in fonts), fonts


def test_every_font_is_the_locked_one_with_its_licence() -> None:
    locked = {entry["file"]: entry for entry in json.loads((FONT_DIR / "lock.json").read_text(encoding="utf-8"))}
    assert set(locked) == {path.name for path in font_files().values()}
    readme = (FONT_DIR / "README.md").read_text(encoding="utf-8")
    for name, entry in locked.items():
        assert hashlib.sha256(Path(FONT_DIR / name).read_bytes()).hexdigest() == entry["sha256"], name
        assert (FONT_DIR / entry["licence_file"]).exists() and name in readme


class _Draft:
    """A report as the checklist reads it."""

    def __init__(self, snapshot, **commentary) -> None:
        self.snapshot, self.commentary, self.red_head = snapshot, commentary, ""

    def frozen(self):
        return self.snapshot


def test_the_texts_of_a_report_are_looked_through_with_their_places() -> None:
    snapshot = samples.provincial()
    snapshot["units"][0]["name"] = "示例🙂市"
    found = missing_glyphs(texts_of(_Draft(snapshot, plans="一是👍。")))
    assert [str(one) for one in found] == [
        "“🙂”（U+1F642，在单位“示例🙂市”的名称）",
        "“👍”（U+1F44D，在编制单位意见“下一步打算”）",
    ]
    assert render_formats(snapshot, Edition()).pdf, "the draft is shown all the same"


@pytest.mark.django_db
def test_a_report_is_not_issued_before_it_was_answered(cast, sign_in) -> None:
    report = built(request_report(acting_user=cast.city, region=cast.places["3201"], quarter=Quarter.current()))
    assert not any(question.code == "glyphs" for question in before_issuing(report))
    built(edit_commentary(report, acting_user=cast.city, version=report.version, plans="一是👍。"))
    [asked] = [question for question in before_issuing(report) if question.code == "glyphs"]
    assert "U+1F44D" in asked.message and "下一步打算" in asked.message
    assert "U+1F44D" in sign_in(cast.city).get(reverse("reporting:report", args=[report.pk])).content.decode()
    others = [question.key for question in before_issuing(report) if question.code != "glyphs"]
    with pytest.raises(NeedsConfirmation):
        issue(report, cast, others)
    assert not report.is_draft or issue(report, cast, [*others, asked.key]).number


def issue(report: Report, cast, confirmed: list[str], **more: str) -> Report:
    return issue_report(
        report,
        acting_user=cast.city,
        number="宁产改办〔2026〕3号",
        issued_on=timezone.localdate(),
        site_url="https://portal.example/",
        version=report.version,
        confirmed=confirmed,
        **more,
    )


@pytest.mark.django_db
def test_a_red_head_that_cannot_be_printed_is_refused(cast) -> None:
    report = built(request_report(acting_user=cast.city, region=cast.places["3201"], quarter=Quarter.current()))
    with pytest.raises(ValidationError) as refused:
        issue(report, cast, [], red_head="南京🙂产改办文件")
    assert "U+1F642" in refused.value.message_dict["red_head"][0]


@pytest.mark.django_db
def test_a_record_about_to_be_printed_names_what_has_no_glyph(cast, sign_in) -> None:
    clerk = sign_in(cast.clerk)
    plain = filed(cast.clerk, cast.enterprise, title="面积120㎡")
    odd = filed(cast.clerk, cast.enterprise, title="贺🙂")
    assert "没有字形的字符" not in clerk.get(reverse("records:print", args=[plain.pk])).content.decode()
    page = clerk.get(reverse("records:print", args=[odd.pk])).content.decode()
    assert "没有字形的字符" in page and "U+1F642，在标题" in page


@pytest.mark.django_db
def test_the_index_of_a_ledger_names_them_with_the_records(cast) -> None:
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title="贺🙂")
    contents = read_contents(cast.county, cast.enterprise, record.happened_on.year)
    html = index_html(contents, made_by=cast.county, made_at=timezone.localtime())
    assert f"U+1F642，在记录 {record.reference}" in html

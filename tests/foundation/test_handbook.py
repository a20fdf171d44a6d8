"""The handbook: whole, linked on disk as in the portal, found from every page of the menu, and fresh pictures for all of it."""

import ast
import re
import tomllib
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.urls import resolve, reverse

from foundation.access.models import Role
from foundation.handbook.chapters import (
    FOLDER,
    IMAGES,
    TERMS,
    anchor_of,
    chapters,
    contents,
    find_section,
    read_chapter,
)
from foundation.handbook.templatetags.handbook import term
from foundation.ui.navigation import _items
from tests.contracts.every_page import PAGES
from tests.contracts.registers import routes
from tests.contracts.test_every_page import OUTSIDE_THE_RULES

pytestmark = pytest.mark.django_db

MANIFEST = tomllib.loads((FOLDER / "pictures.toml").read_text(encoding="utf-8"))
SLUGS = contents()["chapters"]
_LINK = re.compile(r"(?<!!)\[[^]]*\]\(([^)\s]+)\)")
_IMAGE = re.compile(r"!\[([^]]+)\]\(([^)\s]+)\)")
_TERM = re.compile(r"""\{%\s*term ["']([^"']+)["']""")


def text_of(slug: str) -> str:
    return (FOLDER / f"{slug}.md").read_text(encoding="utf-8")


# --- the files --------------------------------------------------------------------------------------


def test_every_file_is_a_chapter_and_every_chapter_a_file():
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == sorted(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_is_whole(slug):
    chapter = chapters()[slug]
    assert chapter.title and chapter.lead.text and len(chapter.summary) < 120
    assert chapter.sections
    for section in (chapter.lead, *chapter.sections):
        assert "**" not in section.text and "](" not in section.text, f"{section.title}: markup that was not understood"
        assert section.level in {1, 2, 3}
        assert section.text or any(below.level > section.level for below in chapter.part(section.anchor)), section.title


@pytest.mark.parametrize("slug", SLUGS)
def test_links_lead_to_sections(slug):
    """On disk: the file and the anchor that a heading gets there, which is the portal's too."""
    wrong = []
    for target in _LINK.findall(text_of(slug)):
        name, _hash, anchor = target.partition("#")
        try:
            find_section(f"{name.removesuffix('.md') or slug}#{anchor}" if anchor else name.removesuffix(".md"))
        except LookupError as problem:
            wrong.append(str(problem))
    assert wrong == []


def test_links_work_in_the_portal(cast, sign_in):
    clerk = sign_in(cast.clerk)
    for slug in SLUGS:
        body = clerk.get(reverse("handbook:chapter", args=[slug])).content.decode()
        article = body[body.index("<article") : body.index("</article>")]
        ids = set(re.findall(r'id="([^"]+)"', article))
        for href in re.findall(r'<a href="([^"]+)"', article):
            parts = urlsplit(href)
            if parts.path:
                resolve(parts.path) if not parts.path.startswith(settings.STATIC_URL) else None
            elif parts.fragment:
                assert unquote(parts.fragment) in ids, f"{slug}: {href}"


def test_an_anchor_is_the_one_of_the_hosts_of_markdown():
    taken: set[str] = set()
    assert anchor_of("未填报、零报告和 0", taken) == "未填报零报告和-0"
    assert anchor_of("Excel", taken) == "excel" and anchor_of("Excel", taken) == "excel-1"


def test_html_in_a_file_stays_text(tmp_path, monkeypatch):
    (tmp_path / "bad.md").write_text(
        "# 题\n\n<script>alert(1)</script>\n\n## 节\n\n[x](javascript:alert(1))\n", encoding="utf-8"
    )
    monkeypatch.setattr("foundation.handbook.chapters.FOLDER", tmp_path)
    chapter = read_chapter("bad")
    assert "<script" not in chapter.lead.html and "href" not in chapter.sections[0].html


# --- pictures ---------------------------------------------------------------------------------------


def test_every_picture_exists_is_used_and_can_be_made_again():
    used = {target.removeprefix("images/") for slug in SLUGS for _alt, target in _IMAGE.findall(text_of(slug))}
    assert used == {f"{name}.png" for name in MANIFEST} == {path.name for path in IMAGES.iterdir()}
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) < 4 * 1024 * 1024


@pytest.mark.parametrize("name", MANIFEST)
def test_the_address_of_a_picture_exists(name):
    path = re.sub(r"\{\w+\}", "1", urlsplit(MANIFEST[name]["page"]).path)
    assert resolve(path)
    made_by = ast.parse((FOLDER / "make_pictures.py").read_text(encoding="utf-8"))
    known = {node.value for node in ast.walk(made_by) if isinstance(node, ast.Constant)}
    assert MANIFEST[name].get("do") in known | {None}


# --- help on the pages ------------------------------------------------------------------------------


def test_every_page_of_the_menu_has_help():
    missing = sorted(name for _section, name in _items if name not in contents()["pages"])
    assert missing == [], "name the section that helps there in docs/handbook/contents.toml"


def test_every_section_named_for_a_page_or_role_exists():
    for page, target in contents()["pages"].items():
        assert find_section(target)[0].anchor, page
        reversible = {case.route for case in PAGES} | set(OUTSIDE_THE_RULES) | routes()
        assert page in reversible, f"no page is named {page}"
    assert set(contents()["roles"]) == set(Role.values)
    assert {slug for slugs in contents()["roles"].values() for slug in slugs} <= set(SLUGS)


def test_a_page_opens_its_section_in_place_or_in_the_handbook(cast, sign_in):
    clerk = sign_in(cast.clerk)
    page = clerk.get("/records/").content.decode()
    assert 'hx-get="/help/clerk/?section=' in page and 'id="help-panel"' in page
    part = clerk.get("/help/clerk/", {"section": "季度确认"}, headers={"HX-Request": "true"}).content.decode()
    assert "零报告" in part and "<html" not in part and "年度台账" not in part
    assert clerk.get("/help/clerk/", {"section": "没有"}, headers={"HX-Request": "true"}).status_code == 404


def test_a_page_of_nothing_has_no_help(client, cast):
    assert b"help-panel" not in client.get("/verify/").content


# --- reading ----------------------------------------------------------------------------------------


def test_one_s_own_chapters_come_first(cast, sign_in):
    page = sign_in(cast.county).get("/help/")
    assert "county" in [chapter.slug for chapter in page.context["own"]]
    assert len(page.context["own"]) + len(page.context["others"]) == len(SLUGS)


def test_a_chapter_has_contents_and_neighbours(cast, sign_in):
    clerk = sign_in(cast.clerk)
    page = clerk.get("/help/clerk/")
    assert page.context["previous"].slug == "start" and page.context["following"].slug == "county"
    assert "本章目录" in page.content.decode()
    assert clerk.get("/help/none/").status_code == 404


def test_the_whole_handbook_prints_on_one_page(cast, sign_in):
    body = sign_in(cast.clerk).get("/help/print/").content.decode()
    for chapter in chapters().values():
        assert f"<h1>{chapter.title}</h1>" in body


def test_its_sections_are_found(cast, sign_in):
    groups = sign_in(cast.clerk).get("/search/", {"q": "零报告", "in": "handbook"}).context["groups"]
    assert groups[0].hits[0].title in {"零报告", "未填报、零报告和 0"}
    assert {hit.url for hit in groups[0].hits} >= {chapters()["terms"].part("零报告")[0].url}


# --- terms ------------------------------------------------------------------------------------------


def test_a_term_says_what_the_handbook_says():
    context = term("零报告")
    assert context["section"].text.startswith("企业确认")
    with pytest.raises(LookupError):
        term("没有的词")


def test_every_term_in_a_template_is_in_the_handbook():
    root = settings.BASE_DIR
    used = {
        name for path in root.glob("*/templates/**/*.html") for name in _TERM.findall(path.read_text(encoding="utf-8"))
    }
    used |= {
        name
        for path in root.glob("foundation/*/templates/**/*.html")
        for name in _TERM.findall(path.read_text("utf-8"))
    }
    for name in used:
        assert find_section(f"{TERMS}#{name}")[0].text

"""The chapters of ``docs/handbook``, read once: cut into sections at their headings and rendered with our links.

``contents.toml`` beside them says their order, whose they are, and which section helps on which page. The files are plain
CommonMark with tables, so that they read as well on disk: a link to ``excel.md#模板`` leads there as here, because a
heading has the anchor that the hosts of Markdown files give it.
"""

import functools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

FOLDER = Path(settings.BASE_DIR) / "docs" / "handbook"
IMAGES = FOLDER / "images"
#: The chapter of the official terms; each is a section of its own.
TERMS = "terms"

_LEFT_OUT_OF_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Section:
    """A heading with what follows it, up to the next heading of any level. ``text`` is for the search."""

    chapter: str
    anchor: str
    title: str
    level: int
    html: SafeString
    text: str

    @property
    def url(self) -> str:
        return f"{address_of(self.chapter)}#{quote(self.anchor)}" if self.anchor else address_of(self.chapter)


@dataclass(frozen=True)
class Chapter:
    """``lead`` is what stands before the first heading."""

    slug: str
    title: str
    lead: Section
    sections: list[Section] = field(default_factory=list)

    @property
    def url(self) -> str:
        return address_of(self.slug)

    @property
    def summary(self) -> str:
        """The first sentence."""
        return self.lead.text.split("。")[0] + "。"

    @property
    def contents(self) -> list[tuple[Section, list[Section]]]:
        """The sections with those below them, for the table of contents."""
        tree: list[tuple[Section, list[Section]]] = []
        for section in self.sections:
            if section.level == 2 or not tree:
                tree.append((section, []))
            else:
                tree[-1][1].append(section)
        return tree

    def part(self, anchor: str) -> list[Section]:
        """The section of this anchor and all below it. Raises ``LookupError`` for an unknown one."""
        start = next((place for place, section in enumerate(self.sections) if section.anchor == anchor), None)
        if start is None:
            raise LookupError(f"chapter {self.slug!r} has no section {anchor!r}")
        found = [self.sections[start]]
        for section in self.sections[start + 1 :]:
            if section.level <= found[0].level:
                break
            found.append(section)
        return found


def address_of(slug: str) -> str:
    return reverse("handbook:chapter", args=[slug])


@functools.cache
def contents() -> dict[str, dict[str, Any]]:
    """``contents.toml``: ``chapters`` in order, ``roles`` and ``pages`` by name."""
    return tomllib.loads((FOLDER / "contents.toml").read_text(encoding="utf-8"))


@functools.cache
def chapters() -> dict[str, Chapter]:
    """All chapters by name, in order."""
    return {slug: read_chapter(slug) for slug in contents()["chapters"]}


def find_section(target: str) -> list[Section]:
    """``excel#模板``: the section and all below it; without an anchor the chapter's first words. Raises ``LookupError``."""
    slug, _hash, anchor = target.partition("#")
    if slug not in chapters():
        raise LookupError(f"the handbook has no chapter {slug!r}")
    chapter = chapters()[slug]
    return chapter.part(anchor) if anchor else [chapter.lead]


def section_for_page(page: str) -> str:
    """The section that helps on the page of this URL name; "" when none is named."""
    return str(contents()["pages"].get(page, ""))


def anchor_of(title: str, taken: set[str]) -> str:
    """The anchor that GitHub and others give a heading: lower case, without punctuation, the second of a name with ``-1``."""
    plain = _LEFT_OUT_OF_ANCHORS.sub("", title.strip().lower()).replace(" ", "-")
    anchor, number = plain, 0
    while anchor in taken:
        number += 1
        anchor = f"{plain}-{number}"
    taken.add(anchor)
    return anchor


# --- reading ----------------------------------------------------------------------------------------


def read_chapter(slug: str) -> Chapter:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("image", _render_image)
    parser.add_render_rule("fence", _render_code)
    parser.add_render_rule("table_open", lambda *_: '<div class="table-wrap"><table class="table">')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    tokens = parser.parse((FOLDER / f"{slug}.md").read_text(encoding="utf-8"))
    title, *rest = _cut(tokens)
    taken: set[str] = set()
    sections = [_section(parser, slug, piece, taken) for piece in rest]
    heading = title[1].content
    lead = Section(slug, "", heading, 1, *_rendered(parser, title[3:]))
    return Chapter(slug, heading, lead, sections)


def _cut(tokens: list[Token]) -> Iterator[list[Token]]:
    """The pieces that begin with a heading; the first heading is the chapter's title."""
    starts = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        yield tokens[start:end]


def _section(parser: MarkdownIt, slug: str, tokens: list[Token], taken: set[str]) -> Section:
    title = tokens[1].content
    anchor = anchor_of(title, taken)
    tokens[0].attrSet("id", anchor)
    html, text = _rendered(parser, tokens)
    return Section(slug, anchor, title, int(tokens[0].tag[1]), html, text.removeprefix(title).strip())


def _rendered(parser: MarkdownIt, tokens: list[Token]) -> tuple[SafeString, str]:
    texts = []
    for place, token in enumerate(tokens):
        if token.type != "inline":
            continue
        _lead_inside(token)
        texts.append("".join(child.content for child in token.children or [] if child.type != "image"))
        if [child.type for child in token.children or []] == ["image"]:
            _make_figure(tokens, place)
    html = parser.renderer.render(tokens, parser.options, {})
    return mark_safe(html), " ".join(filter(None, texts))  # noqa: S308 -- our own files; HTML in them is off


def _lead_inside(token: Token) -> None:
    """Links between the files become links between the pages."""
    for child in token.children or []:
        if child.type == "link_open" and "://" not in (target := str(child.attrGet("href"))):
            name, _hash, anchor = unquote(target).partition("#")
            page = address_of(name.removesuffix(".md")) if name else ""
            child.attrSet("href", f"{page}#{quote(anchor)}" if anchor else page)


def _make_figure(tokens: list[Token], place: int) -> None:
    """A picture that is a paragraph of its own gets its words below it."""
    tokens[place - 1].tag = tokens[place + 1].tag = "figure"
    tokens[place - 1].hidden = tokens[place + 1].hidden = False


def _render_code(renderer: object, tokens: list[Token], place: int, *_rest: object) -> str:
    """Commands to type. Wider than a telephone it scrolls, by keyboard too."""
    return f'<pre tabindex="0"><code>{escape(tokens[place].content)}</code></pre>\n'


def _render_image(renderer: object, tokens: list[Token], place: int, *_rest: object) -> str:
    token = tokens[place]
    name = str(token.attrGet("src")).removeprefix("images/")
    with Image.open(IMAGES / name) as picture:
        width, height = picture.size
    url, caption = escape(static(f"handbook/{name}")), escape(token.content)
    return (
        f'<a href="{url}"><img src="{url}" alt="{caption}" width="{width}" height="{height}" loading="lazy"></a>'
        f"<figcaption>{caption}</figcaption>"
    )

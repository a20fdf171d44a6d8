"""What a kind costs: its model, its declaration, a migration and a factory, and rules where policy asks for some. Nothing
else of the portal knows it by name."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from records.core.kinds import RecordKind, all_kinds

ROOT = Path(settings.BASE_DIR)
_ASIDE = {".venv", ".git", "tests", "bench", "var", "node_modules", "vendor", "migrations"}
#: What the province and the demo begin with names kinds by slug, as data: who owes what, what the story tells.
_CHOSEN = {"backoffice/reference.py", "backoffice/demo/plan.py"}
#: Rules of business and of compliance are a kind's own, beside its places. Each is a module, or a package of modules by theme.
_PLACES = ("models", "kinds", "factories")
_OWN = (*_PLACES, "business_rules", "compliance_rules")


@cache
def product() -> dict[str, str]:
    """Every file of the product that could know a kind, without the examples in its docstrings and comments."""
    found = {}
    for suffix in ("py", "html", "js"):
        for path in ROOT.rglob(f"*.{suffix}"):
            name = path.relative_to(ROOT)
            if not _ASIDE & set(name.parts):
                text = path.read_text(encoding="utf-8")
                found[str(name)] = re.sub(r'""".*?"""|#[^\n]*', "", text, flags=re.DOTALL) if suffix == "py" else text
    return found


def files_of(area: str, place: str) -> set[str]:
    return {name for name in product() if name == f"{area}/{place}.py" or name.startswith(f"{area}/{place}/")}


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.slug)
def test_only_its_own_files_name_a_kind(kind: RecordKind) -> None:
    own = {name for place in _OWN for name in files_of(kind.area, place)}
    named = re.compile(rf"\b{kind.model.__name__}\b")
    assert {name for name, text in product().items() if name.endswith(".py") and named.search(text)} <= own
    slug = re.compile(rf"(?<!例如 ){re.escape(kind.slug)}\b")
    # A declaration may show beside its form what a record of another kind says (``RecordKind.shown``), and a model may refer
    # to its lines (``line_reference``).
    declared = {name for name in product() if re.match(r"\w+/(kinds|models)(\.py|/)", name)}
    assert {name for name, text in product().items() if slug.search(text)} <= own | declared | _CHOSEN


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.slug)
def test_each_place_is_there(kind: RecordKind) -> None:
    texts = product()
    for place in _PLACES:
        modules = [texts[name] for name in files_of(kind.area, place)]
        assert any(re.search(rf"\b{kind.model.__name__}\b", text) for text in modules), place
    migrations = (ROOT / kind.area / "migrations").glob("0*.py")
    assert any(
        re.search(rf"name=[\"']{kind.model.__name__}[\"']", path.read_text(encoding="utf-8")) for path in migrations
    )

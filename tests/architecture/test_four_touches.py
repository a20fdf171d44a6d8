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
#: Rules of business and hand-written pages are a kind's own, beside its four places.
_OWN = ("models.py", "kinds.py", "factories.py", "business_rules.py")


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


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.slug)
def test_only_its_own_files_name_a_kind(kind: RecordKind) -> None:
    own = {f"{kind.area}/{name}" for name in _OWN}
    named = re.compile(rf"\b{kind.model.__name__}\b")
    assert {name for name, text in product().items() if name.endswith(".py") and named.search(text)} <= own
    slug = re.compile(rf"(?<!例如 ){re.escape(kind.slug)}\b")
    assert {name for name, text in product().items() if slug.search(text)} <= own | _CHOSEN


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.slug)
def test_each_place_is_there(kind: RecordKind) -> None:
    texts = product()
    for name in ("models.py", "kinds.py", "factories.py"):
        assert re.search(rf"\b{kind.model.__name__}\b", texts[f"{kind.area}/{name}"]), name
    migrations = (ROOT / kind.area / "migrations").glob("0*.py")
    assert any(
        re.search(rf"name=[\"']{kind.model.__name__}[\"']", path.read_text(encoding="utf-8")) for path in migrations
    )

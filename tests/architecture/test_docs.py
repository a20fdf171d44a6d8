"""The documents say what is: words, rooms, tests and files they name exist, and the generated ones are fresh."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from backoffice.rules_page import RULES_FILE, kinds_by_rule, rules_text
from foundation.access.models import Role
from foundation.facts.declaring import Nature
from foundation.jobs.models import Status as JobStatus
from foundation.places.models import Level
from records.core.business_rules import BusinessRule
from records.core.kinds import Rhythm, all_kinds
from records.core.workflow import MOVES
from records.models import Record, Status
from reporting.models import State as ReportState

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("README*.md")])
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
ACCEPTANCE = DOCS / "acceptance.md"
DECISIONS = sorted((DOCS / "adr").glob("*.md"))

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
#: A folder of the machine something was written on, not of the portal.
_MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home|tmp|Users)/")


def named_in(page: str) -> set[str]:
    """Everything a page writes as code within a line."""
    return set(_CODE.findall(_FENCED.sub("", page)))


# --- generated pages --------------------------------------------------------------------------------


def test_the_page_of_business_rules_is_fresh() -> None:
    assert RULES_FILE.read_text(encoding="utf-8") == rules_text(), "run manage.py business_rules_doc"


def _rules(base: type[BusinessRule] = BusinessRule) -> Iterator[type[BusinessRule]]:
    for rule in base.__subclasses__():
        yield rule
        yield from _rules(rule)


def test_every_business_rule_has_words_a_source_and_a_kind() -> None:
    used = kinds_by_rule()
    rules = [rule for rule in _rules() if not rule.__module__.startswith("tests.")]
    assert rules
    for rule in rules:
        assert rule.__dict__.get("__doc__") and rule.citation and rule in used, rule.__name__
    codes = [rule.code for rule in rules]
    assert len(codes) == len(set(codes)), "two business rules share a code"


# --- words ------------------------------------------------------------------------------------------


def test_the_glossary_has_every_word() -> None:
    """Models by class name; statuses, moves, roles, levels, rhythms and natures by their value in the code."""
    own = [config for config in apps.get_app_configs() if Path(config.path).is_relative_to(ROOT)]
    own = [config for config in own if ".venv" not in Path(config.path).parts]
    models = [model for config in own for model in config.get_models()]
    words = {model.__name__ for model in models if not issubclass(model, Record) or model is Record}
    for values in (Status, Role, Level, Rhythm, Nature, JobStatus, ReportState):
        words |= {str(member.value) for member in values}
    words |= set(MOVES)
    assert sorted(words - named_in(GLOSSARY)) == []


def test_the_glossary_shows_statuses_and_roles_as_the_pages_do() -> None:
    rows = {tuple(cell.strip() for cell in line.split("|")[1:3]) for line in GLOSSARY.splitlines() if "|" in line}
    for status in Status:
        assert (str(status.label), f"`{status.value}`") in rows, status
    for move in MOVES.values():
        assert (str(move.label), f"`{move.action}`") in rows, move.action
    for role in Role:
        assert (str(role.label), f"role `{role.value}`") in rows, role


def test_every_kind_is_listed_with_its_clauses() -> None:
    """A kind's word is in docs/coverage.md, made from its declaration, so that adding one needs no glossary."""
    coverage = (DOCS / "coverage.md").read_text(encoding="utf-8")
    filed = [kind for kind in all_kinds() if not kind.is_retired]
    assert [kind.slug for kind in filed if f"{kind.label} (`{kind.slug}`)" not in coverage] == []


# --- what the pages refer to ------------------------------------------------------------------------


def test_every_room_is_in_the_architecture() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    rooms = {name for contract in contracts for layer in contract["layers"] for name in layer.split(" | ")}
    known = named_in((DOCS / "architecture.md").read_text(encoding="utf-8"))
    assert sorted({room.removeprefix("foundation.").removeprefix("records.") for room in rooms} - known) == []


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_links_lead_somewhere_and_no_page_names_a_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = {target for target in _LINK.findall(text) if "://" not in target}
    assert sorted(target for target in targets if not (page.parent / target).exists()) == []
    assert _MACHINE_PATH.search(text) is None


def test_decisions_are_numbered_dated_and_whole() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(numbers) == len(set(numbers)), "two decisions share a number"
    for number, path in zip(numbers, DECISIONS, strict=True):
        title, _blank, dated, *rest = path.read_text(encoding="utf-8").splitlines()
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name) and title.startswith(f"# {number} "), path.name
        assert re.fullmatch(r"20\d\d-\d\d-\d\d · (accepted|superseded by \[\d{4}\]\(.+\))", dated), path.name
        assert [line for line in rest if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]


# --- acceptance -------------------------------------------------------------------------------------


def _tests_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def _promises() -> list[tuple[str, str, str]]:
    """(promise, what shows it, state) of every line of the tables."""
    lines = ACCEPTANCE.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    return [tuple(row) for row in rows if row[-1] != "state"]


def test_every_test_acceptance_names_exists() -> None:
    missing = []
    for name in sorted(named_in(ACCEPTANCE.read_text(encoding="utf-8"))):
        path, _colons, test = name.partition("::")
        if test and not ((ROOT / path).is_file() and test in _tests_in(ROOT / path)):
            missing.append(name)
    assert missing == []


def test_every_promise_says_what_shows_it() -> None:
    promises = _promises()
    assert len(promises) > 80
    performance = DOCS / "performance.md"
    for promise, shown_by, state in promises:
        assert state in {"shown", "measured", "by hand", "open"} and shown_by, promise
        if state == "by hand":
            assert re.search(r"20\d\d-\d\d-\d\d", shown_by), promise
        if state == "shown":
            assert "::" in shown_by or any((ROOT / name).exists() for name in named_in(shown_by)), promise
        if state == "measured":
            assert performance.exists() and "performance.md" in shown_by, promise

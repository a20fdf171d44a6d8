"""docs/adding-a-register.md is true: followed to the letter in a copy of the tree, it gives a working register."""

import pytest

from tests.architecture.guides import Copy, Guide

GUIDE = Guide("adding-a-register.md")

#: One copy for all of them: in parallel runs they stay in one worker.
pytestmark = [pytest.mark.programs, pytest.mark.xdist_group("adding-a-register")]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The portal after the guide was followed."""
    copy = Copy(tmp_path_factory.mktemp("adding-a-register"))
    for block in GUIDE.followed:
        copy.add(block)
    copy.must_run("manage.py", "makemigrations", "enterprises")
    return copy


def test_it_costs_what_the_guide_says(tree: Copy) -> None:
    """Model, rules, resource, factory, migration; no page, no template, no address, no serializer."""
    files = [block.file.removeprefix("enterprises/") for block in GUIDE.followed]
    assert files == ["models/reading_room.py", "models/__init__.py", "permissions.py", "resources.py", "factories.py"]
    assert len(list((tree.root / "enterprises" / "migrations").glob("*_readingroom.py"))) == 1


def test_the_portal_starts_with_the_register(tree: Copy) -> None:
    tree.must_run("manage.py", "check", "--database", "default", "--fail-level", "WARNING")


def test_every_contract_holds_for_the_register(tree: Copy) -> None:
    """The contract tests of the copy find the new register by themselves."""
    assert tree.must_pass("tests/contracts/test_registers.py", only="reading_rooms") >= 7


def test_it_has_its_place_everywhere(tree: Copy) -> None:
    """Every address is in the access table, every rule is compared on rows, and the OpenAPI document names it."""
    everywhere = (
        "tests/contracts/test_every_page.py",
        "tests/contracts/test_rules_agree.py",
        "tests/api/test_schema.py",
    )
    chosen = "every_address or every_method or rows_and_reasons or no_warnings"
    assert tree.must_pass(*everywhere, only=chosen) == 5

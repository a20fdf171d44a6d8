import pytest

from foundation.facts import declaring
from tests.cast import Cast, make_cast

#: The kinds of records that these tests file.
FILED = {
    "ideology.lecture",
    "ideology.partydevelopment",
    "ideology.representativeactivity",
    "services.leadership",
    "services.research",
}


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture
def few_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the record kinds only those that are filed: counting a whole quarter of all takes seconds, however little there
    is, and every source is counted in the same way (``test_sets.py`` and ``test_counting.py`` walk over all)."""
    few = {code: source for code, source in declaring._sources.items() if "." not in code or code in FILED}
    monkeypatch.setattr(declaring, "_sources", few)

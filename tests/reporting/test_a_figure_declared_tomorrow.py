"""A room declares a figure, where it is shown and the sentence that tells it; nothing of the reports is changed for it."""

import pytest
from django.db.models import Q
from django.urls import reverse

from enterprises.facts import ENTERPRISES, RegisterSource
from foundation.calendar.periods import Quarter
from foundation.facts import declaring, sentences
from foundation.facts.declaring import Fact, Nature, register_source
from foundation.facts.sentences import Item, Problem, register_items, register_problems
from indicators.fill import count_source
from reporting.rendering.content import Edition, build_content
from reporting.snapshot import build_snapshot
from tests.reporting.test_dashboard import dashboard, figure

pytestmark = pytest.mark.django_db


class TomorrowFacts(RegisterSource):
    """Enterprises with more than a hundred and fifty on their staff."""

    code = "tomorrow"
    order = 99
    follows = (ENTERPRISES,)
    facts = (
        Fact("Z01.large", "大型工厂", "家", Nature.STOCK, key=5, printed=5, head="大厂"),
        Fact("Z01.other", "其他工厂", "家", Nature.STOCK),
    )

    def conditions(self, quarter: Quarter) -> dict[str, tuple[Q, str]]:
        return {"Z01.large": (Q(headcount__gt=150), ""), "Z01.other": (Q(headcount__lte=150), "")}


@pytest.fixture
def tomorrow(cast):
    register_source(TomorrowFacts())
    register_items(Item("services", "办好工厂", ("大型工厂{Z01.large}家",)))
    register_problems(Problem("Z01.large", "工厂太大", "仍有大型工厂{Z01.large}家"))
    for source in (ENTERPRISES, "tomorrow"):
        count_source(Quarter.current(), declaring.source_by_code(source))
    yield cast
    del declaring._sources["tomorrow"], sentences._items["services", "办好工厂"], sentences._problems["Z01.large"]


def test_it_stands_where_it_says(tomorrow, sign_in):
    province, quarter = sign_in(tomorrow.province), Quarter.current()
    page = dashboard(province, "32")
    before, rest = page.split('id="fact"')
    choice, after = rest.split("</select>", 1)
    assert figure(page, "大型工厂") == "4家" and "其他工厂" not in before + after
    assert "其他工厂" in choice, "but units may be compared by it"
    assert page.index("大型工厂") < page.index("职工大讲堂场次"), "in the order it asks for"
    assert f"fact=Z01.large&amp;region=32&amp;quarter={quarter.code}" in page, "and opens what it counts"
    assert "Z01.large" in dashboard(province, "32", fact="Z01.large"), "units may be compared by it"

    snapshot = build_snapshot(tomorrow.places["32"], quarter)
    content = build_content(snapshot, Edition())
    assert [column.label for column in content.units.columns][3] == "大厂"
    told = str(content.sections)
    assert "大型工厂" in told and "工厂太大" in told

    rows = province.get(reverse("api:figures"), {"region": "32", "quarter": quarter.code}).json()
    assert {"Z01.large", "Z01.other"} <= {row["code"] for row in rows["figures"]}

"""The lists of bases and bodies behind a figure show the figure: what each row gave, how many rows, the sum, and of when."""

import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from enterprises.bases import sorts
from enterprises.bases.facts import BaseFacts
from enterprises.bases.reviews import file_base_review, questions_of
from enterprises.bodies.actions import save_meeting
from enterprises.bodies.facts import BodyFacts
from enterprises.facts import EnterpriseFacts
from enterprises.models import Base, BaseLevel, BaseSort, BaseStage, BodyKind
from foundation.facts.declaring import FactSource, source_of_fact
from foundation.ui.formats import amount
from indicators.fill import catch_up
from indicators.queries import figures
from tests.cast import Cast
from tests.enterprises.test_bases import kept
from tests.enterprises.test_bodies import made
from tests.indicators.helpers import LAST, NOW

pytestmark = pytest.mark.django_db


def bases(cast: Cast) -> None:
    """Of every sort and level one of an enterprise, and of every sort one of a region; each tells this year and last."""
    for sort in BaseSort.objects.all():
        for level in BaseLevel.values:
            kept(cast, name=f"{sort}{level}", sort=sort, level=level)
        own = {"enterprise": None, "holder": "示例总工会", "place": cast.places["3201"]}
        kept(cast, by=cast.city, name=f"{sort}地区", sort=sort, **own)
        kept(cast, name=f"{sort}申报", sort=sort, stage=BaseStage.APPLIED)
    for base in Base.objects.select_related("sort"):
        values: dict[str, Any] = {
            name: bool(base.pk % 2) if name in ("chain", "built") else 10 + base.pk % 7 for name in told_of(base)
        }
        for year in (NOW.year, NOW.year - 1) if values else ():
            file_base_review(acting_user=cast.city, base_id=base.pk, year=year, version=0, values=values)


def told_of(base: Base) -> list[str]:
    asked = {fact.amount for fact in BaseFacts.facts if fact.year_basis}
    return [name for name in questions_of(base) if name in asked]


def bodies(cast: Cast) -> None:
    """Several of every kind; of a region's two met in the quarter, one of these twice, and each before it as well."""
    seats = {"board_seats": 9, "employee_directors": 2, "supervisory_seats": 5, "employee_supervisors": 2}
    for who, enterprise in ((cast.lead, cast.enterprise), (cast.neighbour, cast.neighbour_enterprise)):
        made(who, enterprise.place, BodyKind.ASSOCIATION, "摄影协会", member_count=730)
        made(who, enterprise.place, BodyKind.ASSOCIATION, "没说人数的协会")
        made(who, enterprise.place, BodyKind.INNOVATION, "创新小组")
    made(cast.lead, cast.enterprise.place, BodyKind.BOARD, "职工席位", has_audit_committee=True, **seats)
    made(cast.neighbour, cast.neighbour_enterprise.place, BodyKind.BOARD, "席位", has_audit_committee=False)
    for kind in (BodyKind.JOINT, BodyKind.OPENNESS, BodyKind.EXPRESS, BodyKind.FIVE):
        for turn in (1, 2):
            body = made(cast.city, cast.places["3201"], kind, f"示例机构{turn}")
            for number, day in enumerate((*[LAST.first_day] * turn, LAST.previous().last_day)):
                values = {"held_on": day, "topic": f"议题{number}", "resolution": ""}
                save_meeting(acting_user=cast.city, body_id=body.pk, values=values)


def column_of(page: str, label: object) -> list[Decimal]:
    """What stands in the counted column, "—" left out."""
    cells = re.findall(rf'data-label="{re.escape(str(label))}"[^>]*>([^<]+)<', page)
    return [Decimal(cell.replace(",", "")) for cell in cells if cell.strip() != "—"]


def agrees(browser: Client, cast: Cast, source: FactSource, level: str) -> set[str]:
    """Line, column and figure of each fact; those that have a value."""
    found, known = figures(cast.places[level], LAST), set()
    for fact in source.facts:
        value = found[fact.code].value
        answer = browser.get(source.url(fact.code, region=level, quarter=LAST.code))
        page = answer.content.decode()
        line = re.search(r'<p class="narrowed opened">(.*?)</p>', page)
        assert line, fact.code
        said = f"，{LAST.label}{fact.label_in(LAST)}合计 {amount(value)} {fact.unit}。"
        if value is None:
            said = f"，{LAST.label}没有“{fact.label_in(LAST)}”的数。"
        else:
            known.add(fact.code)
        assert line[1] == f"共 {answer.context['filterset'].qs.count()} 个{said}", (level, fact.code)
        if answer.context["filterset"].qs.count() <= len(answer.context["table"].paginated_rows):
            assert sum(column_of(page, f"{fact.label}（{fact.unit}）")) == (value or 0), (level, fact.code)
    return known


@pytest.mark.parametrize(("source", "several"), [(BaseFacts(), bases), (BodyFacts(), bodies)], ids=["bases", "bodies"])
def test_every_figure_is_the_sum_of_its_list(cast: Cast, sign_in, source, several) -> None:
    several(cast)
    catch_up()
    browser = sign_in(cast.province)
    known = [agrees(browser, cast, source, level) for level in ("32", "3201", "320115", "320106")]
    assert set.union(*known) == {fact.code for fact in source.facts}, "each of them was seen with a value"


def test_the_sum_is_of_the_whole_list_not_of_its_page(cast: Cast, sign_in) -> None:
    for number in range(60):
        made(cast.lead, cast.enterprise.place, BodyKind.ASSOCIATION, f"摄影协会{number}", member_count=1000 + number)
    catch_up()
    browser, expected = sign_in(cast.province), figures(cast.places["32"], LAST)["G13.members"].value
    answer = browser.get(BodyFacts().url("G13.members", region="32", quarter=LAST.code))
    assert len(answer.context["table"].paginated_rows) < 60
    assert answer.context["opened"].total == expected == sum(range(1000, 1060))
    line = f"共 60 个，{LAST.label}职工文体协会会员合计 {amount(expected)} 人。"
    assert line in answer.content.decode()


def test_nobody_said_is_not_zero_and_no_is(cast: Cast, sign_in) -> None:
    place = cast.enterprise.place
    made(cast.lead, place, BodyKind.BOARD, "职工席位", has_audit_committee=False)
    catch_up()
    browser, source = sign_in(cast.county), BodyFacts()
    lines = {
        code: browser.get(source.url(code, region="320115", quarter=NOW.code)).context["opened"]
        for code in ("F05.committee", "F05.board")
    }
    assert (lines["F05.committee"].count, lines["F05.committee"].total) == (1, 0)
    assert (lines["F05.board"].count, lines["F05.board"].total) == (0, None)


def workbook_of(answer: Any) -> Any:
    assert answer.status_code == 200 and "spreadsheetml" in answer["Content-Type"]
    return load_workbook(BytesIO(b"".join(answer) if answer.streaming else answer.content))


def test_what_is_as_of_today_is_said_of_a_quarter_that_is_over(cast: Cast, sign_in) -> None:
    """A base that rose since stands in the list by its new level: no history of levels is kept. Who is a body is known by day."""
    base = kept(cast, name="示例中心", sort=BaseSort.objects.get(pk=sorts.TECHNOLOGY), level=BaseLevel.PROVINCIAL)
    catch_up()
    Base.objects.filter(pk=base.pk).update(level=BaseLevel.NATIONAL)
    browser, source = sign_in(cast.province), BaseFacts()
    then = browser.get(source.url("C20.technology", region="32", quarter=LAST.code)).content.decode()
    assert f"列出的是{LAST.label}末已有的。" in then and "级别和状态按现在登记的" in then
    assert "合计因此可能与当时统计的数不同" in then
    now = browser.get(source.url("C20.technology", region="32", quarter=NOW.code)).content.decode()
    assert "按现在登记的" not in now, "of today everything is as of today"
    bodies = browser.get(BodyFacts().url("A17.bodies", region="32", quarter=LAST.code)).content.decode()
    assert "按现在登记的" not in bodies, "when a body was founded and dissolved is known"
    members = browser.get(BodyFacts().url("G13.members", region="32", quarter=LAST.code)).content.decode()
    assert "人数和席位不保留历史" in members
    register = browser.get(EnterpriseFacts().url("REG.unions", region="32", quarter=LAST.code)).content.decode()
    assert "名录不保留党组织、工会和三员配备的历史" in register
    whole = browser.get(EnterpriseFacts().url("REG.enterprises", region="32", quarter=LAST.code)).content.decode()
    assert "按现在登记的" not in whole


@pytest.mark.parametrize("code", ["G13.members", "A17.meetings", "C20.technology", "G05.invested"])
def test_the_workbook_of_a_list_behind_a_figure_has_its_column(cast: Cast, sign_in, code: str) -> None:
    """What each row gave, as on the page; it adds up to the figure, and the last sheet says so."""
    bases(cast)
    bodies(cast)
    catch_up()
    source = source_of_fact(code)
    fact = next(one for one in source.facts if one.code == code)
    address = source.url(code, region="32", quarter=LAST.code)
    browser, expected = sign_in(cast.province), figures(cast.places["32"], LAST)[code].value
    book = workbook_of(browser.get(f"{address}&_export=xlsx"))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    [column] = [place for place, heading in enumerate(rows[0]) if heading == f"{fact.label}（{fact.unit}）"]
    given = [row[column] for row in rows[1:] if row[column] is not None]
    assert given and sum(map(Decimal, given)) == expected
    said = dict(row[:2] for row in book["说明"].iter_rows(values_only=True))
    assert Decimal(said[f"{fact.label_in(LAST)}合计（{fact.unit}）"]) == expected
    plain = workbook_of(browser.get(f"{address.partition('?')[0]}?_export=xlsx"))
    assert len(rows[0]) == len([cell.value for cell in plain.worksheets[0][1]]) + 1, "no column without a figure"


def test_the_workbook_of_the_register_has_it_too(cast: Cast, sign_in) -> None:
    for number, enterprise in enumerate((cast.enterprise, cast.second_enterprise), 1):
        enterprise.headcount = number * 1000
        enterprise.save()
    catch_up()
    asked = f"fact=REG.headcount&region=3201&quarter={LAST.code}"
    browser = sign_in(cast.city)
    book = workbook_of(browser.get(f"{reverse('enterprises:export')}?{asked}"))
    heads, *rows = book.worksheets[0].iter_rows(values_only=True)
    place = (
        heads.index("职工人数（人）", heads.index("职工人数（人）") + 1)
        if heads.count("职工人数（人）") > 1
        else heads.index("职工人数（人）")
    )
    assert sum(row[place] or 0 for row in rows) == figures(cast.places["3201"], LAST)["REG.headcount"].value
    whole = workbook_of(browser.get(f"{reverse('enterprises:export')}?region=3201"))
    assert len(next(whole.worksheets[0].iter_rows(values_only=True))) == len(heads) - 1


def test_a_neighbour_sees_nothing_of_the_figure(cast: Cast, sign_in) -> None:
    bodies(cast)
    catch_up()
    address = BodyFacts().url("A17.meetings", region="3201", quarter=LAST.code)
    page = sign_in(cast.neighbour_city).get(address)
    assert (page.context["opened"].count, page.context["opened"].total) == (0, None)


@pytest.mark.parametrize("address", ["fact=B99.none", "fact=B01.sessions&quarter=x", "fact="])
@pytest.mark.parametrize("page", ["bases", "bodies"])
def test_an_address_that_names_no_figure_of_the_list_tells_none(cast: Cast, sign_in, page: str, address: str) -> None:
    opened = sign_in(cast.city).get(f"/enterprises/{page}/?{address}").context["opened"]
    assert opened is None


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("code", ["A17.meetings", "C20.platforms", "G13.members"])
def test_queries_do_not_grow(cast: Cast, sign_in, code: str, rows: int, django_assert_max_num_queries) -> None:
    platform = BaseSort.objects.get(pk=sorts.TECHNOLOGY)
    for number in range(rows):
        kept(cast, name=f"示例中心{number}", sort=platform)
        made(cast.lead, cast.enterprise.place, BodyKind.ASSOCIATION, f"协会{number}", member_count=20)
        body = made(cast.city, cast.places["3201"], BodyKind.JOINT, f"联席会议{number}")
        values = {"held_on": LAST.first_day, "topic": "示例议题", "resolution": ""}
        save_meeting(acting_user=cast.city, body_id=body.pk, values=values)
    catch_up()
    source = BaseFacts() if code.startswith("C20") else BodyFacts()
    browser, address = sign_in(cast.city), source.url(code, region="3201", quarter=LAST.code)
    browser.get(address)
    with django_assert_max_num_queries(16):
        opened = browser.get(address).context["opened"]
    assert opened.count == rows

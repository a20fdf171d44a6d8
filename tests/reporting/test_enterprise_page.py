"""The page of one enterprise: its figures beside its past and its peers, in whose eyes, on paper and as a workbook."""

import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from foundation.access.models import Grant, Role
from foundation.audit.models import Entry
from foundation.facts.declaring import declared_facts, source_by_code
from indicators.fill import catch_up, count_source
from indicators.medians import store_medians
from indicators.models import FactValue, PeerMedian
from records.duties.actions import ensure_quarter, generate_duties
from records.duties.models import Duty
from records.models import DutyRule, ReportingQuarter
from reporting.enterprise.content import SUMMARY_ROWS, Figures, Line, figures_of
from tests.cast import Cast, make_enterprise
from tests.contracts.world import filed
from tests.indicators.helpers import LAST, NOW, lecture

pytestmark = pytest.mark.django_db

EVENT, MEMBERS, PEOPLE, MONEY, CARRIED = "B01.sessions", "B03.members", "REG.headcount", "C02.spent", "E03.covered"


def say(cast: Cast, fact: str, value: Decimal | int | None, quarter=LAST, enterprise=None) -> None:
    enterprise = enterprise or cast.enterprise
    FactValue.objects.create(
        place=enterprise.place, region=enterprise.county, quarter=quarter.code, fact=fact, value=value
    )


def of_basis(basis: str) -> str:
    """A number that enterprises tell once a year, of this sort."""
    return next(
        fact.code
        for fact in declared_facts().values()
        if fact.year_basis is not None and fact.year_basis.value == basis and fact.amount and fact.of_return
    )


def line(figures: Figures, fact: str) -> Line:
    return next(line for line in figures.lines if line.fact.code == fact)


def page(browser, enterprise, name: str = "reporting:enterprise", **query) -> str:
    response = browser.get(reverse(name, args=[enterprise.pk]), {"quarter": LAST.code, **query})
    assert response.status_code == 200
    return response.content.decode()


def text(html: str) -> str:
    return re.sub(r"<[^>]+>|\s+", "", html)


def row_of(html: str, label: str) -> list[str]:
    found = re.search(rf'<td class="main">{label}（[^<]*</td>(.*?)</tr>', html, re.S)
    assert found, label
    return [text(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.S)]


def test_each_figure_stands_beside_last_quarter_and_last_year(cast: Cast, sign_in) -> None:
    for quarter, value in ((LAST, 46), (LAST.previous(), 40), (LAST.year_before(), 50)):
        say(cast, MEMBERS, value, quarter)
    found = line(figures_of(cast.enterprise, LAST), MEMBERS)
    assert (found.value, found.before.value, found.year_ago.value) == (46, 40, 50)
    assert (found.before.change, found.year_ago.change) == ("+6（+15.0%）", "-4（-8.0%）")
    assert row_of(page(sign_in(cast.clerk), cast.enterprise), "党员总数")[:3] == [
        "46",
        "40+6（+15.0%）",
        "50-4（-8.0%）",
    ]


def test_what_nobody_said_is_no_zero_and_no_change(cast: Cast, sign_in) -> None:
    say(cast, MEMBERS, 46)
    for quarter in (LAST.previous(), LAST.year_before()):
        ensure_quarter(quarter)
        say(cast, "REG.enterprises", 1, quarter)
    assert row_of(page(sign_in(cast.clerk), cast.enterprise), "党员总数")[1:3] == ["未填报", "未填报"]
    found = line(figures_of(cast.enterprise, LAST), MEMBERS)
    assert found.before.value is None and not found.before.change


def test_nobody_was_silent_before_the_portal_or_the_own_entry(cast: Cast, sign_in) -> None:
    say(cast, MEMBERS, 46)
    ReportingQuarter.objects.filter(code__lt=LAST.previous().code).delete()
    ensure_quarter(LAST.previous())
    say(cast, EVENT, 2)
    html = page(sign_in(cast.clerk), cast.enterprise)
    assert row_of(html, "党员总数")[1:3] == ["—", "—"], "no row repeats it"
    for quarter, why in ((LAST.previous(), "未纳入统计"), (LAST.year_before(), "平台未启用")):
        assert html.count(why) == 1 and f"{quarter.label}{why}，没有数据可比。" in html


def test_silence_is_zero_once_the_quarter_was_confirmed(cast: Cast) -> None:
    say(cast, EVENT, 3, LAST.previous())
    assert line(figures_of(cast.enterprise, LAST), EVENT).value is None
    say(cast, "STA.said", 1)
    found = line(figures_of(cast.enterprise, LAST), EVENT)
    assert (found.value, found.before.change) == (0, "-3")


def test_a_running_quarter_is_not_compared_with_a_whole_one(cast: Cast) -> None:
    for quarter in (NOW, NOW.previous(), NOW.year_before()):
        say(cast, EVENT, 2, quarter)
        say(cast, MEMBERS, 40, quarter)
    figures = figures_of(cast.enterprise, NOW)
    event, members = line(figures, EVENT), line(figures, MEMBERS)
    assert (event.before.value, event.before.change, event.before.why_not) == (2, "", "季度未结束")
    assert event.year_ago.why_not == "季度未结束"
    assert members.before.change == "持平", "how many there are can be said at any time"


def test_what_is_said_once_a_year_is_compared_with_the_year_before(cast: Cast) -> None:
    closed, carried = of_basis("closed_year"), of_basis("as_of")
    for quarter, value in ((LAST, 120), (LAST.previous(), 120), (LAST.year_before(), 100)):
        say(cast, closed, value, quarter)
        say(cast, carried, 7, quarter)
    figures = figures_of(cast.enterprise, LAST)
    yearly, same = line(figures, closed), line(figures, carried)
    assert (yearly.before.value, yearly.before.why_not) == (None, "年度数")
    assert yearly.year_ago.change == "+20（+20.0%）"
    assert str(LAST.year - 1) in yearly.label, "the label names the year"
    assert not same.year_ago.change and same.year_ago.why_not == "没有变化或沿用上年"


def test_medians_of_county_and_industry_with_how_many_and_none_of_four(cast: Cast, sign_in) -> None:
    others = [
        make_enterprise(county=cast.places["320115"], name=f"第{n}厂", code=f"9132011500000{n:05d}") for n in range(4)
    ]
    for value, one in enumerate([cast.enterprise, *others]):
        say(cast, PEOPLE, 100 * (value + 1), enterprise=one)
    for one in (cast.enterprise, *others[:3]):
        say(cast, MEMBERS, 9, enterprise=one)
    html = page(sign_in(cast.clerk), cast.enterprise)
    assert row_of(html, "职工人数")[3:] == ["还没有计算", "还没有计算"]
    store_medians(LAST)
    html = page(sign_in(cast.clerk), cast.enterprise)
    assert row_of(html, "职工人数")[3:] == ["3005家", "3005家"]
    assert row_of(html, "党员总数")[3:] == ["不足5家，不显示"] * 2
    assert "江宁区中位数" in html and "全省制造业中位数" in html


def test_figures_stand_under_their_areas_in_the_order_they_are_declared(cast: Cast) -> None:
    for code in ("E03.reported", MEMBERS, EVENT, PEOPLE):
        say(cast, code, 1)
    figures = figures_of(cast.enterprise, LAST)
    assert [area.label for area in figures.areas][:2] == ["企业基本情况", "思想引领"]
    assert "E03.reported" not in [one.fact.code for one in figures.lines], "it counts enterprises"


def test_a_return_that_is_owed_and_not_counted_is_named(cast: Cast, sign_in) -> None:
    Duty.objects.all().delete()
    Duty.objects.create(
        enterprise=cast.enterprise,
        **{level: getattr(cast.enterprise, level) for level in ("province", "city", "county")},
        kind="ideology.partydevelopment",
        period=LAST.code,
        quarter=LAST.code,
        due=LAST.last_day,
    )
    html = page(sign_in(cast.clerk), cast.enterprise)
    assert f"应报，{LAST.last_day:%Y-%m-%d}截止；还没有已通过审核的数字" in text(html)
    say(cast, MEMBERS, 5)
    assert "还没有已通过审核的数字" not in page(sign_in(cast.clerk), cast.enterprise)


def test_each_figure_opens_the_records_it_was_counted_from(cast: Cast, sign_in) -> None:
    lecture(cast, title="算进去的一课")
    lecture(cast, who="second_enterprise", title="别家的一课")
    catch_up()
    for who in ("clerk", "county"):
        browser = sign_in(cast.people[who])
        address = re.search(r'href="([^"]*fact=B01\.sessions[^"]*)"', page(browser, cast.enterprise))
        opened = browser.get(address[1].replace("&amp;", "&")).content.decode()
        assert "算进去的一课" in opened and "别家的一课" not in opened
        people = re.search(r'href="([^"]*fact=REG\.headcount[^"]*)"', page(browser, cast.enterprise))
        assert "江宁示例机械有限公司" in browser.get(people[1].replace("&amp;", "&")).content.decode()


def test_what_waits_is_seen_though_nothing_of_its_kind_was_ever_counted(cast: Cast, sign_in) -> None:
    """A return that was not owed and was handed in for the first time."""
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug="ideology.partydevelopment", period=LAST.code)
    clerk = sign_in(cast.clerk)
    shown = text(page(clerk, cast.enterprise))
    assert "发展党员情况待审核1条还没有已通过审核的数字" in shown and "发展党员情况未填报" not in shown
    exported = clerk.get(reverse("reporting:enterprise_export", args=[cast.enterprise.pk]), {"quarter": LAST.code})
    book = load_workbook(io.BytesIO(exported.content))
    assert any("发展党员情况" in row and "还没有已通过审核的数字" in row for row in book["数据"].values)
    panel = text(clerk.get(reverse("enterprises:detail", args=[cast.enterprise.pk])).content.decode())
    assert "新发展党员（人）" in panel and "待审核1条" in panel


def test_of_what_waits_it_is_not_said_which_part_of_the_kind_it_is(cast: Cast, sign_in) -> None:
    """A sports event that waits is no reading event that waits."""
    say(cast, "B12.lessons", 3)
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug="ideology.microwork", happened_on=LAST.last_day)
    assert row_of(page(sign_in(cast.clerk), cast.enterprise), "微党课")[0] == "3同类待审核1条"


def test_what_waits_stands_beside_what_was_approved(cast: Cast, sign_in) -> None:
    lecture(cast)
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), happened_on=LAST.first_day, title="还没审的")
    catch_up()
    assert row_of(page(sign_in(cast.clerk), cast.enterprise), "职工大讲堂场次")[0] == "1另有1条待审核"


@pytest.mark.parametrize("name", ["enterprise", "enterprise_summary", "enterprise_export"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        *((who, 200) for who in ("clerk", "lead", "county", "city", "province", "auditor")),
        *((who, 404) for who in ("second_clerk", "neighbour", "other_county", "neighbour_city", "admin")),
    ],
)
def test_who_sees_it(cast: Cast, sign_in, who: str, status: int, name: str) -> None:
    address = reverse(f"reporting:{name}", args=[cast.enterprise.pk])
    assert sign_in(cast.people[who]).get(address).status_code == status


def test_a_quarter_the_portal_does_not_know_is_not_there(cast: Cast, sign_in) -> None:
    address = reverse("reporting:enterprise", args=[cast.enterprise.pk])
    assert sign_in(cast.clerk).get(address, {"quarter": "2019Q1"}).status_code == 404
    ReportingQuarter.objects.filter(code=LAST.code).update(is_open=False)
    assert "本季度已关闭，数字已冻结。" in page(sign_in(cast.clerk), cast.enterprise)


def test_the_menu_leads_to_the_own_enterprise_or_to_the_list_of_several(cast: Cast, sign_in) -> None:
    address = reverse("reporting:own_enterprise")
    assert cast.enterprise.name in sign_in(cast.lead).get(address).content.decode()
    Grant.objects.create(user=cast.lead, role=Role.LEAD, place=cast.second_enterprise.place)
    both = sign_in(cast.lead).get(address).content.decode()
    assert all(
        reverse("reporting:enterprise", args=[one.pk]) in both for one in (cast.enterprise, cast.second_enterprise)
    )
    assert sign_in(cast.county).get(address).status_code == 403


def test_the_enterprise_has_the_form_and_the_office_urges(cast: Cast, sign_in) -> None:
    Duty.objects.all().delete()
    duty = Duty.objects.create(
        enterprise=cast.enterprise,
        **{level: getattr(cast.enterprise, level) for level in ("province", "city", "county")},
        kind="ideology.partydevelopment",
        period=LAST.code,
        quarter=LAST.code,
        due=LAST.last_day,
    )
    own, office, reader = (page(sign_in(cast.people[who]), cast.enterprise) for who in ("clerk", "county", "auditor"))
    form = reverse("records:create", args=[duty.kind])
    assert form in own and "催办" not in own
    assert form not in office and f'name="tick" value="{duty.pk}"' in office and "催办" in office
    assert form not in reader and "催办" not in reader
    assert own.count("btn-primary") == office.count("btn-primary") == 1
    asked = sign_in(cast.county).post(f"{reverse('records:duty_urge')}?quarter={LAST.code}", {"tick": duty.pk})
    assert cast.enterprise.name in asked.content.decode()


def test_the_page_costs_the_same_however_much_was_reported(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.clerk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            page(browser, cast.enterprise)
        return len(found)

    page(browser, cast.enterprise)
    bare = queries()
    lecture(cast)
    for n in range(3):
        filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), happened_on=LAST.first_day, title=f"第 {n} 课")
        say(cast, (MEMBERS, "B04.new_members", PEOPLE)[n], n)
    catch_up()
    assert queries() == bare


def test_the_workbook_has_what_the_page_has(cast: Cast, sign_in) -> None:
    say(cast, MEMBERS, 46)
    say(cast, MEMBERS, 40, LAST.previous())
    response = sign_in(cast.county).get(
        reverse("reporting:enterprise_export", args=[cast.enterprise.pk]), {"quarter": LAST.code}
    )
    book = load_workbook(io.BytesIO(response.content))
    heads, *rows = book["数据"].iter_rows(values_only=True)
    found = next(dict(zip(heads[:8], row[:8], strict=True)) for row in rows if row[1] == "党员总数")
    assert (found[LAST.label], found[LAST.previous().label], found["比上季度"]) == (46, 40, "+6（+15.0%）")
    assert found[LAST.year_before().label] is None
    notes = dict(row for row in book["说明"].iter_rows(values_only=True))
    assert cast.enterprise.name in notes["企业"] and notes["季度"] == LAST.label
    assert len(list(book["要办的事"].iter_rows())) > 1
    entry = Entry.objects.get(event="reporting.enterprise_exported")
    assert entry.actor == cast.county and entry.note == LAST.label


def test_the_summary_of_a_quarter_that_was_never_counted_does_not_say_that_nothing_was_owed(
    cast: Cast, sign_in
) -> None:
    DutyRule.objects.create(kind="ideology.partydevelopment")
    generate_duties(LAST)
    html = page(sign_in(cast.clerk), cast.enterprise, "reporting:enterprise_summary")
    assert "应报多少、报了多少还不知道" in html and "没有应报事项" not in html
    count_source(LAST, source_by_code("duties"))
    assert "本季度应报 1 项，已报 0 项" in page(sign_in(cast.clerk), cast.enterprise, "reporting:enterprise_summary")


def test_the_summary_is_one_sheet_of_paper(cast: Cast, sign_in) -> None:
    """However much there is to say: the longest names, more figures and more to do than there is room for."""
    weasyprint = pytest.importorskip("weasyprint", exc_type=OSError)
    cast.enterprise.name = "江苏省南京市江宁经济技术开发区示例精密机械设备制造与智能装备研究股份有限公司第一分公司"
    cast.enterprise.save()
    for fact in list(declared_facts().values())[:80]:
        if fact.amount and fact.code != PEOPLE:
            say(cast, fact.code, 123_456)
            say(cast, fact.code, 23_456, LAST.previous())
            say(cast, fact.code, 223_456, LAST.year_before())
    for number in range(12):
        title = f"第{number}次很长很长的活动名称，写满了标题允许的长度，看它在纸上占几行" * 2
        filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "return"), title=title[:100])
    groups = [(cast.enterprise.county, ""), (cast.enterprise.province, "C")]
    PeerMedian.objects.bulk_create(
        PeerMedian(
            place=place, section=section, quarter=LAST.code, fact=one.fact.code, median=98_765_432, enterprises=5
        )
        for one in figures_of(cast.enterprise, LAST).lines
        for place, section in groups
    )
    figures = figures_of(cast.enterprise, LAST)
    assert len(figures.sentence) == 4
    assert len(figures.main) == SUMMARY_ROWS < len(figures.lines)
    html = page(sign_in(cast.clerk), cast.enterprise, "reporting:enterprise_summary")
    assert "另有" in html and cast.enterprise.name in html
    html = re.sub(r"<link[^>]*>|<script.*?</script>|<p class=\"print-bar.*?</p>", "", html, flags=re.S)
    css = [
        weasyprint.CSS(filename=Path(settings.BASE_DIR) / "static/css" / name) for name in ("portal.css", "pages.css")
    ]
    paper = weasyprint.CSS(string="@page { size: A4; margin: 15mm } .no-print { display: none }")
    document = weasyprint.HTML(string=html).render(stylesheets=[*css, paper])
    assert len(document.pages) == 1

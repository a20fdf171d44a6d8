"""A region is chosen above every list of an office, first among its filters, and stays chosen."""

import re

import pytest

from tests.contracts.world import filed

pytestmark = pytest.mark.django_db

#: Lists that an office narrows to a city or county.
LISTS = (
    "/records/",
    "/records/progress/",
    "/records/duties/",
    "/enterprises/",
    "/enterprises/profiles/",
    "/enterprises/pilots/",
    "/enterprises/clusters/",
    "/enterprises/organisations/",
    "/review/corrections/",
    "/review/appeals/",
    "/quality/",
    "/compliance/results/",
    "/compliance/enterprises/",
)
CHIPS = re.compile(r'<span class="chip">(.*?)<a class="chip-drop" href="([^"]*)"', re.DOTALL)


def chips(browser, address: str) -> list[str]:
    return [text for text, _href in CHIPS.findall(browser.get(address, follow=True).content.decode())]


@pytest.mark.parametrize("address", LISTS)
def test_an_office_above_counties_chooses_first_of_all(cast, sign_in, address):
    page = sign_in(cast.province).get(address).content.decode()
    assert '<optgroup label="南京市">' in page and '<option value="320571">苏州工业园区</option>' in page
    page = sign_in(cast.city).get(address).content.decode()
    assert '<option value="320106">鼓楼区</option>' in page and "苏州" not in page.split("<main")[1]
    page = sign_in(cast.county).get(address).content.decode()
    assert 'id="list-region"' not in page, "one county has nothing to choose"


@pytest.mark.parametrize("address", ["/review/", "/review/samples/"])
def test_the_citys_own_lists_as_well(cast, sign_in, address):
    assert 'id="list-region"' in sign_in(cast.city).get(address).content.decode()


@pytest.mark.parametrize(
    "address", [*LISTS, "/review/", "/review/samples/", "/notices/", "/notices/sent/", "/accounts-admin/"]
)
def test_a_row_is_at_most_four_lines_on_a_telephone(cast, sign_in, address):
    table = sign_in(cast.city).get(address).context["table"]
    lines = set(table.phone) - {"tick"}
    assert 0 < len(lines) <= 4 and lines <= set(table.base_columns), address


def test_what_was_chosen_is_kept_for_all_lists_until_it_is_dropped(cast, sign_in):
    city = sign_in(cast.city)
    answer = city.get("/records/?region=320106&chosen=1&status=")
    assert answer.url == "/records/?region=320106"
    for address in ("/records/", "/enterprises/", "/records/progress/", "/review/corrections/"):
        assert city.get(address).url == f"{address}?region=320106", address
        assert chips(city, address) == ["地区：南京市鼓楼区"], address
    page = city.get("/enterprises/?region=320106").content.decode()
    assert '<option value="320106" selected>' in page and cast.enterprise.name not in page
    (_text, drop) = CHIPS.findall(page)[0]
    assert city.get(f"/enterprises/{drop.replace('&amp;', '&')}").status_code == 302
    assert city.get("/records/").status_code == 200, "forgotten everywhere"


def test_a_link_with_a_region_changes_nothing_that_is_kept(cast, sign_in):
    city = sign_in(cast.city)
    city.get("/records/?region=320106&chosen=1")
    city.get("/records/?region=320115&fact=B01.sessions&quarter=2026Q3")
    assert city.get("/records/").url == "/records/?region=320106"


def test_a_search_in_a_list_that_a_figure_opened_keeps_no_region(cast, sign_in):
    """Its form sends along the region that came with the link: nobody chose that."""
    city = sign_in(cast.city)
    page = city.get("/records/?region=320115&fact=B01.sessions&quarter=2026Q3").content.decode()
    assert '<input type="hidden" name="chosen" value="320115">' in page
    answer = city.get("/records/?q=安全&region=320115&chosen=320115&fact=B01.sessions&quarter=2026Q3")
    assert "region=320115" in answer.url and "chosen" not in answer.url
    assert city.get("/enterprises/").status_code == 200
    city.get("/records/?q=安全&region=320106&chosen=320115")
    assert city.get("/enterprises/").url == "/enterprises/?region=320106", "another one was chosen"


def test_a_region_one_no_longer_works_in_is_not_gone_to(cast, sign_in):
    browser = sign_in(cast.city)
    browser.get("/records/?region=320571&chosen=1")
    assert browser.get("/records/").status_code == 200
    assert chips(browser, "/records/?region=320571") == ["地区：苏州市苏州工业园区"]


def test_filters_in_force_are_chips_region_first_and_the_form_stays_folded(cast, sign_in):
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    city = sign_in(cast.city)
    page = city.get("/records/?status=submitted&kind=ideology.lecture&region=320115").content.decode()
    assert [text for text, _href in CHIPS.findall(page)] == [
        "地区：南京市江宁区",
        "类型：职工大讲堂",
        "状态：待审核",
    ]
    assert '<details class="filter-more">' in page
    hrefs = [href for _text, href in CHIPS.findall(page)]
    assert hrefs[2] == "?kind=ideology.lecture&amp;region=320115", "without the state alone"
    page = city.get("/records/progress/").content.decode()
    assert "filter-chips" not in page, "the page's own quarter is nobody's choice"


def test_a_clerk_of_one_enterprise_does_not_read_its_name_in_every_row(cast, sign_in):
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    table = sign_in(cast.clerk).get("/records/").context["table"]
    assert {"enterprise", "county"}.isdisjoint(table.columns.names()) and "happened_on" in table.columns.names()
    asked = sign_in(cast.clerk).get("/records/?columns=enterprise").context["table"]
    assert asked.columns.names() == ["title", "enterprise"], "it is there for who asks"
    office = sign_in(cast.city).get("/records/").context["table"]
    assert {"enterprise", "county", "happened_on"} <= set(office.columns.names())
    county = set(sign_in(cast.county).get("/records/").context["table"].columns.names())
    assert "county" not in county and "enterprise" in county, "a county's office knows where it is"
    page = sign_in(cast.clerk).get("/records/").content.decode()
    row = page.split("<tbody>")[1].split("</tr>")[0]
    shown = [cell for cell in row.split("<td")[1:] if "off-phone" not in cell]
    assert len(shown) == 4 and record.title in shown[0], "four lines on a telephone"

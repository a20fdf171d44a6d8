"""Search everywhere: what is found, by what, by whom, and at what cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.search.searchers import Searcher, excerpt, is_enough, register_searcher, split_terms
from foundation.search.templatetags.search import marked
from policies.models import Clause, Document, Part
from tests.contracts.test_lists import more_enterprises, more_people, more_records
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db


def found(browser, text: str, **more) -> dict[str, list[str]]:
    """The titles found, by group."""
    response = browser.get("/search/", {"q": text, **more})
    assert response.status_code == 200
    return {group.searcher.name: [hit.title for hit in group.hits] for group in response.context["groups"]}


def hits(browser, text: str, group: str) -> list:
    groups = browser.get("/search/", {"q": text}).context["groups"]
    return next((entry.hits for entry in groups if entry.searcher.name == group), [])


@pytest.mark.parametrize("text", ["江宁示例机械", "jnsljx", "JNSLJX", "机械 江宁", "　机械　有限  "])
def test_an_enterprise_by_words_or_initials(cast, sign_in, text):
    assert found(sign_in(cast.city), text)["enterprises"] == [cast.enterprise.name]


def test_an_enterprise_by_its_code(cast, sign_in):
    hit = hits(sign_in(cast.county), cast.enterprise.credit_code.lower(), "enterprises")[0]
    assert (hit.title, hit.url) == (cast.enterprise.name, f"/enterprises/{cast.enterprise.pk}/")
    assert hit.matched == cast.enterprise.credit_code and hit.subtitle == "南京市江宁区"


def test_all_words_must_be_found(cast, sign_in):
    county = sign_in(cast.county)
    assert len(found(county, "江宁 示例")["enterprises"]) == 2
    assert "enterprises" not in found(county, "江宁 软件")


def test_a_record_by_title_number_kind_and_enterprise(cast, sign_in):
    record = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"))
    county = sign_in(cast.county)
    for text in (record.title, record.reference, "大讲堂 机械", "jnsljx"):
        assert found(county, text)["records"] == [record.title], text
    assert hits(county, record.reference, "records")[0].url == f"/records/{record.pk}/"


def test_a_kind_leads_clerks_to_its_form_and_offices_to_its_list(cast, sign_in):
    assert hits(sign_in(cast.clerk), "zgdjt", "kinds")[0].url == "/records/new/ideology.lecture/"
    assert hits(sign_in(cast.county), "大讲堂", "kinds")[0].url == "/records/?kind=ideology.lecture"


def test_a_clause_by_its_words(cast, sign_in):
    document = Document.objects.create(code="2022", title="实施意见", number="苏办〔2022〕1号", text="全文")
    part = Part.objects.create(code="2022-3.1", document=document, number="（一）", title="思想引领")
    Clause.objects.create(code="2022-3.1-c1", part=part, number="1", text="开展劳模精神宣传教育，建设职工书屋。")
    clerk = sign_in(cast.clerk)
    hit = hits(clerk, "劳模 书屋", "policies")[0]
    assert hit.url == "/policies/2022/#2022-3.1-c1" and "职工书屋" in hit.matched
    assert found(clerk, "苏办〔2022〕")["policies"] == ["实施意见"]
    assert "<mark>劳模</mark>" in clerk.get("/search/", {"q": "劳模"}).content.decode()


def test_the_neighbours_things_do_not_appear(cast, sign_in):
    filed(cast.neighbour, cast.neighbour_enterprise, (cast.neighbour, "submit"))
    draft = filed(cast.clerk, cast.enterprise)
    for who in ("clerk", "lead", "county", "other_county", "city"):
        groups = found(sign_in(cast.people[who]), "园区示例材料")
        assert not set(groups) & {"enterprises", "records", "people"}, who
    assert "records" not in found(sign_in(cast.county), draft.reference), "an unsent draft is the enterprise's own"
    assert found(sign_in(cast.neighbour_city), "园区示例材料")["enterprises"] == [cast.neighbour_enterprise.name]


def test_people_are_found_by_who_manages_them_only(cast, sign_in):
    assert found(sign_in(cast.admin), "陈经办") == {"people": ["陈经办"]}
    assert found(sign_in(cast.admin), "江宁示例机械")["people"] == ["陈经办", "李主席"], (
        "by the place they have a role in"
    )
    for who in ("clerk", "lead", "auditor"):
        browser = sign_in(cast.people[who])
        assert "people" not in found(browser, "陈经办"), who
        assert "账号" not in {str(searcher.label) for searcher in browser.get("/search/").context["offered"]}
    county = sign_in(cast.county)
    assert found(county, "陈经办")["people"] == ["陈经办"], "an office manages the accounts below it"
    assert "people" not in found(county, "吴邻居") and "people" not in found(county, "王市办")


def test_a_place_by_initials_and_code(cast, sign_in):
    city = sign_in(cast.city)
    assert found(city, "jnq")["places"] == found(city, "320115")["places"] == ["南京市江宁区"]
    assert "places" not in found(sign_in(cast.clerk), "320115")


def test_too_little_is_not_searched(cast, sign_in):
    county = sign_in(cast.county)
    assert "再多输入一点" in county.get("/search/?q=a").content.decode()
    assert found(county, "宁")["enterprises"], "one Chinese character is enough"
    assert "可以查找" in county.get("/search/").content.decode()
    assert "只在您的管辖或所属范围内查找" in county.get("/search/?q=没有的东西").content.decode()


def test_one_group_at_length(cast, sign_in):
    county = sign_in(cast.county)
    for number in range(12):
        more_enterprises(cast, number)
    page = county.get("/search/", {"q": "江宁示例"})
    assert len(hits(county, "江宁示例", "enterprises")) == 8 and "in=enterprises" in page.content.decode()
    assert len(found(county, "江宁示例", **{"in": "enterprises"})["enterprises"]) == 14
    assert set(found(county, "江宁示例", **{"in": "nonsense"})) == {"enterprises", "people"}


def test_htmx_gets_the_part_it_replaces(cast, sign_in):
    county = sign_in(cast.county)
    for number in range(12):
        more_enterprises(cast, number)
    live = county.get("/search/", {"q": "江宁示例"}, headers={"HX-Request": "true", "HX-Target": "search-live"})
    assert len(live.context["groups"][0].hits) == 4 and "<html" not in live.content.decode()
    part = county.get("/search/", {"q": "江宁示例"}, headers={"HX-Request": "true", "HX-Target": "search-found"})
    assert len(part.context["groups"][0].hits) == 8 and "<html" not in part.content.decode()


@pytest.mark.parametrize(("who", "most"), [("clerk", 12), ("county", 15), ("admin", 13)])
def test_more_things_cost_no_more_queries(cast, sign_in, who, most):
    browser = sign_in(cast.people[who])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get("/search/", {"q": "示例 江宁"}, headers={"HX-Request": "true", "HX-Target": "search-live"})
        return len(captured)

    def more(number: int) -> None:
        more_enterprises(cast, number)
        more_records(cast, number)
        more_people(cast, number)

    queries()
    more(0)
    few = queries()
    more(1)
    more(2)
    assert queries() == few <= most


@pytest.mark.parametrize(
    "text", ["%", "_" * 5, "' OR 1=1 --", "<script>alert(1)</script>", "\\" * 9, "囍 " * 500, "9" * 300, "²²"]
)
def test_hostile_words_find_nothing_and_break_nothing(cast, sign_in, text):
    response = sign_in(cast.province).get("/search/", {"q": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    assert response.context["groups"] == []


def test_words():
    assert split_terms(" 机械　 江宁 机械 ") == ("机械", "江宁")
    assert len(split_terms("一 二 三 四 五 六 七 八")) == 6
    assert [is_enough(split_terms(text)) for text in ("", "a", "宁", "ab", "a b")] == [False, False, True, True, True]
    assert excerpt("前" * 60 + "词" + "后" * 200, ("词",)).startswith("…前") and excerpt("短", ("词",)) == "短"
    assert marked("a<b>A", ("a", "<")) == "<mark>a</mark><mark>&lt;</mark>b&gt;<mark>A</mark>"


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="twice"):
        register_searcher(Searcher("enterprises", "", "", "building", lambda user, words, limit: []))

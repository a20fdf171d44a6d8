"""Lists as each person likes them: columns and filters in the address, kept under a name, nobody else's business."""

import pytest
from django.urls import reverse

from foundation.audit.models import Entry
from foundation.saved_views.actions import VIEWS_PER_PAGE, clean_query, save_view
from foundation.saved_views.models import SavedView
from tests.contracts.kinds import each_kind
from tests.records.test_story import file_lecture

pytestmark = pytest.mark.django_db

LIST = "/records/"


def save(browser, name: str, query: str, page: str = "records.list", **more):
    return browser.post(reverse("saved_views:save"), {"page": page, "name": name, "query": query, **more})


def shown_columns(response) -> list[str]:
    return [column.name for column in response.context["table"].columns]


def test_save_open_rename_and_drop(cast, sign_in):
    clerk = sign_in(cast.clerk)
    file_lecture(clerk)
    answer = save(clerk, " 本季  待审 ", "status=submitted&columns=status&columns=city&page=3&q=")
    assert answer.url == "/records/?status=submitted&columns=status&columns=city"
    page = clerk.get(answer.url)
    assert "本季 待审" in page.content.decode() and 'aria-current="true"' in page.content.decode()
    assert shown_columns(page) == ["title", "status", "city"]
    assert 'name="columns" value="city"' in page.content.decode(), "filtering keeps the columns"
    view = SavedView.objects.get()
    assert clerk.post(reverse("saved_views:rename", args=[view.pk]), {"name": "待审"}).status_code == 302
    view.refresh_from_db()
    assert view.name == "待审"
    clerk.post(reverse("saved_views:delete", args=[view.pk]))
    assert not SavedView.objects.exists()
    events = list(Entry.objects.filter(event__startswith="crud.").order_by("pk").values_list("event", flat=True))
    assert events == ["crud.view_saved", "crud.view_renamed", "crud.view_deleted"]


def test_the_default_opens_and_can_be_left(cast, sign_in):
    clerk = sign_in(cast.clerk)
    save(clerk, "待审", "status=submitted", default="1")
    save(clerk, "草稿", "status=draft", default="1")
    assert SavedView.objects.get(is_default=True).name == "草稿"
    assert clerk.get(LIST).url == "/records/?status=draft"
    everything = clerk.get(LIST, {"all": "1"})
    assert everything.status_code == 200 and not everything.context["is_filtered"]
    assert 'href="/records/?all=1"' in everything.content.decode()
    assert sign_in(cast.lead).get(LIST).status_code == 200
    view = SavedView.objects.get(is_default=True)
    clerk.post(reverse("saved_views:default", args=[view.pk]), {"default": "0"})
    assert clerk.get(LIST).status_code == 200


def test_nobody_elses(cast, sign_in):
    view = save_view(acting_user=cast.clerk, page="records.list", name="待审", query="status=submitted")
    lead = sign_in(cast.lead)
    assert "待审</a>" not in lead.get(LIST).content.decode()
    for name in ("rename", "default", "delete"):
        assert lead.post(reverse(f"saved_views:{name}", args=[view.pk]), {"name": "我的"}).status_code == 404
    save(lead, "待审", "status=draft")
    assert SavedView.objects.count() == 2


def test_refusals_say_what_to_do_and_unknown_lists_do_not_exist(cast, sign_in):
    clerk = sign_in(cast.clerk)
    assert save(clerk, "x", "", page="nothing.list").status_code == 404
    page = clerk.get(save(clerk, "  ", "status=draft").url).content.decode()
    assert "请给视图起个名字" in page
    assert "最多 30 个字" in clerk.get(save(clerk, "长" * 31, "").url).content.decode()
    assert "筛选条件太长" in clerk.get(save(clerk, "长", "q=" + "a" * 2100).url).content.decode()[:200000]
    for number in range(VIEWS_PER_PAGE):
        save(clerk, f"视图{number}", "status=draft")
    assert f"最多保存 {VIEWS_PER_PAGE} 个" in clerk.get(save(clerk, "再一个", "").url).content.decode()
    save(clerk, "视图0", "status=approved")
    assert SavedView.objects.get(name="视图0").query == "status=approved", "the same name replaces"
    one, two = SavedView.objects.order_by("pk")[:2]
    clerk.post(reverse("saved_views:rename", args=[one.pk]), {"name": two.name})
    one.refresh_from_db()
    assert one.name == "视图0"


def test_a_query_is_kept_without_what_is_no_filter():
    assert clean_query("status=draft&page=4&all=1&q=&sort=-title&columns=a&columns=b") == (
        "status=draft&sort=-title&columns=a&columns=b"
    )


@pytest.mark.parametrize("kind", each_kind())
def test_every_kind_shows_its_columns_and_offers_the_rest(cast, sign_in, kind):
    clerk = sign_in(cast.clerk)
    page = clerk.get(LIST, {"kind": kind.slug})
    shown = set(shown_columns(page))
    assert set(kind.columns) <= shown
    offered = {choice.name for choice in page.context["tools"].columns} | {"title"}
    assert shown <= offered
    everything = clerk.get(LIST, {"kind": kind.slug, "columns": sorted(offered)})
    assert everything.status_code == 200 and set(shown_columns(everything)) == offered


def test_the_register_has_views_and_columns_too(cast, sign_in):
    county = sign_in(cast.county)
    save(county, "有工会", "columns=credit_code&columns=has_union", page="enterprises.list", default="1")
    answer = county.get("/enterprises/", follow=True)
    assert shown_columns(answer) == ["name", "credit_code", "has_union"]
    assert cast.enterprise.credit_code in answer.content.decode()


def test_columns_cost_no_query_a_row(cast, sign_in, django_assert_max_num_queries):
    clerk, province = sign_in(cast.clerk), sign_in(cast.province)
    titles = ("安全生产", "党的创新理论进车间", "女职工权益")
    for number, title in enumerate(titles):
        file_lecture(clerk, title=title, speaker=f"讲师{number}")
    query = {"kind": "ideology.lecture", "columns": ["city", "county", "enterprise", "speaker", "venue", "status"]}
    province.get(LIST, query)
    with django_assert_max_num_queries(12):
        assert len(province.get(LIST, query).context["table"].rows) == len(titles)

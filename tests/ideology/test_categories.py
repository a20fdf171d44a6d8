"""The province settles what the 三代表三委员 are."""

import pytest

from foundation.audit.models import Entry
from ideology.loading import CATEGORIES, load_representative_categories
from ideology.models import RepresentativeCategory

pytestmark = pytest.mark.django_db

LIST = "/ideology/representative-categories/"


def test_the_proposal_is_marked_as_such_until_settled(cast, sign_in):
    province = sign_in(cast.province)
    page = province.get(LIST).content.decode()
    assert page.count("待核定") >= len(CATEGORIES)
    values = {"name": "市政协委员", "order": 5, "is_settled": "on", "is_active": "on"}
    assert province.post(f"{LIST}cppcc/edit/", values).status_code == 302
    category = RepresentativeCategory.objects.get(code="cppcc")
    assert (category.name, category.is_settled) == ("市政协委员", True)
    entry = Entry.objects.get(event="ideology.category_saved")
    assert entry.changes["名称"] == ["政协委员", "市政协委员"] and "次序" not in entry.changes


def test_a_new_one_and_what_is_refused(cast, sign_in):
    province = sign_in(cast.province)
    new = {"code": "village", "name": "村民代表", "order": 9, "is_active": "on"}
    assert province.post(f"{LIST}new/", new).status_code == 302
    again = province.post(f"{LIST}new/", new).content.decode()
    assert "这个编码已经用过" in again and "已经有这个名称的类别" in again
    assert RepresentativeCategory.objects.filter(code="village").count() == 1
    assert province.get(f"{LIST}nothing/").status_code == 404


def test_only_the_province(cast, sign_in):
    found = sign_in(cast.province).get("/search/", {"q": "三代表三委员类别"}).content.decode()
    assert f'href="{LIST}"' in found
    for name in ("clerk", "county", "city", "auditor", "admin"):
        browser = sign_in(getattr(cast, name))
        assert browser.get(LIST).status_code == 403
        assert LIST not in browser.get("/").content.decode()


def test_a_second_load_leaves_the_provinces_list_alone(cast):
    RepresentativeCategory.objects.filter(code="cppcc").delete()
    assert load_representative_categories().touched == 0
    assert not RepresentativeCategory.objects.filter(code="cppcc").exists()

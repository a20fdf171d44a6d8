"""阵地与基地: who holds a base, who keeps it, where it lies, and how a workbook names its holder."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from enterprises.bases import sorts
from enterprises.bases.resources import BaseResource
from enterprises.change_actions import Move, move_enterprises
from enterprises.consequences import PlannedChange, foresee
from enterprises.models import Base, BaseSort, BaseStage, ChangeKind
from foundation.access.rules import AccessDenied
from foundation.crud.importing import import_of
from foundation.crud.resource import resource_by_key
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def kept(cast: Cast, *, by: Any = None, **values: Any) -> Base:
    """A base as an office enters it: of 江宁's first enterprise unless something else is said."""
    row = {
        "sort": BaseSort.objects.get(pk=sorts.CANTEEN),
        "name": "示例职工食堂",
        "stage": BaseStage.NAMED,
        "place": cast.places["320115"],
        "enterprise": cast.enterprise,
        "holder": "",
        "address": "示例路1号",
        **values,
    }
    saved = BaseResource().save(acting_user=by or cast.county, values=row)
    assert isinstance(saved, Base)
    return saved


def test_a_base_has_one_holder_and_lies_where_it_lies(cast: Cast) -> None:
    base = kept(cast)
    assert base.holder_name == cast.enterprise.name
    assert (base.county, base.city_id) == (cast.places["320115"], cast.places["3201"].pk)
    for wrong in ({"holder": "示例总工会", "name": "两个持有者"}, {"enterprise": None, "name": "没有持有者"}):
        with pytest.raises(ValidationError, match="持有者要填一个"):
            kept(cast, **wrong)
    with pytest.raises(ValidationError, match="请把所在地区选为"):
        kept(cast, by=cast.city, place=cast.places["320106"], name="别处的食堂")
    with pytest.raises(ValidationError, match="已经登记过"):
        kept(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Base.objects.filter(pk=base.pk).update(holder="示例总工会")
    public = kept(cast, by=cast.city, enterprise=None, holder="示例总工会", place=cast.places["3201"])
    assert public.county is None and public.holder_name == "示例总工会"


def test_holders_see_their_own_and_offices_those_of_their_place(cast: Cast, sign_in: Any) -> None:
    base = kept(cast)
    public = kept(cast, enterprise=None, holder="示例总工会", name="示例文化宫")
    for person, seen in (
        (cast.clerk, {base}),
        (cast.lead, {base}),
        (cast.second_clerk, set()),
        (cast.county, {base, public}),
        (cast.city, {base, public}),
        (cast.neighbour, set()),
    ):
        assert set(Base.objects.visible_to(person)) == seen, person
    address = reverse("enterprises:base", args=[base.pk])
    assert sign_in(cast.second_clerk).get(address).status_code == 404
    page = sign_in(cast.clerk).get(address)
    assert page.status_code == 200
    assert reverse("enterprises:base_edit", args=[base.pk]) not in page.content.decode()
    with pytest.raises(AccessDenied):
        kept(cast, by=cast.neighbour, name="邻区登记的")


def test_the_list_is_narrowed_by_sort_and_stage(cast: Cast, sign_in: Any) -> None:
    base = kept(cast)
    kept(cast, sort=BaseSort.objects.get(pk=sorts.SPORTS), name="示例运动馆")
    kept(cast, stage=BaseStage.WITHDRAWN, name="摘牌的食堂")
    asked = {"sort": sorts.CANTEEN, "stage": BaseStage.NAMED}
    listed = sign_in(cast.county).get(reverse("enterprises:bases"), asked)
    assert [row.record for row in listed.context["table"].page.object_list] == [base]


def test_the_province_settles_the_sorts(cast: Cast, sign_in: Any) -> None:
    listed = sign_in(cast.province).get(reverse("enterprises:base_sorts")).content.decode()
    assert "技能竞赛基地" in listed and "待核定" in listed
    assert sign_in(cast.county).get(reverse("enterprises:base_sorts")).status_code == 403
    assert sorts.load_base_sorts().touched == 0
    assert {code for code, _name in sorts.SORTS} == set(BaseSort.objects.values_list("pk", flat=True))


def test_a_form_keeps_the_holder_by_its_code(cast: Cast, sign_in: Any) -> None:
    base = kept(cast)
    browser = sign_in(cast.county)
    address = reverse("enterprises:base_edit", args=[base.pk])
    form = browser.get(address).context["form"]
    assert form["enterprise"].value() == cast.enterprise.credit_code
    sent = {name: value for name, value in form.initial.items() if value not in (None, False)}
    sent |= {"version": base.version, "address": "示例路2号"}
    assert browser.post(address, sent).status_code == 302
    base.refresh_from_db()
    assert (base.address, base.enterprise) == ("示例路2号", cast.enterprise)
    foreign = {**sent, "version": base.version, "enterprise": cast.enterprises["neighbour_enterprise"].credit_code}
    assert "enterprise" in browser.post(address, foreign).context["form"].errors


def test_a_workbook_names_the_holder_by_its_code(cast: Cast) -> None:
    imported = import_of(resource_by_key("enterprises.bases")).for_options({})
    cell = imported.by_name["enterprise"].widget
    code = cast.enterprise.credit_code
    assert cell.clean(f" {code.lower()} ") == cast.enterprise.pk
    assert (cell.render(cast.enterprise.pk), cell.render(None)) == (code, "")
    assert cell.clean("91320115000000999X") == 0, "no enterprise, which the form refuses"
    assert "职工好食堂" in imported.by_name["sort"].choices


def test_bases_move_with_their_holder(cast: Cast) -> None:
    base = kept(cast)
    public = kept(cast, enterprise=None, holder="示例总工会")
    into, on = cast.places["320106"], datetime.date(2026, 1, 1)
    change = PlannedChange(ChangeKind.MOVE, [cast.enterprise], on, counties={cast.enterprise.pk: into})
    foresight = foresee(change)
    assert any("1 个阵地随企业转走" in effect.text for effect in foresight.effects)
    move_enterprises(
        acting_user=cast.city, moves=[Move(cast.enterprise, into)], reason="区划", on=on, confirmed=foresight.keys
    )
    base.refresh_from_db()
    public.refresh_from_db()
    assert (base.place, base.county, public.place) == (into, into, cast.places["320115"])
    closing = foresee(PlannedChange(ChangeKind.CLOSE, [cast.enterprise], on))
    assert any("不再计入统计" in effect.text for effect in closing.effects)

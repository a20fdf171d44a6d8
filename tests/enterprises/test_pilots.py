"""Pilots: the tier follows them, day by day; stages, ends, corrections and taking a step back; parks and chains."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from enterprises.bulk import register_enterprises
from enterprises.change_actions import close_enterprise, closing_of, reopen_enterprise
from enterprises.consequences import PlannedChange, foresee
from enterprises.factories import EnterpriseFactory
from enterprises.models import ChangeKind, Cluster, Enterprise, Industry, Pilot, PilotTier
from enterprises.pilots.actions import end_pilot, open_pilot
from enterprises.pilots.tiers import keep_tiers
from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.facts.models import Change
from foundation.notify.models import Message

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def tier_of(enterprise) -> str:
    return Enterprise.objects.get(pk=enterprise.pk).pilot_tier


def opened(by, subject, tier, **values) -> Pilot:
    return open_pilot(acting_user=by, subject=subject, values={"tier": tier, **values})


def test_the_register_shows_the_highest_tier_in_force(cast):
    opened(cast.county, cast.enterprise, "county", started_on=TODAY - datetime.timedelta(days=400))
    assert tier_of(cast.enterprise) == "county", "what was written by hand before gives way to the rows"
    high = opened(cast.province, cast.enterprise, "provincial", started_on=TODAY)
    assert tier_of(cast.enterprise) == "provincial"
    assert Change.objects.filter(source="pilots", place=cast.enterprise.place).count() == 2, "figures are counted again"
    end_pilot(acting_user=cast.province, pilot_id=high.pk, version=1, ended_on=TODAY, reason="试点期满")
    assert tier_of(cast.enterprise) == "county"
    assert cast.enterprise.pilots.count() == 2, "the ended one stays"


def test_a_pilot_begins_and_ends_on_its_day_without_anybodys_doing(cast):
    tomorrow = TODAY + datetime.timedelta(days=1)
    pilot = opened(cast.city, cast.enterprise, "city", started_on=tomorrow)
    assert tier_of(cast.enterprise) == "none", "not yet"
    Pilot.objects.filter(pk=pilot.pk).update(started_on=TODAY)
    assert keep_tiers() == 1 and tier_of(cast.enterprise) == "city"
    assert keep_tiers() == 0, "nothing to do a second time"
    assert tier_of(cast.gulou_enterprise) == "city", "an entry without pilot rows is left as it is"
    Pilot.objects.filter(pk=pilot.pk).update(ended_on=TODAY)
    assert keep_tiers() == 1 and tier_of(cast.enterprise) == "none"


def test_enterprises_registered_with_a_tier_get_the_row_behind_it(cast):
    Industry.objects.create(code="C3421", level="class", name="金属切削机床制造")
    county = cast.places["320115"]
    draft = EnterpriseFactory.build(county=county, industry_id="C3421", number=801, pilot_tier=PilotTier.COUNTY)
    [enterprise] = register_enterprises(acting_user=cast.county, drafts=[draft], origin="测试")
    assert [(pilot.tier, pilot.started_on) for pilot in enterprise.pilots.all()] == [("county", None)]
    draft = EnterpriseFactory.build(county=county, industry_id="C3421", number=802, pilot_tier=PilotTier.NATIONAL)
    with pytest.raises(AccessDenied, match="省级产改办"):
        register_enterprises(acting_user=cast.county, drafts=[draft], origin="测试")


@pytest.mark.parametrize(
    ("who", "tier", "status"),
    [
        ("county", "county", 302),
        ("county", "township", 302),
        ("county", "city", 200),
        ("county", "national", 200),
        ("city", "city", 302),
        ("city", "provincial", 200),
        ("province", "national", 302),
        ("clerk", "county", 403),
        ("other_county", "county", 404),
        ("neighbour_city", "city", 404),
        ("auditor", "county", 403),
    ],
)
def test_who_may_give_which_tier(cast, sign_in, who, tier, status):
    url = f"{reverse('enterprises:pilot_create')}?enterprise={cast.enterprise.credit_code}"
    answer = sign_in(cast.people[who]).post(url, {"tier": tier})
    assert answer.status_code == status
    assert Pilot.objects.exists() is (status == 302)


def test_a_tier_above_the_office_is_refused_with_the_reason_on_the_page(cast, sign_in):
    pilot = opened(cast.province, cast.enterprise, "provincial")
    county = sign_in(cast.county)
    assert "省级试点由省级产改办设立和变更" in county.get(pilot.get_absolute_url()).content.decode()
    refused = county.post(
        reverse("enterprises:pilot_act", args=[pilot.pk, "end"]),
        {"version": 1, "end-ended_on": TODAY, "end-reason": "期满"},
    )
    assert refused.status_code == 403 and "省级产改办" in refused.content.decode()


def test_the_life_of_a_pilot_through_its_page(cast, sign_in):
    city = sign_in(cast.city)
    created = city.post(
        reverse("enterprises:pilot_create"),
        {
            "enterprise": cast.enterprise.credit_code,
            "tier": "city",
            "started_on": "2025-01-10",
            "stage": "introduction",
            "document": "示例〔2025〕1号",
        },
    )
    pilot = Pilot.objects.get()
    assert created.url == pilot.get_absolute_url()

    def act(step: str, **values):
        version = Pilot.objects.get().version
        data = {f"{step}-{name}": value for name, value in values.items()}
        url = reverse("enterprises:pilot_act", args=[pilot.pk, step])
        return city.post(url, {"version": version, **data})

    early = act("stage", stage="deepening", began_on="2024-12-31")
    assert early.status_code == 400 and "早于上一阶段开始或确定为试点的日期（2025-01-10）" in early.content.decode()
    assert 'value="2024-12-31"' in early.content.decode(), "what was typed is kept"
    assert act("stage", stage="deepening", began_on="2025-06-01").status_code == 302
    assert act("stage", stage="introduction", began_on="2025-07-01").status_code == 400
    assert (
        "请写明" in act("end", ended_on="2026-01-01", reason="").content.decode()
        or Pilot.objects.get().ended_on is None
    )
    assert act("end", ended_on="2025-01-01", reason="期满").status_code == 400
    assert act("end", ended_on="2026-01-01", reason="期满").status_code == 302
    told = Message.objects.filter(recipient=cast.clerk, event="enterprises.pilot").order_by("pk")
    assert ["已登记为市级试点" in told[0].title, "自 2026-01-01 终止" in told[1].title] == [True, True]
    page = city.get(reverse("enterprises:detail", args=[cast.enterprise.pk])).content.decode()
    assert "2026-01-01 终止：期满" in page and "示例〔2025〕1号" in page
    undo = reverse("enterprises:pilot_undo", args=[pilot.pk])
    stale = city.post(undo, {"version": 1}, follow=True)
    assert "已有变更" in stale.content.decode() and Pilot.objects.get().ended_on
    for _turn in range(3):
        city.post(undo, {"version": Pilot.objects.get().version})
    pilot.refresh_from_db()
    assert (pilot.ended_on, pilot.stage, pilot.stages.count()) == (None, "", 0)
    city.post(undo, {"version": pilot.version})
    assert not Pilot.objects.exists() and tier_of(cast.enterprise) == "none"
    events = set(Entry.objects.filter(event__startswith="enterprises.pilot").values_list("event", flat=True))
    assert events == {
        "enterprises.pilot_opened",
        "enterprises.pilot_stage_changed",
        "enterprises.pilot_ended",
        "enterprises.pilot_step_undone",
        "enterprises.pilot_removed",
    }


def test_one_tier_is_held_once_at_a_time_and_again_later(cast, sign_in):
    first = opened(cast.city, cast.enterprise, "city", started_on=datetime.date(2023, 1, 1))
    url = f"{reverse('enterprises:pilot_create')}?enterprise={cast.enterprise.credit_code}"
    city = sign_in(cast.city)
    again = city.post(url, {"tier": "city", "started_on": "2024-01-01"})
    assert "已有一段市级试点（2023-01-01 至 今）" in again.content.decode()
    end_pilot(acting_user=cast.city, pilot_id=first.pk, version=1, ended_on=datetime.date(2024, 1, 1), reason="期满")
    assert city.post(url, {"tier": "city", "started_on": "2024-01-01"}).status_code == 302
    undone = city.post(reverse("enterprises:pilot_undo", args=[first.pk]), {"version": 2}, follow=True)
    assert "重叠" in undone.content.decode(), "the first cannot come back beside the second"


def test_a_first_day_unknown_is_filled_in_later(cast, sign_in):
    pilot = opened(cast.city, cast.enterprise, "city", stage="introduction")
    city = sign_in(cast.city)
    assert "未掌握" in city.get(pilot.get_absolute_url()).content.decode()
    url = reverse("enterprises:pilot_act", args=[pilot.pk, "correct"])
    city.post(url, {"version": 1, "correct-started_on": "2024-05-01", "correct-document": "示例〔2024〕5号"})
    pilot.refresh_from_db()
    assert (str(pilot.started_on), str(pilot.stages.get().began_on)) == ("2024-05-01", "2024-05-01")
    assert Entry.objects.get(event="enterprises.pilot_corrected").changes["文号或依据"] == ["未掌握", "示例〔2024〕5号"]


def test_the_list_is_filtered_sorted_and_exported(cast, sign_in):
    opened(cast.city, cast.enterprise, "city", stage="deepening", started_on=datetime.date(2025, 2, 1))
    opened(cast.city, cast.gulou_enterprise, "county")
    city, url = sign_in(cast.city), reverse("enterprises:pilots")
    page = city.get(url, {"tier": "city", "sort": "-started_on"}).content.decode()
    assert cast.enterprise.name in page and cast.gulou_enterprise.name not in page
    assert cast.gulou_enterprise.name in city.get(url, {"q": "glsl"}).content.decode()
    assert cast.enterprise.name not in city.get(url, {"state": "ended"}).content.decode()
    assert cast.enterprise.name not in city.get(url, {"region": "320106"}).content.decode()
    assert cast.enterprise.name not in sign_in(cast.neighbour_city).get(url).content.decode()
    book = load_workbook(BytesIO(city.get(reverse("enterprises:pilot_export"), {"tier": "city"}).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 2 and rows[1][0] == cast.enterprise.name and rows[1][6] == "改革深化期"
    assert Entry.objects.filter(event="enterprises.pilots_exported", note="试点，1 行").exists()


def test_a_chain_with_its_enterprises_is_a_pilot_of_its_own(cast, sign_in):
    city = sign_in(cast.city)
    created = city.post(
        reverse("enterprises:cluster_create"), {"kind": "chain", "name": "示例装备链", "place": cast.places["3201"].pk}
    )
    chain = Cluster.objects.get()
    assert created.url == chain.get_absolute_url() and (chain.city.code, chain.county) == ("3201", None)
    url = reverse("enterprises:cluster_member_set", args=[chain.pk])
    for enterprise, part in ((cast.enterprise, "head"), (cast.gulou_enterprise, "leading")):
        assert city.post(url, {"enterprise": enterprise.credit_code, "part": part}).status_code == 302
    second = city.post(url, {"enterprise": cast.second_enterprise.credit_code, "part": "head"})
    assert f"已有链主企业“{cast.enterprise.name}”" in second.content.decode()
    province = sign_in(cast.province)
    away = province.post(url, {"enterprise": cast.neighbour_enterprise.credit_code, "part": "member"})
    assert "不在南京市" in away.content.decode()
    narrow = city.post(
        reverse("enterprises:cluster_edit", args=[chain.pk]),
        {"kind": "chain", "name": "示例装备链", "place": cast.places["320115"].pk, "version": 1},
    )
    assert "不在这个地区" in narrow.content.decode()
    assert city.post(f"{reverse('enterprises:pilot_create')}?cluster={chain.pk}", {"tier": "city"}).status_code == 302
    assert Pilot.objects.get().subject == chain and tier_of(cast.gulou_enterprise) == "city"
    assert "示例装备链 · 链主企业" in sign_in(cast.clerk).get(
        reverse("enterprises:detail", args=[cast.enterprise.pk])
    ).content.decode().replace("</a>", "")
    assert sign_in(cast.county).get(chain.get_absolute_url()).status_code == 404, "it lies in the city, not the county"
    assert "不能删除" in city.post(reverse("enterprises:cluster_remove", args=[chain.pk]), follow=True).content.decode()
    rows = list(load_workbook(BytesIO(city.get(reverse("enterprises:cluster_export")).content)).active.values)
    assert {row[5] for row in rows[1:]} == {"链主企业", "龙头企业"}


def test_every_tier_written_before_becomes_a_row(cast):
    """The migration carries over what stands in a register already full."""
    from importlib import import_module  # noqa: PLC0415 -- a module whose name begins with a number

    from django.apps import apps  # noqa: PLC0415

    Enterprise.objects.filter(pk=cast.second_enterprise.pk).update(pilot_tier="none")
    import_module("enterprises.migrations.0003_carry_tiers_over").carry_over(apps, None)
    carried = dict(Pilot.objects.values_list("enterprise_id", "tier"))
    assert carried == {
        enterprise.pk: "city" for enterprise in (cast.enterprise, cast.gulou_enterprise, cast.neighbour_enterprise)
    }
    assert not Pilot.objects.exclude(started_on=None, stage="").exists()
    assert keep_tiers() == 0, "nothing changes by it"


def test_an_enterprise_that_is_closed_is_no_pilot_until_it_is_reopened(cast):
    pilot = opened(cast.city, cast.enterprise, "city", started_on=datetime.date(2024, 1, 1))

    def act(action, kind, memo=None):
        enterprise = Enterprise.objects.select_related("county__city", "place").get(pk=cast.enterprise.pk)
        change = PlannedChange(kind, [enterprise], TODAY, memo=memo or {})
        told = foresee(change)
        action(
            acting_user=cast.county,
            enterprise_id=enterprise.pk,
            version=enterprise.version,
            reason="示例",
            on=TODAY,
            confirmed=told.keys,
        )
        return "".join(effect.text for effect in told.effects)

    assert "1 个试点自办理之日起终止" in act(close_enterprise, ChangeKind.CLOSE)
    pilot.refresh_from_db()
    assert (pilot.ended_on, pilot.end_reason, tier_of(cast.enterprise)) == (TODAY, "企业注销", "none")
    assert "1 个试点恢复" in act(reopen_enterprise, ChangeKind.REOPEN, memo=closing_of(cast.enterprise).memo)
    pilot.refresh_from_db()
    assert (pilot.ended_on, tier_of(cast.enterprise)) == (None, "city")

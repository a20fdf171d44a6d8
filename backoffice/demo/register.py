"""What the demonstration knows of its register beyond the entries: days and stages of pilots, a park and a chain, yearly
profiles, townships, schools and bases. Of the cities nobody signs in for, little is known: a real register starts that way."""

import datetime
import random
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from backoffice.regions.actions import add_small_place
from enterprises.bases import sorts
from enterprises.bases.resources import BaseResource
from enterprises.models import (
    BaseLevel,
    BaseSort,
    BaseStage,
    Cluster,
    ClusterKind,
    Enterprise,
    OrganisationKind,
    Part,
    Pilot,
    PilotTier,
    Stage,
)
from enterprises.organisations.resources import OrganisationResource
from enterprises.pilots.actions import change_stage, correct_pilot, open_pilot
from enterprises.pilots.cluster_actions import set_member
from enterprises.pilots.resources import ClusterResource
from enterprises.profiles.actions import file_profile
from enterprises.profiles.queries import this_year
from enterprises.towns.actions import assign_places
from foundation.accounts.models import User
from foundation.places.models import Level, Place

#: Cities whose offices are listed accounts.
KNOWN_CITIES = ("3201", "3205")
#: How many of their enterprises have filed this year's profile.
FILED = 0.7
#: Names that nobody takes for real ones, by the region they lie in.
_CLUSTERS = (
    (ClusterKind.CHAIN, "南京示例智能装备产业链", "3201", PilotTier.CITY),
    (ClusterKind.PARK, "苏州示例新材料产业园", "320571", PilotTier.COUNTY),
)
_TOWNS = (("320115", "示例东街道"), ("320115", "示例西街道"), ("320571", "示例湖街道"))
_SCHOOLS = (
    (OrganisationKind.TECHNICIAN, "南京示例技师学院", "320115"),
    (OrganisationKind.VOCATIONAL, "苏州示例职业技术学院", "320571"),
    (OrganisationKind.ASSOCIATION, "江宁示例装备制造行业协会", "320115"),
)
#: Bases that no enterprise holds: sort, name, region, holder, level.
_PUBLIC_BASES = (
    (sorts.PALACE, "南京示例工人文化宫", "3201", "南京示例总工会", BaseLevel.CITY),
    (sorts.PALACE, "苏州工业园区示例工人文化宫", "320571", "苏州示例总工会", BaseLevel.COUNTY),
    (sorts.ONLINE, "江苏示例职工普惠服务平台", "32", "江苏示例总工会", BaseLevel.PROVINCIAL),
    (sorts.TRAINING, "南京示例技师学院实训基地", "320115", "南京示例技师学院", BaseLevel.PROVINCIAL),
    (sorts.MASTER, "南京示例技师学院名师工作室", "320115", "南京示例技师学院", BaseLevel.PROVINCIAL),
    (sorts.HERITAGE, "苏州示例职业技术学院传承创新平台", "320571", "苏州示例职业技术学院", BaseLevel.CITY),
    (sorts.LEGAL_AID, "江宁示例职工法律援助点", "320115", "江宁示例总工会", ""),
    (sorts.LEGAL_AID, "园区示例职工法律援助点", "320571", "苏州示例总工会", ""),
    (sorts.MEDIATION, "江宁示例劳动争议调解工作室", "320115", "江宁示例总工会", ""),
    (sorts.RECUPERATION, "江宁示例职工疗休养基地", "320115", "江宁示例总工会", BaseLevel.CITY),
)
#: What enterprises hold: sort, the end of its name, level; one in so many of them has it.
_HELD_BASES = (
    (sorts.CANTEEN, "职工好食堂", "", 4),
    (sorts.STUDIO, "工匠创新工作室", BaseLevel.CITY, 5),
    (sorts.CONTEST, "技能竞赛基地", BaseLevel.COUNTY, 9),
    (sorts.TECHNOLOGY, "企业技术中心", BaseLevel.PROVINCIAL, 9),
    (sorts.APARTMENT, "职工公寓", "", 9),
    (sorts.SPORTS, "职工运动馆", "", 9),
)


def know_the_register(enterprises: Sequence[Enterprise], officer: User, chance: random.Random) -> None:
    """Written by the province's officer, as if brought along from the offices' own lists."""
    known = [enterprise for enterprise in enterprises if enterprise.county.code[:4] in KNOWN_CITIES]
    places = {place.code: place for place in Place.objects.regions().select_related("city")}
    _pilots(known, officer, chance)
    for kind, name, code, tier in _CLUSTERS:
        if code in places:
            inside = [enterprise for enterprise in known if enterprise.county.code.startswith(code)][:4]
            _cluster(officer, places[code], kind, name, tier, inside)
    for enterprise in known:
        if chance.random() < FILED and enterprise.headcount is not None:
            _profile(enterprise, officer, chance)
    for code, name in _TOWNS:
        if code in places:
            _town(
                officer,
                places[code],
                name,
                [enterprise for enterprise in known if enterprise.county.code == code],
                chance,
            )
    for school, name, code in _SCHOOLS:
        if code in places:
            values = {
                "kind": school,
                "name": name,
                "code": "",
                "county": places[code],
                "contact": "",
                "is_active": True,
            }
            OrganisationResource().save(acting_user=officer, values=values)
    _bases(known, places, officer, chance)


def _bases(known: Sequence[Enterprise], places: Mapping[str, Place], officer: User, chance: random.Random) -> None:
    """Those of schools and unions, and some of every sort that enterprises hold."""
    found = {sort.pk: sort for sort in BaseSort.objects.all()}
    rows: list[dict[str, Any]] = [
        {"sort": found[sort], "name": name, "level": level, "place": places[code], "enterprise": None, "holder": holder}
        for sort, name, code, holder, level in _PUBLIC_BASES
        if code in places
    ]
    for number, enterprise in enumerate(known):
        for at, (sort, end, level, every) in enumerate(_HELD_BASES):
            if (number + at) % every == 0:
                name = f"{enterprise.name.removesuffix('有限公司')}{end}"
                held = {"enterprise": enterprise, "holder": "", "place": enterprise.county}
                rows.append({"sort": found[sort], "name": name, "level": level, **held})
    today = timezone.localdate()
    for row in rows:
        more = {
            "stage": BaseStage.APPLIED if chance.random() < 0.1 else BaseStage.NAMED,
            "responsible": "",
            "address": f"示例路{chance.randint(1, 300)}号",
            "named_on": today - datetime.timedelta(days=chance.randint(200, 2000)),
            "capacity": chance.choice((None, 40, 120, 300)),
            "is_open": row["enterprise"] is None,
        }
        BaseResource().save(acting_user=officer, values={**row, **more})


def _pilots(known: Sequence[Enterprise], officer: User, chance: random.Random) -> None:
    """A first day within the last four years, a document, and the stages since."""
    today = timezone.localdate()
    for pilot in Pilot.objects.filter(enterprise__in=[enterprise.pk for enterprise in known]).order_by("pk"):
        began = today - datetime.timedelta(days=chance.randint(90, 1400))
        document = f"示例产改〔{began.year}〕{chance.randint(1, 30)}号"
        correct_pilot(
            acting_user=officer,
            pilot_id=pilot.pk,
            version=pilot.version,
            values={"started_on": began, "document": document},
        )
        for number, stage in enumerate(Stage.values):
            day = began + datetime.timedelta(days=number * 330)
            if day <= today:
                version = pilot.version + 1 + number
                change_stage(acting_user=officer, pilot_id=pilot.pk, version=version, stage=stage, began_on=day)


def _cluster(officer: User, place: Place, kind: str, name: str, tier: str, enterprises: Sequence[Enterprise]) -> None:
    values = {"kind": kind, "name": name, "place": place, "note": ""}
    cluster = ClusterResource().save(acting_user=officer, values=values)
    if not isinstance(cluster, Cluster):
        raise TypeError(f"the register of clusters made a {type(cluster).__name__}")
    parts = (Part.HEAD if kind == ClusterKind.CHAIN else Part.LEADING, Part.LEADING, Part.MEMBER, Part.MEMBER)
    for enterprise, part in zip(enterprises, parts, strict=False):
        set_member(acting_user=officer, cluster=cluster, enterprise=enterprise, part=part)
    open_pilot(acting_user=officer, subject=cluster, values={"tier": tier, "stage": Stage.INTRODUCTION})


def _profile(enterprise: Enterprise, officer: User, chance: random.Random) -> None:
    staff = enterprise.headcount or 0
    values = {
        "headcount": staff,
        "frontline_count": enterprise.frontline_count,
        "industrial_count": staff * chance.randint(60, 90) // 100 if enterprise.industry_id[0] in "CDEGI" else None,
        "women_count": staff * chance.randint(20, 45) // 100,
        "wages_total": staff * chance.randint(70, 160) // 10,
        "union_members": staff * chance.randint(85, 100) // 100 if enterprise.has_union else 0,
        "young_count": staff * chance.randint(30, 55) // 100,
    }
    file_profile(acting_user=officer, enterprise_id=enterprise.pk, year=this_year(), version=0, values=values)


def _town(officer: User, county: Place, name: str, enterprises: Sequence[Enterprise], chance: random.Random) -> None:
    town = add_small_place(acting_user=officer, county=county, level=Level.TOWNSHIP, name=name)
    for enterprise in enterprises:
        if chance.random() < 0.5:
            assign_places(acting_user=officer, enterprise_id=enterprise.pk, township=town, park=None)

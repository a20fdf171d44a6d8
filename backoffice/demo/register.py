"""What the demonstration knows of its register beyond the entries: days and stages of pilots, a park and a chain, yearly
profiles, townships, schools, bases and bodies. Of the cities nobody signs in for, little is known: a real register starts that way."""

import datetime
import itertools
import random
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from backoffice.regions.actions import add_small_place
from enterprises.bases import sorts
from enterprises.bases.resources import BaseResource
from enterprises.bodies.actions import save_meeting, save_member
from enterprises.bodies.resources import BodyResource
from enterprises.factories import person_name
from enterprises.fostering.resources import FosteredResource
from enterprises.models import (
    BaseLevel,
    BaseSort,
    BaseStage,
    Body,
    BodyKind,
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

#: Bodies of regions: kind, the end of the name, and the regions that have one.
_PUBLIC_BODIES = (
    (BodyKind.JOINT, "产业工人队伍建设改革联席会议", ("32", "3201", "3205", "320115", "320571")),
    (BodyKind.OPENNESS, "厂务公开民主管理协调联动机制", ("32",)),
    (BodyKind.EXPRESS, "快递行业协调劳动关系三方委员会", ("32", "3201")),
    (BodyKind.FIVE, "“五位一体”劳动争议多元化解机制", ("3201", "3205", "320115")),
)


def know_the_register(
    enterprises: Sequence[Enterprise], officer: User, chance: random.Random, *, telling: Sequence[Enterprise] = ()
) -> None:
    """Written by the province's officer, as if brought along from the offices' own lists. ``telling``: who has filed a
    profile, whatever else is known of its city."""
    known = [enterprise for enterprise in enterprises if enterprise.county.code[:4] in KNOWN_CITIES]
    places = {place.code: place for place in Place.objects.regions().select_related("city")}
    _pilots(known, officer, chance)
    for kind, name, code, tier in _CLUSTERS:
        if code in places:
            inside = [enterprise for enterprise in known if enterprise.county.code.startswith(code)][:4]
            _cluster(officer, places[code], kind, name, tier, inside)
    without_union = itertools.cycle(_MEMBERS_WITHOUT)
    for enterprise in enterprises:
        is_told = enterprise in telling or (
            enterprise in known and (chance.random() < FILED or not enterprise.has_union)
        )
        if is_told and enterprise.headcount is not None:
            _profile(enterprise, officer, chance, members=None if enterprise.has_union else next(without_union))
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
    _bodies(known, places, officer, chance)
    _fostered(known, officer, chance)


def _body(officer: User, place: Place, kind: str, name: str, **more: Any) -> Body:
    body = BodyResource().save(acting_user=officer, values={"kind": kind, "name": name, "place": place, **more})
    if not isinstance(body, Body):
        raise TypeError(f"the register of bodies made a {type(body).__name__}")
    return body


def _bodies(known: Sequence[Enterprise], places: Mapping[str, Place], officer: User, chance: random.Random) -> None:
    """Those of regions with people and meetings of the last half-year; of enterprises an association, a body for
    innovation or board seats."""
    today = timezone.localdate()
    for kind, end, codes in _PUBLIC_BODIES:
        for code in filter(places.__contains__, codes):
            body = _body(officer, places[code], kind, f"{places[code].name}示例{end}")
            for post in ("召集人", "成员"):
                person = {"name": person_name(), "unit": f"示例{post}单位", "post": post}
                save_member(acting_user=officer, body_id=body.pk, values=person)
            for ago in (chance.randint(100, 180), chance.randint(1, 60)):
                day = today - datetime.timedelta(days=ago)
                said = {"held_on": day, "topic": "产改重点任务推进情况", "resolution": "按分工推进，季末通报进度。"}
                save_meeting(acting_user=officer, body_id=body.pk, values=said)
    for number, enterprise in enumerate(known):
        stem, place = enterprise.name.removesuffix("有限公司"), enterprise.place
        if number % 4 == 0:
            _body(officer, place, BodyKind.ASSOCIATION, f"{stem}职工文体协会", member_count=chance.randint(20, 200))
        if number % 5 == 1:
            _body(officer, place, BodyKind.INNOVATION, f"{stem}职工科技创新委员会")
        if number % 3 == 2:
            seats = {
                "board_seats": 5,
                "employee_directors": number % 2,
                "supervisory_seats": 3,
                "employee_supervisors": 1,
            }
            if number % 9 == 2:
                # Fewer than the law asks, where there are three hundred staff or more.
                seats |= {"employee_directors": 0, "employee_supervisors": 0}
            elif number % 9 == 5:
                seats |= {"employee_directors": 1, "supervisory_seats": 0, "employee_supervisors": 0}
            _body(officer, place, BodyKind.BOARD, f"{stem}董事会监事会职工席位", **seats)


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


def _fostered(known: Sequence[Enterprise], officer: User, chance: random.Random) -> None:
    """Every fourth enterprise is on a list; some of them were taken off it again."""
    today = timezone.localdate()
    for enterprise in known[::4]:
        listed = today - datetime.timedelta(days=chance.randint(120, 900))
        values = {
            "enterprise": enterprise,
            "programme": "示例优质企业培育计划",
            "listed_on": listed,
            "delisted_on": listed + datetime.timedelta(days=100) if chance.random() < 0.15 else None,
            "document": f"示例文〔{listed.year}〕{chance.randint(1, 40)}号",
        }
        FosteredResource().save(acting_user=officer, values=values)


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


#: Members of those without a union committee, one after the other: some are many enough for one, some nobody counted.
_MEMBERS_WITHOUT = (30, 0, None)


def _profile(enterprise: Enterprise, officer: User, chance: random.Random, *, members: int | None) -> None:
    """``members``: of who has no union."""
    staff = enterprise.headcount or 0
    if enterprise.has_union:
        members = staff * chance.randint(85, 100) // 100
    values = {
        "headcount": staff,
        "frontline_count": enterprise.frontline_count,
        "industrial_count": staff * chance.randint(60, 90) // 100 if enterprise.industry_id[0] in "CDEGI" else None,
        "women_count": staff * chance.randint(20, 45) // 100,
        "wages_total": staff * chance.randint(70, 160) // 10,
        "union_members": members if members is None else min(members, staff),
        "young_count": staff * chance.randint(30, 55) // 100,
    }
    # Before 31 March the latest yearly returns are of the year before the last: what they are compared with is there too.
    for year in range(this_year() - 2, this_year() + 1):
        file_profile(acting_user=officer, enterprise_id=enterprise.pk, year=year, version=0, values=values)


def _town(officer: User, county: Place, name: str, enterprises: Sequence[Enterprise], chance: random.Random) -> None:
    town = add_small_place(acting_user=officer, county=county, level=Level.TOWNSHIP, name=name)
    for enterprise in enterprises:
        if chance.random() < 0.5:
            assign_places(acting_user=officer, enterprise_id=enterprise.pk, township=town, park=None)

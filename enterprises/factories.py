"""Sample enterprises, named so that nobody takes them for real ones: 南京江宁示例精密机械有限公司."""

import datetime
from collections.abc import Sequence

import factory
import factory.random
from factory.fuzzy import FuzzyChoice
from stdnum.cn import uscc

from enterprises.bases.sorts import SORTS
from enterprises.models import (
    OF_REGIONS,
    Base,
    BaseLevel,
    BaseSort,
    BaseStage,
    Body,
    Cluster,
    ClusterKind,
    Enterprise,
    FosteredEnterprise,
    Organisation,
    OrganisationKind,
    Ownership,
    PilotTier,
    Size,
)
from foundation.crud.factories import RegisterFactory, register_sample
from foundation.places.models import Place

#: What they make, with its class of GB/T 4754-2017.
TRADES = (
    ("精密机械", "C3421"),
    ("汽车部件", "C3670"),
    ("电子材料", "C3985"),
    ("棉纺", "C1711"),
    ("光伏设备", "C3825"),
    ("锂电池", "C3841"),
    ("通信设备", "C3921"),
    ("金属结构", "C3311"),
    ("应用软件", "I6513"),
    ("货物运输", "G5431"),
    ("市政工程", "E4813"),
    ("塑料制品", "C2929"),
    ("原料药", "C2710"),
    ("电动机", "C3812"),
    ("钢压延", "C3130"),
    ("造船", "C3731"),
    ("半导体设备", "C3562"),
    ("环保设备", "C3591"),
    ("玻璃纤维", "C3061"),
    ("供电服务", "D4420"),
    ("房屋建筑", "E4710"),
    ("酿酒", "C1512"),
    ("机械加工", "C3484"),
    ("电力电子", "C3824"),
)

_HEADCOUNTS = {
    Size.LARGE: (1000, 6000),
    Size.MEDIUM: (300, 999),
    Size.SMALL: (30, 299),
    Size.MICRO: (8, 29),
}
_SIZES = ((Size.LARGE, 15), (Size.MEDIUM, 35), (Size.SMALL, 42), (Size.MICRO, 8))
_OWNERSHIPS = (
    (Ownership.PRIVATE, 58),
    (Ownership.STATE, 20),
    (Ownership.FOREIGN, 11),
    (Ownership.HMT, 7),
    (Ownership.COLLECTIVE, 4),
)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = ("明", "芳", "伟", "静", "磊", "敏", "军", "洁", "勇", "艳", "杰", "娟")


def _pick(options: Sequence[str]) -> str:
    picked: str = factory.random.randgen.choice(options)
    return picked


def _weighted(*pairs: tuple[str, int]) -> str:
    options, weights = zip(*pairs, strict=True)
    picked: str = factory.random.randgen.choices(options, weights)[0]
    return picked


def person_name() -> str:
    """A name for a person of the sample data."""
    return _pick(_SURNAMES) + _pick(_GIVEN)


def sample_code(county_code: str, number: int) -> str:
    """A made-up unified social credit code that passes the official check: organisation code all zeros but a count."""
    base = f"91{county_code}{number:09d}"
    return base + uscc.calc_check_digit(base)


def name_stem(county: Place) -> str:
    """What the names of a county's sample enterprises begin with: 南京江宁示例."""
    city = county.own_city.short_name
    stem = county.name.removeprefix(city)
    if len(stem) > 2 and stem[-1] in "区县市" and not stem.endswith(("园区", "发区", "新区")):
        stem = stem[:-1]
    return f"{city}{stem}示例"


def sample_name(county: Place, trade: str, again: int = 0) -> str:
    """City, county and trade around the word 示例; ``again`` counts further ones of the same trade."""
    return f"{name_stem(county)}{trade}{f'第{again + 1}' if again else ''}有限公司"


def _headcount(enterprise: Enterprise) -> int:
    return factory.random.randgen.randint(*_HEADCOUNTS[Size(enterprise.size)])


def _frontline(enterprise: Enterprise) -> int | None:
    if enterprise.headcount is None:
        return None
    return enterprise.headcount * factory.random.randgen.randint(45, 85) // 100


def _tier(enterprise: Enterprise) -> str:
    if enterprise.size in (Size.SMALL, Size.MICRO):
        return _weighted((PilotTier.NONE, 60), (PilotTier.TOWNSHIP, 15), (PilotTier.COUNTY, 20), (PilotTier.CITY, 5))
    return _weighted(
        (PilotTier.NONE, 25),
        (PilotTier.COUNTY, 25),
        (PilotTier.CITY, 28),
        (PilotTier.PROVINCIAL, 18),
        (PilotTier.NATIONAL, 4),
    )


def _someone_if_pilot(enterprise: Enterprise) -> str:
    """The three of 三员: pilots mostly have them, others rarely."""
    share = 0.85 if enterprise.pilot_tier != PilotTier.NONE else 0.25
    return person_name() if factory.random.randgen.random() < share else ""


class EnterpriseFactory(factory.django.DjangoModelFactory[Enterprise]):
    """Build (never save) an entry of a county; its place is made when it is registered.

    ``number`` is counted up and makes the code unique; ``position`` is its turn within the county and chooses the
    trade, so that names differ.
    """

    class Meta:
        model = Enterprise

    class Params:
        number = factory.Sequence(lambda count: count + 1)
        position = 0
        trade = factory.LazyAttribute(
            lambda enterprise: TRADES[(enterprise.position * 7 + enterprise.county.pk) % len(TRADES)]
        )

    name = factory.LazyAttribute(
        lambda enterprise: sample_name(enterprise.county, enterprise.trade[0], enterprise.position // len(TRADES))
    )
    credit_code = factory.LazyAttribute(lambda enterprise: sample_code(enterprise.county.code, enterprise.number))
    industry_id = factory.LazyAttribute(lambda enterprise: enterprise.trade[1])
    ownership = factory.LazyFunction(lambda: _weighted(*_OWNERSHIPS))
    size = factory.LazyFunction(lambda: _weighted(*_SIZES))
    pilot_tier = factory.LazyAttribute(_tier)
    headcount = factory.LazyAttribute(_headcount)
    frontline_count = factory.LazyAttribute(_frontline)
    has_union = FuzzyChoice([True] * 9 + [False])
    has_party_organisation = factory.LazyAttribute(
        lambda enterprise: enterprise.ownership == Ownership.STATE or factory.random.randgen.random() < 0.7
    )
    instructor = factory.LazyAttribute(_someone_if_pilot)
    liaison = factory.LazyAttribute(_someone_if_pilot)
    observer = factory.LazyAttribute(_someone_if_pilot)


@register_sample("enterprises.organisations")
class OrganisationFactory(RegisterFactory):
    class Meta:
        model = Organisation

    kind = FuzzyChoice(OrganisationKind.values)
    name = factory.Sequence(lambda number: f"示例第{number + 1}学院")
    contact = FuzzyChoice(("校企合作处", "教务处", ""))
    is_active = True


@register_sample("enterprises.clusters")
class ClusterFactory(RegisterFactory):
    class Meta:
        model = Cluster

    kind = FuzzyChoice(ClusterKind.values)
    name = factory.Sequence(lambda number: f"示例第{number + 1}产业园")
    note = ""


@register_sample("enterprises.base_sorts")
class BaseSortFactory(RegisterFactory):
    class Meta:
        model = BaseSort

    code = factory.Sequence(lambda number: f"sample-sort-{number + 1}")
    name = factory.Sequence(lambda number: f"示例阵地种类{number + 1}")
    order = 90


@register_sample("enterprises.bases")
class BaseFactory(RegisterFactory):
    """Of a holder that is no enterprise: such a base may lie in any region."""

    class Meta:
        model = Base

    sort_id = FuzzyChoice([code for code, _name in SORTS])
    name = factory.Sequence(lambda number: f"示例第{number + 1}阵地")
    level = FuzzyChoice(["", *BaseLevel.values])
    stage = BaseStage.NAMED
    holder = FuzzyChoice(("示例总工会", "示例职业学院"))
    responsible = factory.LazyFunction(person_name)
    address = factory.Sequence(lambda number: f"示例路{number + 1}号")
    capacity = FuzzyChoice((None, 40, 200))
    is_open = FuzzyChoice((True, False))


@register_sample("enterprises.bodies")
class BodyFactory(RegisterFactory):
    """One of a region: an office keeps it wherever it is put."""

    class Meta:
        model = Body

    kind = FuzzyChoice(OF_REGIONS)
    name = factory.Sequence(lambda number: f"示例第{number + 1}联席会议")
    level = ""


@register_sample("enterprises.fostered_enterprises")
class FosteredFactory(RegisterFactory):
    class Meta:
        model = FosteredEnterprise

    programme = factory.Sequence(lambda number: f"示例培育计划{number + 1}")
    listed_on = FuzzyChoice((None, datetime.date(2025, 3, 1), datetime.date(2025, 9, 15)))
    document = FuzzyChoice(("", "示例文〔2025〕9号"))

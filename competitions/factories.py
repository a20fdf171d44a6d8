"""Sample records of the kinds of labour and skills competitions and of workers' innovation."""

import datetime
from decimal import Decimal

import factory
from factory.fuzzy import FuzzyChoice

from competitions.models import (
    Contest,
    ContestLevel,
    ContestRole,
    ContestSort,
    Grant,
    Innovation,
    OpenProject,
    Orientation,
    Patent,
    PatentSort,
    ProjectScheme,
    ProjectStep,
    Reserve,
    Suggestion,
    Support,
)
from records.core.factories import RecordFactory, between, chance, register_factory
from records.models import Record

_TITLES = {
    ContestSort.LABOUR: ("“安康杯”百日劳动竞赛", "重点项目建设劳动竞赛", "降本增效劳动竞赛"),
    ContestSort.SKILLS: ("焊工技术比武", "数控车工技能大赛", "叉车驾驶技术比武", "电工技能竞赛"),
    ContestSort.DRILL: ("班组岗位练兵", "装配岗位操作练兵", "质检岗位练兵周"),
    ContestSort.ONLINE: ("安全知识网上练兵", "工业机器人操作网上练兵", "电工应知应会网上练兵"),
    ContestSort.SCIENCE: ("“科创江苏”创新创业大赛", "“科创江苏”先进制造领域赛"),
    ContestSort.STARTUP: ("“创业江苏”科技创业大赛", "“创业江苏”行业赛"),
    ContestSort.METHODS: ("创新方法大赛江苏区域赛", "企业创新方法大赛"),
}
#: The trade that a contest is of, where its name says one.
_TRADES = {
    "焊工技术比武": "焊工",
    "数控车工技能大赛": "数控车工",
    "叉车驾驶技术比武": "叉车司机",
    "电工技能竞赛": "电工",
    "装配岗位操作练兵": "装配钳工",
    "工业机器人操作网上练兵": "工业机器人系统操作员",
    "电工应知应会网上练兵": "电工",
}
_STARTING = (ContestSort.SCIENCE, ContestSort.STARTUP, ContestSort.METHODS)


def _staff(record: Record) -> int:
    """Of an office's own record: people of several enterprises."""
    return (record.enterprise.headcount or 60) if record.enterprise else 600


def _within(record: Record, share: int) -> int:
    """Some of the staff, up to a share in per cent, and never more than there are."""
    return between(1, max(1, _staff(record) * share // 100))


def _known(value: int) -> int | None:
    """Now and then nobody counted: empty, not zero."""
    return None if chance(0.12) else value


def _title(record: Contest) -> str:
    titles = _TITLES[ContestSort(record.sort)]
    return titles[between(0, len(titles) - 1)]


def _level(record: Contest) -> str:
    """What an enterprise holds itself is its own; teams are sent to others'."""
    if record.role == ContestRole.HOST:
        return (ContestLevel.TEAM, ContestLevel.ENTERPRISE)[between(0, 1)]
    return (ContestLevel.COUNTY, ContestLevel.CITY, ContestLevel.PROVINCE, ContestLevel.INDUSTRY)[between(0, 3)]


def _orientation(record: Contest) -> str:
    """Only who works or trains against others is quick or strong; projects and methods win by wit or by what they earn."""
    values = Orientation.values if record.sort == ContestSort.LABOUR else Orientation.values[:2]
    return factory.random.randgen.choice([*Orientation.values[:2], *values, ""])


@register_factory
class ContestFactory(RecordFactory):
    class Meta:
        model = Contest

    role = factory.LazyFunction(
        lambda: ContestRole.HOST if chance(0.6) else (ContestRole.ORGANISER, ContestRole.TEAM)[between(0, 1)]
    )
    sort = FuzzyChoice(ContestSort.values)
    title = factory.LazyAttribute(_title)
    level = factory.LazyAttribute(_level)
    number_of_people = factory.LazyAttribute(
        lambda record: between(2, 12) if record.role == ContestRole.TEAM else min(_staff(record), between(15, 120))
    )
    frontline_contestants = factory.LazyAttribute(
        lambda record: _known(between(record.number_of_people // 2, record.number_of_people))
    )
    orientation = factory.LazyAttribute(_orientation)
    trade = factory.LazyAttribute(lambda record: _TRADES.get(record.title, ""))
    association = factory.LazyAttribute(
        lambda record: "江宁示例装备制造行业协会" if record.role != ContestRole.TEAM and chance(0.3) else ""
    )
    sponsor = factory.LazyAttribute(
        lambda record: "示例数控设备有限公司" if record.role != ContestRole.TEAM and chance(0.2) else ""
    )
    awards = factory.LazyAttribute(lambda record: between(0, 2) if record.sort in _STARTING else None)
    support = factory.LazyAttribute(lambda record: Support.values[between(0, 3)] if record.sort in _STARTING else "")


@register_factory
class ReserveFactory(RecordFactory):
    class Meta:
        model = Reserve

    has_pool = factory.LazyFunction(lambda: chance(0.7))
    masters = factory.LazyAttribute(lambda record: between(0, 2) if record.has_pool else None)
    skilled = factory.LazyAttribute(lambda record: _within(record, 8) if record.has_pool else None)
    found_in_contests = factory.LazyAttribute(
        lambda record: _known(between(0, record.skilled)) if record.has_pool else None
    )
    digital = factory.LazyAttribute(lambda record: _known(_within(record, 4)))
    pairs = factory.LazyFunction(lambda: between(1, 20))
    contestants = factory.LazyAttribute(lambda record: _known(_within(record, 30)))


@register_factory
class SuggestionFactory(RecordFactory):
    class Meta:
        model = Suggestion

    raised = factory.LazyFunction(lambda: between(0, 60))
    frontline_raised = factory.LazyAttribute(lambda record: _known(between(record.raised // 2, record.raised)))
    adopted = factory.LazyAttribute(lambda record: between(0, record.raised))
    carried_out = factory.LazyAttribute(lambda record: _known(between(0, record.adopted)))


@register_factory
class InnovationFactory(RecordFactory):
    class Meta:
        model = Innovation

    integrated = factory.LazyFunction(lambda: chance(0.6))
    assessed = factory.LazyFunction(lambda: chance(0.5))
    results = factory.LazyFunction(lambda: between(1, 30))
    benefit = factory.LazyAttribute(
        lambda record: None if chance(0.5) else Decimal(record.results * between(50, 900)) / 100
    )
    rewarded = factory.LazyAttribute(lambda record: _known(min(_staff(record), record.results * between(1, 3))))
    rewards = factory.LazyAttribute(
        lambda record: Decimal(record.rewarded * between(5, 30)) / 100 if record.rewarded else None
    )


_PATENTS = ("一种焊接工装夹具", "一种自动上料装置", "一种刀具磨损检测方法", "一种防错装配工位", "一种废料回收机构")


def _grants(record: Patent) -> list[Grant]:
    """Whoever tells patents one by one tells all of them."""
    sorts = [sort for sort in PatentSort for _number in range(getattr(record, sort.value) or 0)]
    year = int(str(record.period))
    return [
        Grant(
            name=_PATENTS[number % len(_PATENTS)],
            number=f"ZL{year}1{between(1000000, 9999999)}.{number % 10}",
            sort=sort,
            granted_on=datetime.date(year, between(1, 12), between(1, 28)),
            by_frontline=number < (record.frontline_first or 0),
        )
        for number, sort in enumerate(sorts)
    ]


@register_factory
class PatentFactory(RecordFactory):
    class Meta:
        model = Patent

    invention = factory.LazyFunction(lambda: between(0, 4))
    utility = factory.LazyFunction(lambda: between(1, 12))
    design = factory.LazyFunction(lambda: _known(between(0, 3)))
    frontline_first = factory.LazyAttribute(
        lambda record: _known(between(0, record.invention + record.utility + (record.design or 0)))
    )
    grants = factory.LazyAttribute(_grants)
    for_titles = factory.LazyFunction(lambda: _known(between(0, 3)))
    for_platforms = factory.LazyFunction(lambda: None if chance(0.6) else between(1, 10))


@register_factory
class OpenProjectFactory(RecordFactory):
    class Meta:
        model = OpenProject

    title = FuzzyChoice(
        ("焊接变形控制攻关", "产线节拍提升攻关", "刀具寿命提升攻关", "能耗下降攻关", "视觉检测替代攻关")
    )
    step = factory.LazyFunction(lambda: ProjectStep.BEGUN if chance(0.7) else ProjectStep.FINISHED)
    scheme = FuzzyChoice(ProjectScheme.values)
    workers = factory.LazyAttribute(lambda record: between(3, 15) if record.step == ProjectStep.BEGUN else None)
    frontline_workers = factory.LazyAttribute(
        lambda record: _known(between(1, record.workers)) if record.workers else None
    )
    investment = factory.LazyAttribute(
        lambda record: Decimal(between(200, 8000)) / 100 if record.step == ProjectStep.BEGUN and chance(0.7) else None
    )
    benefit = factory.LazyAttribute(
        lambda record: (
            Decimal(between(500, 20000)) / 100 if record.step == ProjectStep.FINISHED and chance(0.4) else None
        )
    )

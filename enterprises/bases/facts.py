"""How many bases stand, by sort and level; and what the change feed is told of them.

A base of an enterprise counts with the enterprise, where and while it was in the register; any other counts in the region it
lies in, as that region's own. It counts from the day it was named, where that is known. Of levels and states no history is
kept: today's stand. What its yearly reviews say is a value of the year they are of; a review that leaves a question empty
says nothing of it.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import NullIf
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises.bases import sorts
from enterprises.facts import ENTERPRISES
from enterprises.history import county_on, day_of, registered_on
from enterprises.models import STANDING, Base, BaseLevel, BaseReview, BaseStage
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Amounts, Counting, Fact, FactSource, Nature, YearBasis, register_source
from foundation.facts.feed import append_changes
from foundation.facts.models import Change

BASES = "bases"
_STANDS = Q(stage__in=STANDING)
_STUDIO = _STANDS & Q(sort=sorts.STUDIO)
_PLATFORM = _STANDS & Q(sort__in=(sorts.ENGINEERING, sorts.TECHNOLOGY, sorts.TECHNICAL))


def append_base_changes(places: Iterable[int]) -> None:
    """Bases of these enterprises or regions changed. Call inside the transaction of the change."""
    append_changes(Change(source=BASES, place_id=place) for place in sorted(set(places)))


def counts_at(base: Base) -> int:
    """The key of the place a base counts at: its enterprise's, or the region's."""
    return base.enterprise_id or base.place_id


def _stock(code: str, label: object, only: Q) -> Fact:
    return Fact(code, label, _("个"), Nature.STOCK, only=only)  # type: ignore[arg-type]  # a lazy text


def _of(*codes: str) -> Q:
    return _STANDS & Q(sort__in=codes)


def _by_level(prefix: str, name: object, only: Q) -> list[Fact]:
    """Of these the bases of each level; of some no level is known, so that the parts need not make up the whole."""
    return [
        _stock(
            f"{prefix}{level.value}",
            format_lazy(_("其中{level}{name}"), level=level.label, name=name),
            only & Q(level=level),
        )
        for level in BaseLevel
    ]


#: Facilities for workers' daily life.
_FACILITIES = (sorts.APARTMENT, sorts.SCHOOL, sorts.CANTEEN, sorts.PARKING, sorts.SPORTS, sorts.PALACE)
#: For each fact told in reviews the sorts of bases whose reviews tell it.
_TOLD_BY = {
    "C19.chain": (sorts.CONTEST,),
    "D16.shared": (sorts.TRAINING,),
    "D16.served": (sorts.TRAINING,),
    "G05.built": _FACILITIES,
    "G05.invested": _FACILITIES,
    "G06.covered": (sorts.LEGAL_AID,),
    "G09.users": (sorts.ONLINE,),
    "G09.served": (sorts.ONLINE,),
}
#: Questions answered with yes or no: those who say yes are counted.
_YES_OR_NO = ("chain", "built")


def _told(code: str, label: object, unit: object, name: str, basis: YearBasis, nature: Nature = Nature.STOCK) -> Fact:
    return Fact(code, label, unit, nature, amount=name, only=_of(*_TOLD_BY[code]), year_basis=basis)  # type: ignore[arg-type]  # lazy texts


class BaseFacts(FactSource):
    code = BASES
    order = 23
    follows = (ENTERPRISES,)
    facts = (
        _stock("C19.bases", _("技能竞赛基地"), _of(sorts.CONTEST)),
        *_by_level("C19.", _("技能竞赛基地"), _of(sorts.CONTEST)),
        _stock("C05.studios", _("劳模和工匠人才创新工作室"), _STUDIO),
        *_by_level("C05.", _("工作室"), _STUDIO),
        _stock("C20.platforms", _("工程研究中心、企业技术中心、工程技术研究中心"), _PLATFORM),
        _stock("C20.engineering", _("其中工程研究中心"), _of(sorts.ENGINEERING)),
        _stock("C20.technology", _("其中企业技术中心"), _of(sorts.TECHNOLOGY)),
        _stock("C20.technical", _("其中工程技术研究中心"), _of(sorts.TECHNICAL)),
        *_by_level("C20.", _("研发平台"), _PLATFORM),
        _stock("D16.bases", _("生产性实训基地"), _of(sorts.TRAINING)),
        *_by_level("D16.", _("实训基地"), _of(sorts.TRAINING)),
        _stock("D23.studios", _("“双师型”名师工作室"), _of(sorts.MASTER)),
        *_by_level("D23.studios_", _("名师工作室"), _of(sorts.MASTER)),
        _stock("D23.platforms", _("技艺技能传承创新平台"), _of(sorts.HERITAGE)),
        *_by_level("D23.platforms_", _("传承创新平台"), _of(sorts.HERITAGE)),
        _stock(
            "D23.applied",
            _("正在申报的名师工作室和传承创新平台"),
            Q(stage=BaseStage.APPLIED, sort__in=(sorts.MASTER, sorts.HERITAGE)),
        ),
        _stock("G05.apartments", _("职工公寓"), _of(sorts.APARTMENT)),
        _stock("G05.schools", _("职工学校"), _of(sorts.SCHOOL)),
        _stock("G05.canteens", _("职工好食堂"), _of(sorts.CANTEEN)),
        _stock("G05.parking", _("职工停车场"), _of(sorts.PARKING)),
        _stock("G05.sports", _("职工运动场馆"), _of(sorts.SPORTS)),
        _stock("G05.palaces", _("工人文化宫"), _of(sorts.PALACE)),
        _stock("G06.points", _("法律援助点"), _of(sorts.LEGAL_AID)),
        _stock("G09.platforms", _("“互联网+”普惠服务平台"), _of(sorts.ONLINE)),
        _stock("G12.stations", _("劳动争议调解（诉调对接）工作室"), _of(sorts.MEDIATION)),
        _told("C19.chain", _("已建一体化机制的技能竞赛基地"), _("个"), "chain", YearBasis.AS_OF),
        _told("D16.shared", _("实训基地共享企业"), _("家"), "shared", YearBasis.AS_OF),
        _told("D16.served", _("实训基地服务"), _("人次"), "served", YearBasis.CLOSED_YEAR),
        _told("G05.built", _("当年新建、改扩建的职工生活设施"), _("个"), "built", YearBasis.CLOSED_YEAR),
        _told("G05.invested", _("职工生活设施投入"), _("万元"), "invested", YearBasis.CLOSED_YEAR),
        _told("G06.covered", _("法律援助半小时覆盖的乡镇（街道）"), _("个"), "towns", YearBasis.AS_OF),
        _told("G09.users", _("普惠服务平台注册职工"), _("人"), "users", YearBasis.AS_OF, Nature.HEADCOUNT),
        _told("G09.served", _("普惠服务平台服务"), _("人次"), "served", YearBasis.CLOSED_YEAR),
    )

    def base(self, quarter: Quarter) -> models.QuerySet[Base]:
        """Those that were there on the day the quarter's figures stand for, whatever their state, with ``county_then``:
        where the enterprise that holds them then lay."""
        day = day_of(quarter)
        there = Q(named_on__isnull=True) | Q(named_on__lte=day)
        held = Q(enterprise__isnull=False) & registered_on(
            day, enterprise="enterprise", is_active="enterprise__is_active"
        )
        found = Base.objects.filter(there, held | Q(enterprise__isnull=True))
        return found.annotate(
            county_then=county_on(day, enterprise="enterprise_id", county="enterprise__county_id")
        ).order_by()

    def count(self, quarter: Quarter) -> Iterable[Counting]:
        """None of a sort is no value: that nobody entered one does not say that there is none."""
        stocks = [fact for fact in self.facts if fact.year_basis is None]
        sums = {f"value_{number}": NullIf(Count("pk", filter=fact.only), 0) for number, fact in enumerate(stocks)}
        values = {fact.code: (f"value_{number}", "") for number, fact in enumerate(stocks)}
        found: models.QuerySet[Any, Any] = self.base(quarter)
        held = found.filter(enterprise__isnull=False).values("enterprise_id", "county_then")
        yield Counting(held.annotate(**sums), "enterprise_id", "county_then", values)
        own = found.filter(enterprise__isnull=True).annotate(region_key=F("place_id"))
        yield Counting(own.values("place_id", "region_key").annotate(**sums), "place_id", "region_key", values)
        for basis in YearBasis:
            yield from self._count_told(quarter, basis)

    def _count_told(self, quarter: Quarter, basis: YearBasis) -> Iterable[Counting]:
        """What the reviews say that speak for the quarter."""
        facts = [fact for fact in self.facts if fact.year_basis is basis]
        sums = {
            f"value_{number}": Sum(_worth(fact), filter=Q(base__stage__in=STANDING, base__sort__in=_TOLD_BY[fact.code]))
            for number, fact in enumerate(facts)
        }
        values = {fact.code: (f"value_{number}", "") for number, fact in enumerate(facts)}
        day = day_of(quarter)
        then = county_on(day, enterprise="base__enterprise_id", county="base__enterprise__county_id")
        there = registered_on(day, enterprise="base__enterprise", is_active="base__enterprise__is_active")
        named = Q(base__named_on__isnull=True) | Q(base__named_on__lte=day)
        said = self.reviews(quarter, basis).filter(named)
        held = said.filter(there, base__enterprise__isnull=False).annotate(
            place_key=F("base__enterprise_id"), region_key=then
        )
        own = said.filter(base__enterprise__isnull=True).annotate(
            place_key=F("base__place_id"), region_key=F("base__place_id")
        )
        for rows in (held, own):
            yield Counting(rows.values("place_key", "region_key").annotate(**sums), "place_key", "region_key", values)

    def reviews(self, quarter: Quarter, basis: YearBasis) -> models.QuerySet[BaseReview]:
        """Of each base the newest review that may speak for the quarter, whether the base was named by then or not."""
        latest, *before = (one.year for one in basis.years(quarter))
        newest, newer = Q(year=latest), [latest]
        for year in before:
            # A set of its own, not a look for later ones row by row: where the planner takes the table for empty, the
            # latter grows with the square of the rows wherever it is joined.
            newest |= Q(year=year) & ~Q(base__in=BaseReview.objects.filter(year__in=newer).order_by().values("base"))
            newer = [*newer, year]
        return BaseReview.objects.filter(newest).order_by()

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Base]:
        found = self.base(quarter).filter(fact.only)
        if fact.year_basis is None:
            return found
        return found.filter(pk__in=self._told(fact, fact.year_basis, quarter).values("base"))

    def _told(self, fact: Fact, basis: YearBasis, quarter: Quarter) -> models.QuerySet[BaseReview]:
        """Of the reviews that speak for the quarter those that answered the fact's question."""
        return self.reviews(quarter, basis).filter(**{f"{fact.amount}__isnull": False})

    def of_today(self, fact: Fact) -> str:
        if fact.year_basis is not None:
            return gettext("状态和年度情况后来改过的，按现在登记的。")
        return gettext("命名日期以外不保留历史：类别、级别和状态按现在登记的。")

    def amounts(self, fact: Fact, quarter: Quarter) -> list[Amounts]:
        if fact.year_basis is None:
            # Summed, not counted: where there is none of them, nobody has said that there is none.
            return [Amounts(self.evidence(fact, quarter).annotate(gave=Value(1)), "pk", "gave")]
        counted = self.base(quarter).filter(fact.only)
        told = self._told(fact, fact.year_basis, quarter).filter(base__in=counted.values("pk"))
        return [Amounts(told.annotate(gave=_worth(fact)), "base_id", "gave")]

    def url(self, fact: str, *, region: str, quarter: str) -> str:
        return f"{reverse('enterprises:bases')}?{urlencode({'fact': fact, 'region': region, 'quarter': quarter})}"


def _worth(fact: Fact) -> models.expressions.Combinable:
    """What a review gives to the fact: its number, or 1 for yes and 0 for no."""
    if fact.amount not in _YES_OR_NO:
        return F(fact.amount)
    return Case(When(**{fact.amount: True}, then=Value(1)), When(**{fact.amount: False}, then=Value(0)))


register_source(BaseFacts())

"""How many bases stand, by sort and level; and what the change feed is told of them.

A base of an enterprise counts with the enterprise, where and while it was in the register; any other counts in the region it
lies in, as that region's own. It counts from the day it was named, where that is known. Of levels and states no history is
kept: today's stand.
"""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.bases import sorts
from enterprises.facts import ENTERPRISES
from enterprises.history import county_on, day_of, registered_on
from enterprises.models import STANDING, Base, BaseLevel, BaseStage
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Amounts, Counting, Fact, FactSource, Nature, register_source
from foundation.facts.feed import append_changes
from foundation.facts.models import Change

BASES = "bases"
_STANDS = Q(stage__in=STANDING)
_STUDIO = _STANDS & Q(sort=sorts.STUDIO)


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


class BaseFacts(FactSource):
    code = BASES
    order = 23
    follows = (ENTERPRISES,)
    facts = (
        _stock("C19.bases", _("技能竞赛基地"), _of(sorts.CONTEST)),
        _stock("C05.studios", _("劳模和工匠人才创新工作室"), _STUDIO),
        _stock("C05.national", _("其中国家级工作室"), _STUDIO & Q(level=BaseLevel.NATIONAL)),
        _stock("C05.provincial", _("其中省级工作室"), _STUDIO & Q(level=BaseLevel.PROVINCIAL)),
        _stock("C05.city", _("其中市级工作室"), _STUDIO & Q(level=BaseLevel.CITY)),
        _stock("C05.county", _("其中县级工作室"), _STUDIO & Q(level=BaseLevel.COUNTY)),
        _stock("C05.own", _("其中企业级工作室"), _STUDIO & Q(level=BaseLevel.OWN)),
        _stock(
            "C20.platforms",
            _("工程研究中心、企业技术中心、工程技术研究中心"),
            _of(sorts.ENGINEERING, sorts.TECHNOLOGY, sorts.TECHNICAL),
        ),
        _stock("D16.bases", _("生产性实训基地"), _of(sorts.TRAINING)),
        _stock("D23.studios", _("“双师型”名师工作室"), _of(sorts.MASTER)),
        _stock("D23.platforms", _("技艺技能传承创新平台"), _of(sorts.HERITAGE)),
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
        sums = {f"value_{number}": NullIf(Count("pk", filter=fact.only), 0) for number, fact in enumerate(self.facts)}
        values = {fact.code: (f"value_{number}", "") for number, fact in enumerate(self.facts)}
        held = self.base(quarter).filter(enterprise__isnull=False).values("enterprise_id", "county_then")
        yield Counting(held.annotate(**sums), "enterprise_id", "county_then", values)
        own = self.base(quarter).filter(enterprise__isnull=True).annotate(region_key=F("place_id"))
        yield Counting(own.values("place_id", "region_key").annotate(**sums), "place_id", "region_key", values)

    def evidence(self, fact: Fact, quarter: Quarter) -> models.QuerySet[Base]:
        return self.base(quarter).filter(fact.only)

    def amounts(self, fact: Fact, quarter: Quarter) -> list[Amounts]:
        return [Amounts(self.evidence(fact, quarter), "pk", "")]

    def url(self, fact: str, *, region: str, quarter: str) -> str:
        return f"{reverse('enterprises:bases')}?{urlencode({'fact': fact, 'region': region, 'quarter': quarter})}"


register_source(BaseFacts())

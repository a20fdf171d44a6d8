"""An enterprise's own figures as data: each beside the quarter before, the same quarter a year ago, and what is usual in
its county and its industry. Own values against own values need no like-with-like; what cannot be compared says why."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.facts import REGISTERED
from enterprises.models import Enterprise, Industry
from foundation.calendar.periods import Quarter
from foundation.facts.declaring import Fact, Nature, YearBasis
from foundation.saying import filled
from foundation.ui.formats import change
from indicators.medians import LEAST, Peers, medians_known, medians_of, peer_facts
from indicators.queries import Coverage, coverage, says_anything, told_figures, trend
from records.core.kinds import RecordKind, all_facts, area_label, kind_by_slug
from records.core.periods import first_quarter
from records.duties.models import Duty
from records.models import Record, Status
from reporting.links import fact_url
from reporting.parts import left_empty_said
from reporting.sentences import AREAS

#: The group of what the register and the yearly profile say.
REGISTER = "register"
#: Rows of the printed summary: with the rest of its text they fill one page and no more.
SUMMARY_ROWS = 10


@dataclass(frozen=True)
class Compared:
    """The own value of an earlier quarter and the change from it (``difference``, and ``change`` in words); ``why_not``: why
    there is no change to tell. ``is_not_yet``: nothing could be told of that quarter, as ``Figures.not_yet`` says."""

    value: Decimal | None
    url: str
    difference: Decimal | None = None
    change: str = ""
    why_not: str = ""
    is_not_yet: bool = False


@dataclass(frozen=True)
class Line:
    """A figure of the enterprise. ``waits``: records of its kind that are handed in and not counted yet. ``county`` and
    ``industry``: None where fewer than five enterprises have a value."""

    fact: Fact
    label: str
    value: Decimal | None
    url: str
    before: Compared
    year_ago: Compared
    county: Peers | None
    industry: Peers | None
    waits: int = 0
    #: It counts only some records of its kind, or their lines: of what waits it is not known whether these belong to it.
    is_narrowed: bool = False
    #: Of a part, how much of its whole was told without it.
    unsaid: str = ""

    @property
    def unit(self) -> str:
        return str(self.fact.unit)


@dataclass(frozen=True)
class Owed:
    """A kind of which nothing is counted yet: a return of the quarter with its day, or what waits and was not owed."""

    label: str
    due: datetime.date | None
    waits: int


@dataclass
class Area:
    """A task area's figures, and the returns of it that are owed and say nothing yet."""

    key: str
    label: str
    lines: list[Line] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.lines) + len(self.owed)


@dataclass(frozen=True)
class Figures:
    """Everything the page, the workbook and the summary say in numbers."""

    enterprise: Enterprise
    quarter: Quarter
    section: str
    areas: list[Area]
    coverage: Coverage
    #: As of when the medians stand; None: they were never worked out.
    medians_known: datetime.datetime | None
    #: Why nothing could be told of an earlier quarter: said once, and not in each row.
    not_yet: Mapping[Quarter, str] = field(default_factory=dict)

    @property
    def earlier(self) -> Quarter:
        return self.quarter.previous()

    @property
    def year_ago(self) -> Quarter:
        return self.quarter.year_before()

    @property
    def is_running(self) -> bool:
        return self.quarter.last_day >= timezone.localdate()

    @property
    def not_yet_told(self) -> list[str]:
        """``2025年第三季度平台未启用，没有数据可比。``"""
        earlier = [quarter for quarter in (self.earlier, self.year_ago) if quarter in self.not_yet]
        said = _("%(quarter)s%(why)s，没有数据可比。")
        return [said % {"quarter": quarter.label, "why": self.not_yet[quarter]} for quarter in earlier]

    @property
    def lines(self) -> list[Line]:
        return [line for area in self.areas for line in area.lines]

    @property
    def county_head(self) -> str:
        return _("%s中位数") % self.enterprise.county.short_name

    @property
    def section_head(self) -> str:
        return _("全省%s中位数") % self.section

    @property
    def sentence(self) -> list[str]:
        """How many figures rose and fell, and how many lie above and below what is usual. More is not always better."""
        lines = self.lines
        return [
            *_moves(_("与上季度相比"), [line.before.difference for line in lines]),
            *_moves(_("与去年同季相比"), [line.year_ago.difference for line in lines]),
            *_against(self.county_head, [(line.value, line.county) for line in lines]),
            *_against(self.section_head, [(line.value, line.industry) for line in lines]),
        ]

    @property
    def main(self) -> list[Line]:
        """What goes on one page: the key figures first, then the first figures of each area in turn."""
        told = [line for line in self.lines if line.value is not None]
        key = sorted((line for line in told if line.fact.key), key=lambda line: line.fact.key)
        rest: list[Line] = []
        by_area = [[line for line in area.lines if line in told and line not in key] for area in self.areas]
        for place in range(max(map(len, by_area), default=0)):
            rest += [lines[place] for lines in by_area if place < len(lines)]
        chosen = [*key, *rest][:SUMMARY_ROWS]
        return [line for line in self.lines if line in chosen]


def _moves(against: str, differences: Iterable[Decimal | None]) -> Iterator[str]:
    """A sentence on the figures that can be compared; none where none can."""
    known = [difference for difference in differences if difference is not None]
    if known:
        yield _("%(what)s，%(how)s") % {"what": against, "how": _tally(known, _("增加"), _("减少"), _("持平"))}


def _against(head: str, pairs: Iterable[tuple[Decimal | None, Peers | None]]) -> Iterator[str]:
    known = [value - peers.median for value, peers in pairs if value is not None and peers is not None]
    if known:
        yield _("与%(what)s相比，%(how)s") % {"what": head, "how": _tally(known, _("高于"), _("低于"), _("相同"))}


def _tally(differences: Sequence[Decimal], above: str, below: str, same: str) -> str:
    """How many of the differences go which way; nothing of the way that none goes."""
    counts = ((above, sum(one > 0 for one in differences)), (below, sum(one < 0 for one in differences)))
    level = (same, sum(one == 0 for one in differences))
    told = [filled(_("%(word)s %(n)d 项"), {"word": word, "n": n}) for word, n in (*counts, level) if n]
    return filled(_("能比的 %(all)d 项数据中，%(told)s。"), {"all": len(differences), "told": _("、").join(told)})


def _asked() -> list[tuple[str, RecordKind | None, Fact]]:
    """(area, kind, fact) of all that can be said of one enterprise: first the register, then the areas in the order of the
    opinion's measures, in each as it is declared."""
    facts = peer_facts()
    kinds = [kind_fact for kind_fact in all_facts() if kind_fact[1].code in facts]
    of_kinds = {fact.code for _kind, fact in kinds}
    own = [(REGISTER, None, fact) for code, fact in facts.items() if code not in of_kinds]
    rank = {area: place for place, area in enumerate(AREAS)}
    kinds.sort(key=lambda pair: rank.get(pair[0].area, len(rank)))
    return [*own, *((kind.area, kind, facts[fact.code]) for kind, fact in kinds)]


def _label(area: str) -> str:
    return _("企业基本情况") if area == REGISTER else area_label(area)


def waiting_of(enterprise: Enterprise, quarters: Sequence[Quarter]) -> Counter[tuple[str, str]]:
    """How many records of the enterprise wait for a decision, by kind and quarter: filed, and not in its figures yet. One
    query."""
    codes = [quarter.code for quarter in quarters]
    rows = Record.objects.filter(enterprise=enterprise, status=Status.SUBMITTED, quarter__in=codes)
    found = rows.order_by().values_list("kind", "quarter").annotate(n=Count("pk"))
    return Counter({(kind, quarter): n for kind, quarter, n in found})


def _not_yet(
    first: Quarter | None, quarters: Sequence[Quarter], registered: Sequence[Decimal | None]
) -> dict[Quarter, str]:
    """Why nothing could be told of some of the quarters: they lie before the portal's first, or the enterprise was not in the
    register. Nobody was silent there."""
    found = {}
    for quarter, was_there in zip(quarters, registered, strict=True):
        if first is not None and quarter < first:
            found[quarter] = _("平台未启用")
        elif not was_there:
            found[quarter] = _("未纳入统计")
    return found


def _compared(
    fact: Fact,
    value: Decimal | None,
    before: Decimal | None,
    quarter: Quarter,
    than: Quarter,
    url: str,
    *,
    is_not_yet: bool,
) -> Compared:
    """What took place in a quarter that still runs is not compared with a whole one, and what is said once a year not with
    the quarter before. What is carried forward may be the very same return: that it did not change is not said."""
    if fact.year_basis is not None and than == quarter.previous():
        return Compared(None, "", why_not=_("年度数"))
    if before is None and is_not_yet:
        return Compared(None, "", is_not_yet=True)
    if value is None or before is None:
        return Compared(before, url)
    if fact.year_basis is YearBasis.AS_OF and value == before:
        return Compared(before, url, why_not=_("没有变化或沿用上年"))
    if fact.nature is Nature.FLOW and fact.year_basis is None and quarter.last_day >= timezone.localdate():
        return Compared(before, url, why_not=_("季度未结束"))
    return Compared(before, url, value - before, change(value, before))


def _says(kind: RecordKind | None, fact: Fact, values: Iterable[Decimal | None]) -> bool:
    if kind is None:
        return any(value is not None for value in values)
    return says_anything(kind, fact, values)


def figures_of(enterprise: Enterprise, quarter: Quarter) -> Figures:
    """The enterprise's figures in a quarter. Nine queries, whatever it reported."""
    quarters = [quarter, quarter.previous(), quarter.year_before()]
    asked = _asked()
    own = trend(enterprise.place, [REGISTERED, *(fact.code for _area, _kind, fact in asked)], quarters)
    told_now = told_figures([enterprise.pk], quarter)[enterprise.pk]
    not_yet = _not_yet(first_quarter(), quarters, own[REGISTERED])
    county, industry = medians_of(enterprise, quarter)
    waiting = waiting_of(enterprise, [quarter])
    areas = {area: Area(area, _label(area)) for area, _kind, _fact in asked}
    told: set[str] = set()
    owed: set[str] = set()
    for area, kind, fact in asked:
        value, before, year_ago = own[fact.code]
        if not _says(kind, fact, (value, before, year_ago)):
            continue
        if kind is not None:
            told.add(kind.slug)
        urls = [
            "" if one is None else fact_url(fact.code, region=enterprise.place.code, quarter=at.code)
            for one, at in zip((value, before, year_ago), quarters, strict=True)
        ]
        line = Line(
            fact,
            fact.label_in(quarter),
            value,
            urls[0],
            _compared(fact, value, before, quarter, quarters[1], urls[1], is_not_yet=quarters[1] in not_yet),
            _compared(fact, value, year_ago, quarter, quarters[2], urls[2], is_not_yet=quarters[2] in not_yet),
            county.get(fact.code),
            industry.get(fact.code),
            waiting[kind.slug, quarter.code] if kind else 0,
            bool(fact.only or fact.lines),
            left_empty_said(fact.code, told_now[fact.code].left_empty) if fact.code in told_now else "",
        )
        areas[area].lines.append(line)
    for duty in Duty.objects.filter(enterprise=enterprise, quarter=quarter.code).order_by("due", "kind"):
        kind = kind_by_slug(duty.kind)
        if kind.slug not in told and kind.area in areas:
            areas[kind.area].owed.append(Owed(kind.label, duty.due, waiting[kind.slug, quarter.code]))
            owed.add(kind.slug)
    for (slug, _code), waits in sorted(waiting.items()):
        # What was filed is seen, also where nothing was owed.
        filed = kind_by_slug(slug)
        if slug not in told | owed and filed.area in areas:
            areas[filed.area].owed.append(Owed(filed.label, None, waits))
    return Figures(
        enterprise,
        quarter,
        section_name(enterprise),
        [area for area in areas.values() if area.lines or area.owed],
        coverage(enterprise.place, quarter),
        medians_known(quarter),
        not_yet,
    )


def section_name(enterprise: Enterprise) -> str:
    """The section of its industry in words: 制造业. One query."""
    code = enterprise.industry.section
    return Industry.objects.filter(code=code).values_list("name", flat=True).first() or code


def too_few() -> str:
    """What stands in the place of a median over fewer than five."""
    return filled(_("不足 %d 家，不显示"), LEAST)

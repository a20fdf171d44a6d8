"""What the records, duties and figures themselves have an office act on. Later rooms add their own."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.access.rules import verdict
from foundation.calendar.periods import Year
from foundation.facts.declaring import key_facts
from foundation.facts.sentences import all_problems
from foundation.places.models import Level, Place
from foundation.saying import filled
from foundation.ui.formats import amount, quantity
from indicators.compliance.reading import newly_broken, results_of
from indicators.falling import Fall, falls
from indicators.paths import Light
from records.duties.queries import yearly_returns
from records.review.waiting import waiting_below
from reporting.attention.declaring import Asked, Attention, Named, last_whole, register_attention
from reporting.compliance.links import results_url
from reporting.dashboards.content import dashboard_url
from reporting.dashboards.indicators import indicators_url
from reporting.quality.models import WITH_OFFICE, Finding

#: So many units or figures a line names.
SHOWN = 5


def _list(name: str, asked: Asked, place: Place, fact: str) -> str:
    query = {"quarter": asked.quarter.code, "fact": fact, "region": place.code}
    return f"{reverse(name)}?{urlencode(query)}"


def _urging(asked: Asked) -> bool:
    return asked.row is not None and asked.row.is_open and bool(verdict(asked.user, "notices.urge"))


def _most(counts: Iterable[tuple[Place, int]]) -> list[tuple[Place, int]]:
    """Those with any, the most first."""
    return sorted(((unit, n) for unit, n in counts if n > 0), key=lambda pair: (-pair[1], pair[0].code))


@register_attention(10)
def behind(asked: Asked) -> Attention | None:
    """Who owes what: overdue once the day has passed, before that what is still open."""
    coverage = asked.board.coverage
    missing = coverage.due - coverage.done
    if missing <= 0:
        return None
    counts = {"quarter": asked.quarter.label, "count": missing, "all": coverage.due}
    if asked.is_over:
        title = filled(_("%(quarter)s有%(count)d项应报事项逾期未报（应报%(all)d项）"), counts)
    elif asked.row is not None:
        counts["days"] = (asked.row.enterprise_due - timezone.localdate()).days
        title = filled(_("%(quarter)s还有%(count)d项应报事项没有报（应报%(all)d项），%(days)d天后截止"), counts)
    else:
        return None
    units = _most((unit, asked.difference(unit, "DUT.due", "DUT.done")) for unit in asked.units)
    fact = "DUT.overdue" if asked.is_over else "DUT.missing"
    named = tuple(
        Named(unit.short_name, _list("records:duties", asked, unit, fact), filled(_("%d项"), n))
        for unit, n in units[:SHOWN]
    )
    label = _("查看并催办") if _urging(asked) else _("查看")
    url = _list("records:duties", asked, asked.place, fact)
    return Attention(title, "bad" if asked.is_over else "soon", url, label, named, max(0, len(units) - SHOWN))


@register_attention(15)
def behind_of_the_year(asked: Asked) -> Attention | None:
    """Annual returns of the year that the figures stand for which are overdue: they have a day of their own, and are owed with
    one quarter only. One query."""
    year = Year(asked.quarter.year).previous()
    found = yearly_returns(asked.place, year, asked.quarter)
    if not found.overdue:
        return None
    counts = {"year": year.label, "count": found.overdue, "all": found.owed}
    title = filled(_("%(year)s报表有%(count)d份逾期未报（应报%(all)d份）"), counts)
    if found.with_quarter:
        title = filled(_("%s，已计入本季度应报事项"), title)

    def opens(place: Place) -> str:
        # Whatever is not handed in of a year is owed with the quarter of its day.
        query = {"quarter": found.owed_with, "fact": "DUT.overdue", "rhythm": "annual", "region": place.code}
        return f"{reverse('records:duties')}?{urlencode(query)}"

    units = _most((unit, found.overdue_in.get(unit.pk, 0)) for unit in asked.units)
    named = tuple(Named(unit.short_name, opens(unit), filled(_("%d份"), n)) for unit, n in units[:SHOWN])
    return Attention(title, "bad", opens(asked.place), _("查看"), named, max(0, len(units) - SHOWN))


@register_attention(20)
def quiet(asked: Asked) -> Attention | None:
    """Enterprises of which nothing was heard in the quarter, neither a record nor a statement."""
    coverage = asked.board.coverage
    silent = coverage.enterprises - coverage.reported
    if silent <= 0 or not asked.is_over:
        return None
    counts = {"quarter": asked.quarter.label, "count": silent, "all": coverage.enterprises}
    title = filled(_("%(all)d家企业中有%(count)d家在%(quarter)s没有提交过记录，也没有做季度确认"), counts)
    units = _most((unit, asked.difference(unit, "REG.enterprises", "REP.reported")) for unit in asked.units)
    named = tuple(
        Named(unit.short_name, _list("records:progress", asked, unit, "REP.missing"), filled(_("%d家"), n))
        for unit, n in units[:SHOWN]
    )
    label = _("查看并催办") if _urging(asked) else _("查看")
    url = _list("records:progress", asked, asked.place, "REP.missing")
    return Attention(title, "soon", url, label, named, max(0, len(units) - SHOWN))


@register_attention(30)
def overdue_reviews(asked: Asked) -> Attention | None:
    """Records that wait for a decision longer than an office has for it, of whatever quarter, as the page that the line opens
    counts them."""
    waiting = waiting_below(asked.place)
    overdue = sum(one.overdue for one in waiting.values())
    if not overdue:
        return None
    units = _most((unit, waiting[unit.pk].overdue) for unit in asked.units if unit.pk in waiting)
    counts = {"count": overdue, "all": sum(one.records for one in waiting.values())}
    title = filled(_("各季度待审核的%(all)d条记录中，%(count)d条超过了审核时限"), counts)
    named = tuple(Named(unit.short_name, "", filled(_("%d条"), n)) for unit, n in units[:SHOWN])
    page = "records:review" if asked.place.is_county_level else "records:review_overview"
    label = _("去审核") if asked.place.is_county_level else _("看哪里积压")
    return Attention(title, "bad", reverse(page), label, named, max(0, len(units) - SHOWN))


@register_attention(40)
def off_target(asked: Asked) -> Attention | None:
    """Indicators behind the way to their target. No query: the page has them."""
    lights = [(one, one.mark.light) for one in asked.board.indicators if one.mark is not None]
    far = [one for one, light in lights if light is Light.FAR]
    late = [one for one, light in lights if light is Light.BEHIND]
    if not far and not late:
        return None
    if far:
        counts = {"count": len(far) + len(late), "far": len(far)}
        title = filled(_("%(count)d项指标没有达到目标进度或要求值，其中%(far)d项明显落后"), counts)
    else:
        title = filled(_("%d项指标没有达到目标进度或要求值"), len(late))
    url = indicators_url(asked.place, asked.quarter)
    named = tuple(
        Named(
            one.name,
            url,
            _("%(value)s，应达到 %(due)s")
            % {
                "value": quantity(one.value, one.unit, 1 if one.unit == "%" else None),
                "due": quantity(one.mark.due if one.mark else None, one.unit),
            },
        )
        for one in [*far, *late][:SHOWN]
    )
    more = max(0, len(far) + len(late) - SHOWN)
    return Attention(title, "bad" if far else "soon", url, _("看指标"), named, more, counted_in=_("项"))


@register_attention(50)
def broken_and_doubtful(asked: Asked) -> list[Attention]:
    """Rules that an enterprise broke in this quarter and not in the one before; and what looks wrong in the figures and
    nobody has asked about or settled, of whatever quarter: an unsettled doubt is one of today. One query."""
    doubts = Finding.objects.visible_to(asked.user).filter(
        **{f"{asked.place.scope_column()}_id": asked.place.pk}, state__in=WITH_OFFICE
    )
    anew = newly_broken(results_of(asked.place, asked.quarter))
    broken, doubtful = _by_unit(asked, anew, doubts)
    lines = []
    if broken:
        counts = {"quarter": asked.quarter.label, "count": sum(n for _unit, n in broken)}
        title = filled(_("%(quarter)s新出现%(count)d处不符合规定，上季度还没有"), counts)

        def results(place: Place) -> str:
            return results_url(place, asked.quarter, change="new")

        named, more = _first(broken, results)
        lines.append(Attention(title, "bad", results(asked.place), _("看清单"), named, more, _counted(asked)))
    if doubtful:
        title = filled(_("%d处数据有疑点，等着询问企业或说明了结"), sum(n for _unit, n in doubtful))

        def found(place: Place) -> str:
            return f"{reverse('reporting:findings')}?{urlencode({'region': place.code})}"

        named, more = _first(doubtful, found)
        lines.append(Attention(title, "soon", found(asked.place), _("去核实"), named, more, _counted(asked)))
    return lines


def _by_unit(asked: Asked, *found: "QuerySet[Any]") -> list[list[tuple[Place | str, int]]]:
    """How many rows of each queryset every unit directly below has, those with the most first; of a county every enterprise,
    by name. One query."""
    of_county = asked.place.is_county_level
    column = "enterprise" if of_county else "city" if asked.place.level == Level.PROVINCE else "county"
    name = "enterprise__name" if of_county else f"{column}__code"
    parts = [
        rows.order_by().annotate(which=Value(number)).values_list("which", column, name).annotate(n=Count("pk"))
        for number, rows in enumerate(found)
    ]
    units = {unit.pk: unit for unit in asked.units}
    counted: list[list[tuple[Place | str, int]]] = [[] for _rows in found]
    for which, pk, called, n in sorted(parts[0].union(*parts[1:], all=True), key=lambda row: (-row[3], row[2], row[1])):
        # What lay in a unit that is listed no longer counts in the whole and is named nowhere.
        counted[which].append((called if of_county else units.get(pk, ""), n))
    return counted


def _first(counted: list[tuple[Place | str, int]], opens: Callable[[Place], str]) -> tuple[tuple[Named, ...], int]:
    """The first few of these to be named, and how many there are besides."""
    units = [(unit, n) for unit, n in counted if unit]
    named = [
        Named(unit, "", filled(_("%d处"), n))
        if isinstance(unit, str)
        else Named(unit.short_name, opens(unit), filled(_("%d处"), n))
        for unit, n in units[:SHOWN]
    ]
    return tuple(named), max(0, len(units) - SHOWN)


def _counted(asked: Asked) -> str:
    return _("家") if asked.place.is_county_level else _("个")


@register_attention(60)
def falling(asked: Asked) -> Attention | None:
    """Key figures that fell two quarters running, of the place itself and of the units below."""
    quarter = last_whole(asked.quarter)
    unwanted = {problem.fact for problem in all_problems()}
    codes = [fact.code for fact in key_facts() if fact.code not in unwanted and fact.year_basis is None]
    found = falls([asked.place, *asked.units], codes, quarter, asked.told.cells, asked.told.pairs)
    own = found.pop(asked.place.pk, [])
    if not own and not found:
        return None
    named = [Named(_own(fall), dashboard_url(asked.place, quarter, fall.fact.code)) for fall in own]
    named += [
        Named(unit.short_name, dashboard_url(unit, quarter, found[unit.pk][0].fact.code), _told(found[unit.pk]))
        for unit in asked.units
        if unit.pk in found
    ]
    counts = {"quarter": quarter.label, "figures": len(own), "units": len(found), "place": asked.place.short_name}
    if own and found:
        title = filled(_("到%(quarter)s连续两个季度下降：%(place)s%(figures)d项重点数据，%(units)d个下级地区"), counts)
    elif own:
        title = filled(_("到%(quarter)s连续两个季度下降：%(place)s%(figures)d项重点数据"), counts)
    else:
        title = filled(_("到%(quarter)s，%(units)d个下级地区有重点数据连续两个季度下降"), counts)
    first = named[0]
    return Attention(title, "soon", first.url, _("查看走势"), tuple(named[:SHOWN]), max(0, len(named) - SHOWN))


def _own(fall: Fall) -> str:
    """``30 → 20 → 10场``; where each step is over other enterprises, both steps: ``50 → 46、48 → 47人（各按可比企业）``."""
    (first, second), (third, fourth) = fall.steps
    if second == third:
        return f"{fall.fact.label} {' → '.join(map(amount, (first, second, fourth)))}{fall.fact.unit}"
    parts = {"label": fall.fact.label, "former": f"{amount(first)} → {amount(second)}", "unit": fall.fact.unit}
    parts["latter"] = f"{amount(third)} → {amount(fourth)}"
    return _("%(label)s %(former)s、%(latter)s%(unit)s（各按可比企业）") % parts


def _told(found: list[Fall]) -> str:
    first = str(found[0].fact.label)
    return first if len(found) == 1 else filled(_("%(first)s等%(count)d项"), {"first": first, "count": len(found)})

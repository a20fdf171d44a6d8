"""What units may be compared by: every fact and every indicator in force, by area."""

import functools
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import declared_facts
from foundation.places.models import Place
from indicators.models import Indicator
from reporting.crosstable.asking import INDICATOR, Show, area_name, facts_offered
from reporting.dashboards.units import SHOWS, Choice


def shows_of(place: Place) -> list[Show]:
    """Of single enterprises there is no average."""
    return [show for show in SHOWS if show is not Show.PER_ENTERPRISE or not place.is_county_level]


def offered(quarter: Quarter, in_force: Sequence[Indicator], choice: Choice) -> SafeString:
    """The options of the choice, what is chosen first: hundreds of them, so that those which are the same on every page are
    made once."""
    now = format_html('<option value="{}" selected>{}</option>', choice.code, choice.measure.heading)
    language = get_language() or ""
    indicators = tuple((f"{INDICATOR}{one.code}", f"{one.name}（{one.unit}）") for one in in_force)
    return format_html(
        "{}{}{}",
        now,
        _indicators(language, indicators),
        _facts(quarter.code, language, tuple(declared_facts())),
    )


def _group(label: str, options: Iterable[tuple[str, str]]) -> SafeString:
    inside = format_html_join("", '<option value="{}">{}</option>', options)
    return format_html('<optgroup label="{}">{}</optgroup>', label, inside)


@functools.lru_cache(maxsize=32)
def _indicators(language: str, options: tuple[tuple[str, str], ...]) -> SafeString:
    return _group(_("指标"), options)


@functools.lru_cache(maxsize=32)
def _facts(quarter_code: str, language: str, declared: tuple[str, ...]) -> SafeString:
    """``language`` and ``declared`` are what the options depend on besides the quarter."""
    measures = facts_offered(Quarter.parse(quarter_code))
    return format_html_join(
        "",
        "{}",
        (
            (_group(area_name(area), [(one.code, one.heading) for one in inside]),)
            for area, inside in groupby(measures, key=lambda measure: measure.area)
        ),
    )

"""Filters of the printed sentences, and the parts of tables of which a page has hundreds: these are written by functions,
because a template that is included for each takes five times as long.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from foundation.ui.badges import badge_markup
from foundation.ui.formats import amount, measured, not_reported
from indicators.paths import Mark
from indicators.queries import IndicatorValue
from reporting.attention.declaring import Attention
from reporting.charted import Chart
from reporting.dashboards.units import Delta, Unit

register = template.Library()

_NUMBER = re.compile(r"(\d[\d,.]*%?)")


@register.filter
def whole_numbers(text: str) -> SafeString:
    """Text in which no line breaks inside a number: not between its digits, nor before its decimals or its %."""
    parts = _NUMBER.split(text)
    # Numbers stand at the odd positions.
    written = [
        format_html('<span class="whole">{}</span>', part) if at % 2 else escape(part) for at, part in enumerate(parts)
    ]
    return mark_safe("".join(written))  # noqa: S308 -- every part is escaped


@register.filter
def as_shown(value: object) -> object:
    """A number as every page writes it; text as it is."""
    return amount(value) if isinstance(value, Decimal | int) else value


@register.simple_tag
def named_in(line: Attention) -> SafeString:
    """What a line names: each a piece that does not break, and how many more there are."""
    last = len(line.named) - 1
    pieces = format_html_join(
        "",
        '<span class="one-piece">{}{}{}</span>',
        (
            (_linked(one.name, one.url), f" {one.note}" if one.note else "", line.separator if at < last else "")
            for at, one in enumerate(line.named)
        ),
    )
    if not line.more:
        return pieces
    said = {"n": amount(line.more), "noun": line.counted_in}
    return format_html("{}{}", pieces, _("；另有 %(n)s %(noun)s") % said)


@register.simple_tag
def chart_table(chart: Chart) -> SafeString:
    """The table behind a chart, with its notes."""
    head = format_html_join(
        "",
        '<th scope="col"{}>{}</th>',
        ((_IS_NUMBER if number else "", text) for number, text in enumerate(chart.head)),
    )
    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (first, format_html_join("", '<td class="num">{}</td>', ((as_shown(value),) for value in others)))
            for first, *others in chart.rows
        ),
    )
    return format_html(
        '<div class="table-wrap" tabindex="0" role="group" aria-label="{}"><table class="table"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>{}",
        _("图中的数"),
        head,
        rows,
        format_html_join("", '<p class="muted">{}</p>', ((note,) for note in chart.notes)),
    )


_IS_NUMBER = mark_safe(' class="num"')


@register.simple_tag
def change_cell(delta: Delta | None, label: str, why_not: str = "") -> SafeString:
    """How a figure compares; in its place why it does not, or a dash."""
    if delta is None:
        inside = _detail(why_not) or "—"
    else:
        word = format_html(' <span class="cross-word">{}</span>', delta.word) if delta.word else ""
        inside = format_html("{}{}{}", delta.text, word, _detail(delta.detail))
    tone = f" cross-{delta.tone}" if delta and delta.tone else ""
    return format_html('<td class="num{}" data-label="{}"><div>{}</div></td>', tone, label, inside)


def _detail(text: str) -> SafeString | str:
    return format_html('<span class="cross-detail">{}</span>', text) if text else ""


def _linked(text: object, url: str) -> SafeString | object:
    return format_html('<a href="{}">{}</a>', url, text) if url else text


@register.simple_tag
def unit_rows(units: Sequence[Unit], heading: str, *, has_target: bool) -> SafeString:
    """Units below a region, a row each. ``has_target``: they are held against one."""
    labels = [_("单位"), heading, _("比上季度"), _("同比"), _("目标和进度"), _("填报率"), _("家")]
    return mark_safe("".join(_unit_row(unit, labels, has_target=has_target) for unit in units))  # noqa: S308 -- escaped


def _unit_row(unit: Unit, labels: Sequence[str], *, has_target: bool) -> SafeString:
    name, heading, over_quarter, over_year, progress, rate, enterprises = labels
    cell = unit.cell
    value = (
        format_html('<span class="missing">{}</span>', cell.text)
        if cell.value is None
        else _linked(cell.text, unit.figure_url)
    )
    word = format_html(' <span class="cross-word">{}</span>', unit.band.word) if unit.band else ""
    return format_html(
        '<tr><td class="main" data-label="{}">{}</td><td class="num" data-label="{}"><div>{}{}{}</div></td>{}{}{}'
        '<td class="num" data-label="{}"><div>{}{}</div></td></tr>',
        name,
        _linked(unit.name, unit.url),
        heading,
        value,
        word,
        _detail(cell.detail),
        change_cell(unit.over_quarter, over_quarter),
        change_cell(unit.over_year, over_year),
        _light_cell(unit.mark, progress, "span", "cross-detail") if has_target else "",
        rate,
        "—" if unit.rate is None else f"{unit.rate}%",
        "" if unit.label else _reported(unit, enterprises),
    )


def _reported(unit: Unit, enterprises: str) -> SafeString:
    """Of how many enterprises it speaks."""
    reported = _linked(amount(unit.reported), unit.reported_url if unit.place else "")
    return format_html('<span class="cross-detail">{}/{} {}</span>', reported, amount(unit.enterprises), enterprises)


def _light_cell(mark: Mark | None, label: str, tag: str, css_class: str) -> SafeString:
    inside: SafeString | str = ""
    if mark is not None:
        inside = badge_markup(mark.label, tone=mark.tone)
        if mark.reason:
            inside += format_html('<{0} class="{1}">{2}</{0}>', mark_safe(tag), css_class, mark.reason)  # noqa: S308
    return format_html('<td data-label="{}"><div>{}</div></td>', label, inside)


@register.simple_tag
def indicator_cells(one: IndicatorValue) -> SafeString:
    """Name, value, target and light of an indicator."""
    if one.value is None:
        value = format_html('<span class="missing">{}</span>', not_reported())
    else:
        value = format_html("{} {}", measured(one.value, one.unit), one.unit)
    if one.coverage:
        value += format_html('<div class="muted indicator-extent">{}</div>', one.coverage)
    target: SafeString | str = "—"
    if one.target is not None:
        target = format_html("{}", amount(one.target))
        if one.mark and one.mark.whose:
            target += format_html('<div class="muted indicator-extent text-nowrap">{}</div>', one.mark.whose)
    return format_html(
        '<td class="main" data-label="{}">{} {}</td><td class="num" data-label="{}"><div>{}</div></td>'
        '<td class="num" data-label="{}"><div>{}</div></td>{}',
        _("指标"),
        one.code,
        one.label,
        _("数值"),
        value,
        _("目标"),
        target,
        _light_cell(one.mark, _("进度"), "div", "muted indicator-extent"),
    )

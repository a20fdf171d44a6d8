"""Charts: each is one function from data to an ECharts option, plain data without any code in it.

The browser draws the option as it is; for the PDF ``reporting.rendering.svg`` draws the same option. Every chart has a
title that states its subject, unit and date: it travels in the option unseen (``caption``) and stands as text above the
picture, where it can be read aloud and found. The caller shows a table with the same values behind the chart.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

Option = dict[str, Any]
Value = Decimal | int | str | None

BLUE = "#206bc4"
PALETTE = (BLUE, "#6a8cbf", "#8a96a3", "#b6c6dd")
TEXT = "#49566c"
LINE = "#dce1e7"
UNKNOWN = "#eceff2"

#: Where each of the 13 cities stands in the tile map: (column, row from the top). It resembles the geography and is no
#: map: maps need an approval number.
TILES: dict[str, tuple[int, int]] = {
    "3203": (0, 0),
    "3207": (2, 0),
    "3213": (1, 1),
    "3208": (2, 1),
    "3209": (3, 1),
    "3210": (2, 2),
    "3212": (3, 2),
    "3206": (4, 2),
    "3201": (1, 3),
    "3211": (2, 3),
    "3204": (3, 3),
    "3202": (4, 3),
    "3205": (5, 3),
}


def number(value: Value) -> float | int | None:
    """What ECharts reads; None leaves a gap, because "not reported" is not zero."""
    if value is None:
        return None
    exact = Decimal(value)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _base(title: str, unit: str) -> Option:
    return {
        "animation": False,
        "color": list(PALETTE),
        "title": {"text": f"{title}（{_('单位')}：{unit}）", "show": False},
        "textStyle": {"fontSize": 12},
        "tooltip": {"trigger": "axis", "confine": True},
        "grid": {"left": 16, "right": 24, "top": 24, "bottom": 8, "containLabel": True},
    }


def caption(option: Option) -> str:
    """The chart's title: subject, date, unit."""
    return str(option["title"]["text"])


def _labelled(value: Value, **more: Any) -> Option:
    """A bar whose label is written like every number of the portal: thousands separated."""
    exact = number(value)
    return {"value": exact, "label": {"formatter": "" if exact is None else f"{exact:,}"}, **more}


def _category_axis(names: Sequence[str]) -> Option:
    return {
        "type": "category",
        "data": list(names),
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": LINE}},
        "axisLabel": {"color": TEXT, "hideOverlap": True},
    }


def _value_axis() -> Option:
    return {
        "type": "value",
        "min": 0,
        "minInterval": 1,
        "axisLabel": {"color": TEXT},
        "splitLine": {"lineStyle": {"color": LINE}},
    }


def _quarter_axis(names: Sequence[str]) -> Option:
    """An axis on which every quarter has its label: a bar without one reads as a fall where its quarter only still runs.
    The labels are broken into short lines (``26年``, ``四季``, ``（未结束）``), so that five stand side by side on a telephone."""
    axis = _category_axis([name.replace("年", "年\n").replace("（", "\n（") for name in names])
    axis["axisLabel"] = {"color": TEXT, "interval": 0, "hideOverlap": False, "lineHeight": 14}
    return axis


def trend_option(title: str, unit: str, quarters: Sequence[str], series: Mapping[str, Sequence[Value]]) -> Option:
    """Values over quarters: bars for one series, lines for several. ``series`` maps a name to its values."""
    option = _base(title, unit)
    option["xAxis"], option["yAxis"] = _quarter_axis(quarters), _value_axis()
    alone = len(series) == 1
    shape: Option = (
        {"type": "bar", "barMaxWidth": 36, "label": {"show": True, "position": "top", "color": TEXT}}
        if alone
        else {"type": "line", "symbol": "circle", "symbolSize": 6, "connectNulls": False}
    )
    read = _labelled if alone else number
    option["series"] = [
        {"name": name, "data": [read(one) for one in values], **shape} for name, values in series.items()
    ]
    if not alone:
        option["legend"] = {"top": 0, "textStyle": {"color": TEXT}}
        option["grid"]["top"] = 40
    return option


def ranking_option(title: str, unit: str, rows: Sequence[Mapping[str, Any]]) -> Option:
    """Horizontal bars, the largest on top. ``rows``: ``{"name", "value", "url"?}``; unknown values come last, empty.

    The ``url`` of a row travels with its bar, so that a click may open what the bar counts.
    """
    ordered = sorted(rows, key=lambda row: (row["value"] is not None, Decimal(row["value"] or 0)))
    option = _base(title, unit)
    option["xAxis"], option["yAxis"] = _value_axis(), _category_axis([row["name"] for row in ordered])
    option["yAxis"]["axisLabel"]["interval"] = 0
    option["tooltip"]["axisPointer"] = {"type": "shadow"}
    option["series"] = [
        {
            "type": "bar",
            "barMaxWidth": 18,
            "label": {"show": True, "position": "right", "color": TEXT},
            "data": [_labelled(row["value"], name=row["name"], url=row.get("url", "")) for row in ordered],
        }
    ]
    return option


def tile_map_option(title: str, unit: str, cities: Sequence[Mapping[str, Any]]) -> Option:
    """A tile for each city, darker for more. ``cities``: ``{"code", "name", "value", "url"?}``; cities without a place
    in ``TILES`` are left out, cities without a value are grey and say so."""
    placed = [city for city in cities if city["code"] in TILES]
    known = [city for city in placed if city["value"] is not None]
    unknown = [city for city in placed if city["value"] is None]
    option = _base(title, unit)
    option["tooltip"] = {"confine": True, "formatter": "{b}"}
    option["grid"] = {"left": 8, "right": 8, "top": 8, "bottom": 48}
    hidden = {"show": False, "type": "category"}
    option["xAxis"] = {**hidden, "data": [str(column) for column in range(6)]}
    option["yAxis"] = {**hidden, "data": [str(row) for row in range(4)], "inverse": True}
    largest = max([number(city["value"]) or 0 for city in known], default=0)
    option["visualMap"] = [
        {
            "seriesIndex": 0,
            "min": 0,
            "max": largest or 1,
            "calculable": False,
            "orient": "horizontal",
            "left": "center",
            "bottom": 0,
            "itemHeight": 120,
            "dimension": 2,
            "inRange": {"color": ["#e9f0f9", "#8fb5e3", BLUE]},
            "textStyle": {"color": TEXT},
        },
        {"seriesIndex": 1, "show": False, "min": 0, "max": 1, "dimension": 2, "inRange": {"color": [UNKNOWN, UNKNOWN]}},
    ]
    option["series"] = [_tiles(known, largest), _tiles(unknown, largest)]
    return option


def _tiles(cities: Sequence[Mapping[str, Any]], largest: float) -> Option:
    data = []
    for city in cities:
        column, row = TILES[city["code"]]
        value = number(city["value"])
        dark = value is not None and largest and value / largest > 0.7
        shown = _("未填报") if value is None else f"{value:,}"
        data.append(
            {
                "value": [column, row, 0 if value is None else value],
                "name": f"{city['name']}：{shown}",
                "url": city.get("url", ""),
                "label": {"formatter": f"{city['name']}\n{shown}", "color": "#ffffff" if dark else "#1d273b"},
            }
        )
    return {
        "type": "heatmap",
        "data": data,
        "label": {"show": True, "lineHeight": 18},
        "itemStyle": {"borderColor": "#ffffff", "borderWidth": 4, "borderRadius": 6},
    }

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
GREY = "#8a96a3"

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


def _labelled(value: Value, text: str = "", **more: Any) -> Option:
    """A bar whose label is written like every number of the portal, thousands separated, or as ``text`` says it."""
    exact = number(value)
    return {"value": exact, "label": {"formatter": text or ("" if exact is None else f"{exact:,}")}, **more}


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


def ranking_option(
    title: str, unit: str, rows: Sequence[Mapping[str, Any]], colours: Sequence[str] | None = None
) -> Option:
    """Horizontal bars, the largest on top. ``rows``: ``{"name", "value", "text"?, "url"?, "band"?}``; unknown values come last,
    empty, and say beside the name what they are. ``band``: which of the ``colours`` a bar has; without one it is
    grey: it is held against no other. No ``colours``: all are alike.

    The ``url`` of a row travels with its bar, so that a click may open what the bar counts.
    """
    ordered = sorted(rows, key=lambda row: (row["value"] is not None, Decimal(row["value"] or 0)))
    option = _base(title, unit)
    option["xAxis"], option["yAxis"] = _value_axis(), _category_axis([_axis_name(row) for row in ordered])
    option["yAxis"]["axisLabel"]["interval"] = 0
    option["tooltip"]["axisPointer"] = {"type": "shadow"}
    # Room for the number beside the longest bar.
    option["grid"]["right"] = 48
    option["series"] = [
        {
            "type": "bar",
            "barMaxWidth": 18,
            "label": {"show": True, "position": "right", "color": TEXT},
            "data": [
                _labelled(
                    row["value"],
                    row.get("text", ""),
                    name=row["name"],
                    url=row.get("url", ""),
                    **({"itemStyle": {"color": _bar_colour(row, colours)}} if colours is not None else {}),
                )
                for row in ordered
            ],
        }
    ]
    return option


def _bar_colour(row: Mapping[str, Any], colours: Sequence[str]) -> str:
    return GREY if row.get("band") is None else colours[row["band"]]


def _axis_name(row: Mapping[str, Any]) -> str:
    return row["name"] if row["value"] is not None else f"{row['name']}（{row.get('text') or _('未填报')}）"


def tile_map_option(title: str, unit: str, cities: Sequence[Mapping[str, Any]], bands: Sequence[str]) -> Option:
    """A tile for each city, coloured by its band. ``cities``: ``{"code", "name", "value", "text", "band", "url"?}``; cities
    without a place in ``TILES`` are left out, those of no band (None) are grey with a broken border and say why in ``text``.
    ``bands``: what each band is in words, the lowest first; its colours are those of ``band_colours``."""
    option = _base(title, unit)
    option["tooltip"] = {"confine": True, "formatter": "{b}"}
    option["grid"] = {"left": 8, "right": 8, "top": 8, "bottom": 8}
    hidden = {"show": False, "type": "category"}
    option["xAxis"] = {**hidden, "data": [str(column) for column in range(6)]}
    option["yAxis"] = {**hidden, "data": [str(row) for row in range(4)], "inverse": True}
    colours = band_colours(len(bands))
    placed = [city for city in cities if city["code"] in TILES]
    pieces: list[Option] = [
        {"value": index, "label": word, "color": colour}
        for index, (word, colour) in enumerate(zip(bands, colours, strict=True))
    ]
    if any(city["band"] is None for city in placed):
        pieces.append({"value": -1, "label": _("未填报、不显示或不可比"), "color": UNKNOWN})
    option["visualMap"] = [
        {
            "type": "piecewise",
            "pieces": pieces,
            "selectedMode": False,
            # The corner in which no city lies.
            "orient": "vertical",
            "right": 0,
            "top": 0,
            "itemGap": 2,
            "itemHeight": 10,
            "dimension": 2,
            "textStyle": {"color": TEXT, "fontSize": 11},
        }
    ]
    option["series"] = [
        {
            "type": "heatmap",
            "data": [_tile(city, colours) for city in placed],
            "label": {"show": True, "lineHeight": 18},
            "itemStyle": {"borderColor": "#ffffff", "borderWidth": 4, "borderRadius": 6},
        }
    ]
    return option


#: From the lowest to the highest; text is white on the last two.
_SHADES = ("#e9f0f9", "#b9d2ef", "#5f93d3", "#1d5a9e")


def band_colours(count: int) -> list[str]:
    """The colours of so many bands, the lowest first."""
    return list(
        {1: _SHADES[1:2], 2: _SHADES[1:4:2], 3: (_SHADES[0], _SHADES[1], _SHADES[3])}.get(count, _SHADES[:count])
    )


def _tile(city: Mapping[str, Any], colours: Sequence[str]) -> Option:
    column, row = TILES[city["code"]]
    band = city["band"]
    is_dark = band is not None and colours[band] in _SHADES[2:]
    shown: Option = {
        "value": [column, row, -1 if band is None else band],
        "name": f"{city['name']}：{city['text']}",
        "url": city.get("url", ""),
        "label": {
            "formatter": f"{city['name']}\n{city['text']}",
            "color": "#ffffff" if is_dark else "#1d273b",
        },
    }
    if band is None:
        shown["itemStyle"] = {"borderColor": "#8a96a3", "borderWidth": 1, "borderType": "dashed"}
    return shown

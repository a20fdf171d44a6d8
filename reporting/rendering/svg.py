"""Draws an ECharts option as SVG with the same ECharts the browser uses, inside this process.

The JavaScript isolate (58 MB) is made at the first chart and kept. It belongs to the process that made it: a child
forked afterwards would hang in it, so each process makes its own.
"""

import copy
import json
import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from py_mini_racer import MiniRacer

_ECHARTS = Path("vendor/echarts/echarts.min.js")
_DRAW = """
function draw(option, width, height) {
  var chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  try { chart.setOption(option); return chart.renderToSVGString(); } finally { chart.dispose(); }
}
"""
_isolates: dict[int, MiniRacer] = {}


def _isolate() -> MiniRacer:
    if os.getpid() not in _isolates:
        _isolates.clear()
        isolate = MiniRacer()
        isolate.eval((settings.BASE_DIR / "static" / _ECHARTS).read_text(encoding="utf-8"))
        isolate.eval(_DRAW)
        _isolates[os.getpid()] = isolate
    return _isolates[os.getpid()]


def draw(option: dict[str, Any], *, width: int, height: int, font_family: str) -> str:
    """The option as an ``<svg>`` element, its text set in the given family."""
    dressed = copy.deepcopy(option)
    dressed.setdefault("textStyle", {})["fontFamily"] = font_family
    dressed["animation"] = False
    svg = _isolate().eval(f"draw({json.dumps(dressed)}, {width:d}, {height:d})")
    if not isinstance(svg, str):
        raise TypeError(f"ECharts drew no SVG but {type(svg).__name__}")
    # Behaviour of the browser only; WeasyPrint would warn about it.
    return re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL)

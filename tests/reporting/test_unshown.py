"""A report's table by unit tells no few persons and no wages of few enterprises, as the dashboards' tables do not."""

import io
import json
from decimal import Decimal

from openpyxl import load_workbook

from indicators.fill import catch_up
from reporting.rendering.content import Edition, build_content
from reporting.rendering.xlsx import render_xlsx
from reporting.snapshot import build_snapshot
from reporting.unshown import hide_few
from tests.indicators.helpers import LAST, party

NEW = "B04.new_members"


def unit_column(snapshot: dict, label: str) -> dict[str, str]:
    table = build_content(snapshot, Edition()).units
    at = next(number for number, column in enumerate(table.columns) if column.label.startswith(label))
    rows = [*table.rows, *([table.total] if table.total else [])]
    return {row[0].text: row[at].text for row in rows}


def test_a_few_persons_of_a_unit_stand_on_no_face_of_a_report(cast):
    party(cast, new=3, front=1, total=40)
    party(cast, who="neighbour_enterprise", new=9, front=7, total=40)
    catch_up()
    snapshot = json.loads(json.dumps(build_snapshot(cast.places["32"], LAST)))
    values = {unit["name"]: unit["values"][NEW] for unit in snapshot["units"]}
    assert values["南京市"] is None and values["苏州市"] is None, "with the total of 12 the 9 would tell the 3"
    column = unit_column(snapshot, "发展党员")
    assert column["南京市"] == "不足5人" and column["苏州市"] == "不显示" and column["合计"] == "12"
    content = build_content(snapshot, Edition())
    assert "人数不足5人的单位不显示" in content.units.note
    sheet = load_workbook(io.BytesIO(render_xlsx(content)))["分地区"]
    heads, *rows = (row for row in sheet.iter_rows(values_only=True) if row[0] and row[1])
    at = next(number for number, head in enumerate(heads) if str(head).startswith("新发展党员"))
    told = {row[1]: row[at] for row in rows}
    assert told["南京市"] == "不足5人" and told["苏州市"] == "不显示" and told["合计"] == 12


def test_what_each_enterprise_reported_itself_is_printed(cast):
    party(cast, new=3, front=1, total=40)
    party(cast, who="second_enterprise", new=8, front=6, total=40)
    catch_up()
    column = unit_column(build_snapshot(cast.places["320115"], LAST), "发展党员")
    assert sorted(column.values())[:3] == ["11", "3", "8"]


def hidden(code: str, **told: tuple[int, int]) -> dict[str, str]:
    units = [{"code": unit, "values": {code: value}} for unit, (value, _n) in told.items()]
    cells = {unit: {code: (Decimal(value), n)} for unit, (value, n) in told.items()}
    hide_few(units, [code], cells)
    for unit in units:
        assert (unit["values"][code] is None) == ("unshown" in unit)
    return {unit["code"]: unit["unshown"][code] for unit in units if "unshown" in unit}


def test_what_is_hidden_and_why():
    assert hidden(NEW, a=(3, 4), b=(40, 9), c=(20, 9)) == {"a": "people", "c": "left_over"}
    assert hidden(NEW, a=(3, 4), b=(0, 9), c=(20, 9)) == {"a": "people", "c": "left_over"}, "a zero hides nothing"
    assert hidden(NEW, a=(3, 4), b=(0, 9)) == {"a": "people", "b": "left_over"}, "but where all others are"
    assert hidden(NEW, a=(3, 4), b=(4, 9), c=(20, 9)) == {"a": "people", "b": "people"}
    assert hidden(NEW, a=(0, 4), b=(5, 9)) == {}
    assert hidden("B01.sessions", a=(3, 4), b=(40, 9)) == {}, "no persons"
    assert hidden("D08.wages", a=(900, 1), b=(4000, 9), c=(5000, 9)) == {"a": "wages", "b": "left_over"}

"""The workbook in which new enterprises are written down."""

import dataclasses
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from stdnum.cn import uscc

from enterprises.exchange.resources import CITY, CODE, COUNTY, INDUSTRY, STATUS, TIER, VERSION, RegisterResource
from enterprises.models import Industry
from foundation.access.rules import where
from foundation.accounts.models import Actor
from foundation.exchange.columns import NUMBER, SHEET, Column
from foundation.exchange.sheets import mark
from foundation.exchange.templates import add_lists, explain, fill_heads, protect
from foundation.exchange.widgets import ChoiceWidget
from foundation.places.models import Place
from foundation.ui.workbooks import as_bytes, for_paper, style_head

#: A longer list of counties is written by hand: nobody chooses from it.
LISTED = 40


def _example(counties: list[Place]) -> Any:
    first = counties[0] if counties else None
    said = {
        NUMBER: _("示例"),
        "name": _("某某机械有限公司"),
        # Of the right form, and nobody's.
        CODE: "91320000000000000" + uscc.calc_check_digit("91320000000000000"),
        INDUSTRY: "C3421",
        "headcount": 200,
        "frontline_count": 120,
        CITY: first.own_city.name if first else "",
        COUNTY: first.name if first else "",
        "instructor": _("张某"),
        "liaison": _("李某"),
        "observer": _("王某"),
    }
    return lambda column, number: said.get(column.name, column.choices[0] if column.choices else "")


def _offering(column: Column, counties: list[Place]) -> Column:
    """Drop-downs of the person's own places."""
    names = {CITY: {place.own_city.name for place in counties}, COUNTY: {place.name for place in counties}}
    listed = sorted(names.get(column.name, ()))
    if not 0 < len(listed) <= LISTED:
        return column
    return dataclasses.replace(column, widget=ChoiceWidget({name: name for name in listed}))


def _list_industries(sheet: Worksheet) -> None:
    """The codes to look up."""
    sheet.append([_("代码"), _("名称"), _("层级")])
    for cell in sheet[1]:
        style_head(cell)
    labels = dict(Industry._meta.get_field("level").flatchoices)
    for code, name, level in Industry.objects.order_by("code").values_list("code", "name", "level"):
        sheet.append([code, name, str(labels[level])])
    for letter, width in (("A", 10), ("B", 44), ("C", 10)):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    for_paper(sheet)


def template_for(user: Actor) -> bytes:
    """The workbook a person downloads to fill."""
    counties = list(Place.objects.filter(where(user, "enterprises.register")).select_related("city").order_by("code"))
    resource = RegisterResource()
    columns = [_offering(c, counties) for c in resource.columns if c.name not in (TIER, VERSION, STATUS)]
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet = workbook.create_sheet(SHEET)
    fill_heads(sheet, columns, _example(counties))
    for_paper(sheet)
    sheet.freeze_panes = "D2"
    add_lists(workbook, sheet, columns, first=2)
    protect(sheet)
    lines = (
        _("在“填报”表中一行填一家企业；黄色表头的列必填；写着“示例”的行不会导入，可以删除。"),
        _(
            "已登记的企业按统一社会信用代码认出：填了的格按表修改，空着的格不改动；县（市、区）不同的就是迁移，导入时另外确认。"
        ),
        _("要修改很多已登记的企业，最好先在企业名录中导出，在导出的表里改，再导入：那样别人后来改过的不会被覆盖。"),
        _("填好后在“企业名录—导入”页上传。先看检查结果，确认后才写入；同一个文件导入两次不会重复。"),
    )
    explain(workbook.create_sheet("说明"), _("企业名录填报说明"), lines, columns)
    _list_industries(workbook.create_sheet("行业"))
    mark(workbook, [(SHEET, resource.slug)])
    return as_bytes(workbook)

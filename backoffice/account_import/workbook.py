"""The workbook of new people: its template, and its rows as they were typed."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from backoffice.forms import roles_for
from foundation.access.queries import grantable_places
from foundation.accounts.models import Actor
from foundation.exchange.columns import Column
from foundation.exchange.readings import plain
from foundation.exchange.widgets import CellWidget, DayWidget, NameWidget, shown
from foundation.folding import fold
from foundation.labels import Label
from foundation.saying import filled
from foundation.ui.workbooks import as_bytes, for_paper, harmless, style_head

SLUG = "backoffice.accounts"
MAX_ROWS = 500
#: Units listed in the template for looking codes up.
LISTED_UNITS = 3000

#: Column → (heading, width, must be filled, what to write there).
COLUMNS: dict[str, tuple[Label, int, bool, Label]] = {
    "full_name": (gettext_lazy("姓名"), 14, True, gettext_lazy("本人姓名。")),
    "username": (
        gettext_lazy("用户名"),
        24,
        False,
        gettext_lazy("登录用。留空由系统按“姓名拼音-单位首字母”拟定；填已有账号的用户名则为其增加授权。"),
    ),
    "role": (gettext_lazy("角色"), 16, True, gettext_lazy("从列表中选择。")),
    "unit": (
        gettext_lazy("单位代码或名称"),
        34,
        True,
        gettext_lazy("企业填统一社会信用代码或全称，区划填代码或名称；见“单位”表。"),
    ),
    "valid_until": (gettext_lazy("有效期至"), 14, False, gettext_lazy("如 2027-06-30；留空表示长期有效。")),
}


#: What people write, and the portal prints, where a grant does not end.
UNLIMITED = frozenset({"长期", "长期有效", "永久", "无", "无限期", "不限"})


class _UserNameWidget(CellWidget):
    """As it was typed, in half-width letters."""

    def read(self, value: Any) -> str:
        return plain(shown(value))


class _UntilWidget(DayWidget):
    """A day, or that there is none."""

    def read(self, value: Any) -> Any:
        return "" if fold(shown(value)) in UNLIMITED else super().read(value)


_WIDGETS: dict[str, type[CellWidget]] = {
    "full_name": NameWidget,
    "username": _UserNameWidget,
    "valid_until": _UntilWidget,
}


class Typed(NamedTuple):
    """One row of the workbook, as text: its number there and its cells."""

    number: int
    full_name: str
    username: str
    role: str
    unit: str
    valid_until: str


def columns_of_people() -> list[Column]:
    """The sheet's columns. Who somebody is stands encrypted wherever the rows wait."""
    return [
        Column(
            name,
            str(heading),
            str(note),
            needed,
            _WIDGETS.get(name, CellWidget)(),
            is_personal=name in ("full_name", "username"),
        )
        for name, (heading, _width, needed, note) in COLUMNS.items()
    ]


def template_for(user: Actor) -> bytes:
    """A sheet to fill, the units to look up, and what belongs where."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet = workbook.create_sheet(_("人员"))
    sheet.freeze_panes = "A2"
    for number, (heading, width, needed, _note) in enumerate(COLUMNS.values(), 1):
        style_head(sheet.cell(1, number, str(heading) + ("*" if needed else "")), needed=needed)
        dimension = sheet.column_dimensions[chr(64 + number)]
        dimension.width, dimension.number_format = width, "@"
    roles = DataValidation(
        type="list", formula1='"{}"'.format(",".join(str(label) for _value, label in roles_for(user)))
    )
    roles.errorTitle, roles.error, roles.showErrorMessage = _("请从列表中选择"), _("您能授予的角色都在列表中。"), True
    roles.add(f"C2:C{MAX_ROWS + 1}")
    sheet.add_data_validation(roles)
    for_paper(sheet)
    _list_units(workbook, user)
    _explain(workbook)
    return as_bytes(workbook)


def _list_units(workbook: Workbook, user: Actor) -> None:
    sheet = workbook.create_sheet(_("单位"))
    sheet.freeze_panes = "A2"
    for number, (heading, width) in enumerate(((_("代码"), 24), (_("名称"), 40), (_("层级"), 16)), 1):
        style_head(sheet.cell(1, number, heading))
        sheet.column_dimensions[chr(64 + number)].width = width
    for place in grantable_places(user).order_by("code")[:LISTED_UNITS]:
        sheet.append([place.code, harmless(sheet, place.name), place.get_level_display()])


def _explain(workbook: Workbook) -> None:
    sheet = workbook.create_sheet(_("填写说明"))
    for line in (
        filled(
            _("在“人员”表中一行填一人一项授权，最多 %d 行。同一人负责几家企业的，每家一行，用户名填同一个。"), MAX_ROWS
        ),
        _("在平台“账号与授权—批量新建”上传。上传后先看检查结果，确认后才建立；同一个文件上传两次，已有的人不变。"),
        _("密码由系统生成，确认后显示一次，请当场打印密码条，剪开交给本人。"),
    ):
        sheet.append([line])
    sheet.append([])
    for heading, _width, needed, note in COLUMNS.values():
        sheet.append([f"{heading}（{_('必填') if needed else _('选填')}）：{note}"])
    sheet.column_dimensions["A"].width = 100

"""Registers of the record core."""

from django.utils.translation import gettext_lazy

from foundation.crud.choice_lists import SettledColumn
from foundation.crud.resource import Fieldset, Menu, Permissions, Resource, register
from foundation.ui.sections import SETTINGS
from foundation.ui.tables import YesNoColumn
from records.core.models import UndecidedItem


@register
class UndecidedItemResource(Resource):
    """The rows come with the portal: none is entered or brought by a workbook."""

    model = UndecidedItem
    name = "undecided_item"
    path = "undecided-items"
    columns = (
        "name",
        ("is_asked", YesNoColumn(verbose_name=gettext_lazy("收集"))),
        ("is_settled", SettledColumn(verbose_name=gettext_lazy("核定"))),
        "note",
    )
    filters = ("is_asked", "is_settled")
    search = ("name",)
    search_label = gettext_lazy("记录类型或内容")
    few_rows = True
    fieldsets = (Fieldset(gettext_lazy("省里的决定"), ("is_asked", "is_settled", "note")),)
    natural_key = ("kind", "field")
    permissions = Permissions(view="records.settle_items", change="records.settle_items")
    pages = ("list", "export", "detail", "edit", "history")
    has_import = False
    icon = "help-circle"
    menu = Menu(SETTINGS, 870)
    empty_text = gettext_lazy("没有等省里核定的填报内容。")

"""The registers of the lists that enterprises choose from."""

from django.utils.translation import gettext_lazy

from foundation.crud.choice_lists import ChoiceListResource
from foundation.crud.resource import Menu, Permissions, register
from foundation.ui.sections import SETTINGS
from rights.models import IncentiveItem, RiskGrade


@register
class RiskGradeResource(ChoiceListResource):
    model = RiskGrade
    name = "risk_grade"
    path = "risk-grades"
    permissions = Permissions(view="rights.risk_grades", change="rights.risk_grades")
    menu = Menu(SETTINGS, 890)
    new_label = gettext_lazy("新增等级")
    empty_text = gettext_lazy(
        "《企业劳动用工风险评估规范》的等级核定之后登记在这里；没有登记之前，企业填报时不问等级。"
    )


@register
class IncentiveItemResource(ChoiceListResource):
    model = IncentiveItem
    name = "incentive_item"
    path = "incentive-items"
    permissions = Permissions(view="rights.incentive_items", change="rights.incentive_items")
    menu = Menu(SETTINGS, 888)
    new_label = gettext_lazy("新增项目")
    empty_text = gettext_lazy("新增之后，企业填报“收入分配激励与技术工人待遇”时才有得选。")

"""The registers of the lists that enterprises choose from."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.crud.resource import Fieldset, Menu, Permissions, Resource, register
from foundation.ui.sections import SETTINGS
from foundation.ui.tables import YesNoColumn
from rights.models import RiskGrade


class InUseColumn(YesNoColumn):
    """Whether it may be chosen."""

    def render(self, value: bool | None) -> SafeString | str:
        return _("可以选用") if value else format_html('<span class="muted">{}</span>', _("已停用"))


class ListResource(Resource):
    """What all of them have in common."""

    lookup = "code"
    columns = ("name", "code", "order", ("is_active", InUseColumn(verbose_name=gettext_lazy("选用"))))
    search = ("name", "^code")
    few_rows = True
    fieldsets = (Fieldset(gettext_lazy("选项"), ("code", "name", "order", "is_active")),)
    fixed = ("code",)
    natural_key = ("code",)


@register
class RiskGradeResource(ListResource):
    model = RiskGrade
    name = "risk_grade"
    path = "risk-grades"
    permissions = Permissions(view="rights.risk_grades", change="rights.risk_grades")
    menu = Menu(SETTINGS, 885)
    new_label = gettext_lazy("新增等级")
    empty_text = gettext_lazy(
        "《企业劳动用工风险评估规范》的等级核定之后登记在这里；没有登记之前，企业填报时不问等级。"
    )

"""The register of schools, training institutions and associations."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Organisation
from foundation.crud.resource import Fieldset, Menu, Permissions, Resource, SheetColumn, register
from foundation.ui.sections import REGISTERS


@register
class OrganisationResource(Resource):
    model = Organisation
    name = "organisation"
    columns = ("name", "kind", "county", "code", "contact")
    filters = ("kind", "state")
    search = ("name", "initials", "^code")
    search_label = _("名称、拼音首字母或代码")
    related = ("county__city",)
    few_rows = True
    fieldsets = (Fieldset(_("院校或机构"), ("kind", "name", "code", "county", "contact", "is_active")),)
    place_field = "county"
    natural_key = ("county", "name")
    permissions = Permissions(view="enterprises.view_organisations", change="enterprises.keep_organisations")
    sheet = (
        SheetColumn(_("名称"), "name", 36),
        SheetColumn(_("类别"), "kind", 12),
        SheetColumn(_("所在县（市、区）或功能区"), "county", 24),
        SheetColumn(_("代码"), "code", 22),
        SheetColumn(_("联系部门或联系人"), "contact", 20),
        SheetColumn(_("可以选用"), "is_active", 12),
    )
    icon = "school"
    menu = Menu(REGISTERS, 44)
    new_label = _("登记院校或机构")
    empty_text = _("与企业合作办学、培训的职业院校、技工院校、高校、培训机构和行业协会登记在这里，填报时可以选用。")
    nothing_text = _("换个名称或类别再试。")

    def prepare(self, row: Organisation) -> None:
        row.code = (row.code or "").strip().upper() or None

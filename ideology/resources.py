"""The register of the categories of 三代表三委员."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.crud.resource import Fieldset, Menu, Permissions, Resource, register
from foundation.ui.badges import badge_markup
from foundation.ui.sections import SETTINGS
from foundation.ui.tables import YesNoColumn
from ideology.models import RepresentativeCategory


class SettledColumn(YesNoColumn):
    """已核定, or the mark of what is not settled yet."""

    def render(self, value: bool | None) -> str:
        return _("已核定") if value else badge_markup(_("待核定"), tone="soon")


class InUseColumn(YesNoColumn):
    """Whether it may be chosen."""

    def render(self, value: bool | None) -> SafeString | str:
        return _("可以选用") if value else format_html('<span class="muted">{}</span>', _("已停用"))


@register
class CategoryResource(Resource):
    model = RepresentativeCategory
    name = "category"
    plural = "categories"
    path = "representative-categories"
    lookup = "code"
    columns = (
        "name",
        "code",
        "order",
        ("is_settled", SettledColumn(verbose_name=gettext_lazy("核定"))),
        ("is_active", InUseColumn(verbose_name=gettext_lazy("选用"))),
    )
    search = ("name", "^code")
    few_rows = True
    fieldsets = (Fieldset(gettext_lazy("类别"), ("code", "name", "order", "is_settled", "is_active")),)
    fixed = ("code",)
    natural_key = ("code",)
    permissions = Permissions(view="ideology.categories", change="ideology.categories")
    menu = Menu(SETTINGS, 880)
    new_label = gettext_lazy("新增类别")
    empty_text = gettext_lazy("新增之后，企业填报“三代表三委员推荐选拔与培训”时才有得选。")
    list_template = "ideology/categories.html"

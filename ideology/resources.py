"""The register of the categories of 三代表三委员."""

from django.utils.translation import gettext_lazy

from foundation.crud.choice_lists import ChoiceListResource
from foundation.crud.resource import Fieldset, Menu, Permissions, register
from foundation.ui.sections import SETTINGS
from ideology.models import RepresentativeCategory


@register
class CategoryResource(ChoiceListResource):
    model = RepresentativeCategory
    name = "category"
    plural = "categories"
    path = "representative-categories"
    fieldsets = (Fieldset(gettext_lazy("类别"), ("code", "name", "order", "is_settled", "is_active")),)
    permissions = Permissions(view="ideology.categories", change="ideology.categories")
    menu = Menu(SETTINGS, 880)
    new_label = gettext_lazy("新增类别")
    empty_text = gettext_lazy("新增之后，企业填报“三代表三委员推荐选拔与培训”时才有得选。")
    list_template = "ideology/categories.html"

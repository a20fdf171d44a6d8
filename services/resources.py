"""The list of honours."""

from django.utils.translation import gettext_lazy

from foundation.crud.choice_lists import ChoiceListResource
from foundation.crud.resource import Menu, Permissions, register
from foundation.ui.sections import SETTINGS
from services.models import Honour


@register
class HonourResource(ChoiceListResource):
    model = Honour
    name = "honour"
    plural = "honours"
    path = "honours"
    permissions = Permissions(view="services.honours", change="services.honours")
    menu = Menu(SETTINGS, 885)
    new_label = gettext_lazy("新增奖项")
    empty_text = gettext_lazy("新增之后，填报“评选表彰”时才有得选。")

"""The lists of honours and of programmes of help."""

from django.utils.translation import gettext_lazy

from foundation.crud.choice_lists import ChoiceListResource
from foundation.crud.resource import Menu, Permissions, register
from foundation.ui.sections import SETTINGS
from services.models import AidProject, Honour


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


@register
class AidProjectResource(ChoiceListResource):
    model = AidProject
    name = "aid_project"
    plural = "aid_projects"
    path = "aid-projects"
    permissions = Permissions(view="services.aid_projects", change="services.aid_projects")
    menu = Menu(SETTINGS, 886)
    new_label = gettext_lazy("新增帮扶项目")
    empty_text = gettext_lazy("新增之后，产改办填报“职工困难帮扶”时才有得选。")

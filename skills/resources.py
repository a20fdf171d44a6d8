"""The list of purposes of training funds."""

from django.utils.translation import gettext_lazy

from foundation.crud.choice_lists import ChoiceListResource
from foundation.crud.resource import Menu, Permissions, register
from foundation.ui.sections import SETTINGS
from skills.models import SpendingPurpose


@register
class SpendingPurposeResource(ChoiceListResource):
    model = SpendingPurpose
    name = "spending_purpose"
    plural = "spending_purposes"
    path = "spending-purposes"
    permissions = Permissions(view="skills.spending_purposes", change="skills.spending_purposes")
    menu = Menu(SETTINGS, 886)
    new_label = gettext_lazy("新增用途")
    empty_text = gettext_lazy("新增之后，填报“职工教育经费”时才有得选。")

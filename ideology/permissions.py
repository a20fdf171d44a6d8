"""Who may settle what the 三代表三委员 are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.access.rules import Rule, register_rule


@register_rule
class SettleCategories(Rule[models.Model]):
    """One list for the whole province, so that figures of all cities speak of the same."""

    name = "ideology.categories"
    label = _("设置三代表三委员类别")
    roles = (Role.PROVINCE,)

"""The four things a rule can find."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Finding(TextChoices):
    HOLDS = "holds", _("符合")
    BROKEN = "broken", _("不符合")
    NOT_APPLICABLE = "not_applicable", _("不适用")
    NOT_STATED = "not_stated", _("未说明")

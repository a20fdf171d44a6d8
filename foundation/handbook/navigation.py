"""The handbook's menu entry."""

from django.utils.translation import gettext_lazy as _

from foundation.ui.navigation import register_item
from foundation.ui.sections import TOP_BAR

register_item(
    section=TOP_BAR, label=_("使用手册"), url_name="handbook:index", icon="help-circle", order=900, is_tab=False
)

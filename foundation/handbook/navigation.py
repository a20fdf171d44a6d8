"""The handbook's menu entry."""

from django.utils.translation import gettext_lazy as _

from foundation.ui.navigation import register_item

register_item(section=_("帮助"), label=_("使用手册"), url_name="handbook:index", icon="help-circle", order=900)

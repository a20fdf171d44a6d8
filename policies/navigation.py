"""The policies' menu entry. Everyone who has signed in may read them."""

from django.utils.translation import gettext_lazy as _

from foundation.ui.navigation import register_item
from foundation.ui.sections import POLICIES

register_item(section=POLICIES, label=_("政策文件"), url_name="policies:list", icon="book-2", order=60)

"""The menu's entry for who looks after e-mails; everybody's own messages are in the top bar."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.access.permissions import at_the_top
from foundation.access.scope import scope_of
from foundation.ui.navigation import register_item
from foundation.ui.sections import SETTINGS, TOP_BAR

register_item(
    section=SETTINGS,
    label=_("邮件发送"),
    url_name="notify:mail",
    icon="mail",
    order=850,
    visible=lambda person: settings.MAIL_IS_SET and at_the_top(scope_of(person), Role.ADMIN),
)
register_item(TOP_BAR, _("消息"), "notify:list", "bell", order=10, is_tab=False)
register_item(TOP_BAR, _("消息接收方式"), "notify:preferences", "mail", order=11, is_tab=False)

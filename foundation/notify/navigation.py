"""The menu's entry for who looks after e-mails; everybody's own messages are in the top bar."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.access.models import Role
from foundation.access.permissions import at_the_top
from foundation.access.scope import scope_of
from foundation.ui.navigation import register_item

register_item(
    section=_("系统"),
    label=_("邮件发送"),
    url_name="notify:mail",
    icon="mail",
    order=850,
    visible=lambda request: settings.MAIL_IS_SET and at_the_top(scope_of(request.user), Role.ADMIN),
)

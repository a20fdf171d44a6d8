"""A message is its reader's alone; what happened to its e-mail is the portal's administrator's."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import Role
from foundation.access.permissions import at_the_top
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.notify.models import Mail, Message


@register_rule
class OwnMessages(Rule[Message]):
    name = "notify.own_messages"
    label = gettext_lazy("查看自己的消息")
    roles = tuple(Role.values)
    model = "notify.message"

    def where(self, scope: Scope) -> Q:
        return Q(recipient_id=scope.user_id, shown_from__lte=timezone.now())

    def reasons(self, scope: Scope, obj: Message) -> Iterator[str]:
        if obj.recipient_id != scope.user_id:
            yield _("这是发给别人的消息。")
        elif obj.shown_from > timezone.now():
            yield _("这条消息到工作时间才显示。")


@register_rule
class OverseeMail(Rule[Message]):
    """E-mails that could not be sent, without their words."""

    name = "notify.oversee_mail"
    label = gettext_lazy("处理未发出的邮件")
    roles = (Role.ADMIN,)
    model = "notify.message"
    _UNSENT = (Mail.WAITING, Mail.FAILED)

    def where(self, scope: Scope) -> Q:
        if not at_the_top(scope, *self.roles):
            return Q(pk__in=[])
        return Q(mail__in=self._UNSENT) & ~Q(mail_error="")

    def reasons(self, scope: Scope, obj: Message) -> Iterator[str]:
        if not at_the_top(scope, *self.roles):
            yield _("未发出的邮件由省级系统管理员处理。")
        elif obj.mail not in self._UNSENT or not obj.mail_error:
            yield _("这封邮件没有发送失败。")

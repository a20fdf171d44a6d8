"""Who sees what is owed, states that a quarter is complete, and sets days and rules."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from records.core.models import ReportingQuarter
from records.core.permissions import READERS
from records.duties.models import Duty


class _ViewOwed(Rule[Duty]):
    roles = READERS

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles)

    def reasons(self, scope: Scope, obj: Duty) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖或所属范围内。")


@register_rule
class ViewDuty(_ViewOwed):
    name = "records.view_duty"
    label = gettext_lazy("查看应报事项")
    model = "records.duty"


@register_rule
class ViewStatement(_ViewOwed):
    name = "records.view_statement"
    label = gettext_lazy("查看季度确认")
    model = "records.quarterstatement"


@register_rule
class MakeStatement(Rule[Enterprise]):
    """Only the enterprise itself says that a quarter is complete."""

    name = "records.make_statement"
    label = gettext_lazy("季度确认")
    roles = ENTERPRISE_ROLES
    model = "enterprises.enterprise"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="place") & Q(is_active=True)

    def reasons(self, scope: Scope, obj: Enterprise) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("只有企业自己可以做季度确认。")
        if not obj.is_active:
            yield _("这家企业已经不在册。")


@register_rule
class SetCalendar(Rule[ReportingQuarter]):
    """The province sets the days a quarter is due and which enterprises owe what."""

    name = "records.set_calendar"
    label = gettext_lazy("设置填报时间和应报规则")
    roles = (Role.PROVINCE,)
    model = "records.reportingquarter"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: ReportingQuarter) -> Iterator[str]:
        yield from ()

"""Who may see and settle the working-day table."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy

from foundation.access.models import OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.calendar.models import WorkYear


class _WorkdayRule(Rule[WorkYear]):
    """One table for the whole province: no place narrows it."""

    model = "workcalendar.workyear"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: WorkYear) -> Iterator[str]:
        yield from ()


@register_rule
class ViewWorkdays(_WorkdayRule):
    name = "backoffice.view_workdays"
    label = gettext_lazy("查看工作日表")
    roles = (*OFFICE_ROLES, Role.AUDITOR)


@register_rule
class SetWorkdays(_WorkdayRule):
    name = "backoffice.set_workdays"
    label = gettext_lazy("修改工作日表")
    roles = (Role.PROVINCE,)

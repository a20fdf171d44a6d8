"""Who may see and settle the working-day table and the other words for headings."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy

from foundation.access.models import OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.calendar.models import WorkYear
from foundation.exchange.models import HeadingSynonym


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


class _SynonymRule(Rule[HeadingSynonym]):
    """One list for the whole province, as all enterprises' lists are read by it."""

    model = "exchange.headingsynonym"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: HeadingSynonym) -> Iterator[str]:
        yield from ()


@register_rule
class ViewSynonyms(_SynonymRule):
    name = "exchange.view_synonyms"
    label = gettext_lazy("查看列名的其他叫法")
    roles = (*OFFICE_ROLES, Role.AUDITOR)


@register_rule
class KeepSynonyms(_SynonymRule):
    name = "exchange.keep_synonyms"
    label = gettext_lazy("修改列名的其他叫法")
    roles = (Role.PROVINCE,)

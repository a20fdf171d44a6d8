"""Who may see, request, word and issue reports."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.jobs.models import LIVE
from foundation.jobs.models import Status as JobStatus
from foundation.places.models import REGION_LEVELS, Place
from reporting.models import Report, State, Status

_ENDED = tuple(status for status in JobStatus.values if status not in LIVE)


@register_rule
class ViewReport(Rule[Report]):
    """Offices and auditors see the reports of the regions in their place."""

    name = "reporting.view"
    label = gettext_lazy("查看报告")
    roles = (*OFFICE_ROLES, Role.AUDITOR)
    model = "reporting.report"


@register_rule
class CreateReport(Rule[Place]):
    """An office asks for the report of its own region or any region below. The object is the region."""

    name = "reporting.create"
    label = gettext_lazy("生成报告")
    roles = OFFICE_ROLES
    model = "places.place"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="") & Q(level__in=REGION_LEVELS)

    def reasons(self, scope: Scope, obj: Place) -> Iterator[str]:
        if not obj.is_region:
            yield _("报告只按省、设区市、县（市、区）或功能区编制，“%s”不是地区。") % obj
        elif not scope.covers(obj, self.roles, enterprise=""):
            yield _("“%s”不在您的管辖范围内，请选择本级或下级地区。") % obj


class _OwnOffice(Rule[Report]):
    """What only the office whose report it is may do."""

    roles = OFFICE_ROLES
    model = "reporting.report"

    def where(self, scope: Scope) -> Q:
        return Q(region_id__in=[place.pk for place in scope.places(*self.roles)]) & Q(state=State.DRAFT)

    def reasons(self, scope: Scope, obj: Report) -> Iterator[str]:
        if obj.region_id not in {place.pk for place in scope.places(*self.roles)}:
            yield _("只有编制单位（%s产改办）可以办理这份报告。") % obj.region.full_name()
        if obj.state != State.DRAFT:
            yield _("报告已经签发，内容不再改动。需要更正时，请重新生成一稿再签发。")


@register_rule
class EditReport(_OwnOffice):
    """The office words its commentary until the report is issued."""

    name = "reporting.edit"
    label = gettext_lazy("修改编制单位意见")


@register_rule
class IssueReport(_OwnOffice):
    """The office issues a draft that has been built."""

    name = "reporting.issue"
    label = gettext_lazy("签发报告")

    def where(self, scope: Scope) -> Q:
        return super().where(scope) & Q(status=Status.READY)

    def reasons(self, scope: Scope, obj: Report) -> Iterator[str]:
        yield from super().reasons(scope, obj)
        if obj.status != Status.READY:
            yield _("报告还没有生成好，请等生成完成后再签发。")


@register_rule
class RebuildReport(Rule[Report]):
    """A build that failed is tried again by any office that sees it."""

    name = "reporting.rebuild"
    label = gettext_lazy("重新生成报告")
    roles = OFFICE_ROLES
    model = "reporting.report"

    def where(self, scope: Scope) -> Q:
        stopped = Q(job__isnull=True) | Q(job__status__in=_ENDED)
        return super().where(scope) & ~Q(status=Status.READY) & stopped

    def reasons(self, scope: Scope, obj: Report) -> Iterator[str]:
        yield from super().reasons(scope, obj)
        if not obj.has_failed:
            yield _("这份报告没有生成失败，不需要重新生成。")

"""Who may look at samples, appeal against a rejection, and decide an appeal."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from records.core.kinds import kind_of
from records.core.models import TO_SAMPLE, Record, Status
from records.core.permissions import decided_by_county
from records.review.models import Appeal, AppealOutcome, SampleCheck

#: Checked as it now stands; approved anew after a mending, it is looked at again.
_CHECKED = Exists(SampleCheck.objects.filter(record=OuterRef("pk"), version=OuterRef("version")))


@register_rule
class CheckSample(Rule[Record]):
    """The city looks at what counties approved: the lot's share, what was marked, what looked unusual."""

    name = "records.sample"
    label = gettext_lazy("抽查")
    roles = (Role.CITY,)
    model = "records.record"

    def where(self, scope: Scope) -> Q:
        own = Q(created_by_id=scope.user_id) | Q(submitted_by_id=scope.user_id)
        drawn = Q(status=Status.APPROVED) & TO_SAMPLE & decided_by_county()
        return scope.q(self.roles) & drawn & ~own & ~_CHECKED

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖范围内。")
        elif obj.status != Status.APPROVED:
            yield _("记录现在是“%(status)s”，只抽查已通过的记录。") % {"status": obj.get_status_display()}
        elif kind_of(obj).review_levels[-1] != Role.COUNTY:
            yield _("这类记录由市级产改办审定，不再抽查。")
        elif not (obj.is_sampled or obj.is_flagged or obj.is_high_risk):
            yield _("这条记录没有抽中。要抽查它，请先标记。")
        elif scope.user_id in {obj.created_by_id, obj.submitted_by_id}:
            yield _("这条记录是您自己填报的，请由同事抽查。")
        elif SampleCheck.objects.filter(record_id=obj.pk, version=obj.version).exists():
            yield _("这条记录已经抽查过。")


@register_rule
class MakeAppeal(Rule[Record]):
    """The enterprise may ask the office above to look at a rejection again: once, and within the days."""

    name = "records.appeal"
    label = gettext_lazy("申诉")
    roles = ENTERPRISE_ROLES
    model = "records.record"

    def where(self, scope: Scope) -> Q:
        in_time = Q(appeal_until__gte=timezone.localdate())
        return scope.q(self.roles) & Q(status=Status.REJECTED, appeal=None) & in_time

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("只有填报这条记录的企业可以申诉。")
        elif Appeal.objects.filter(record_id=obj.pk).exists():
            yield _("这条记录已经申诉过，每条记录只能申诉一次。")
        elif obj.status != Status.REJECTED:
            yield _("记录现在是“%(status)s”，只有被驳回的记录可以申诉。") % {"status": obj.get_status_display()}
        elif obj.appeal_until is None or obj.appeal_until < timezone.localdate():
            yield _("申诉期限已过。确有需要的，请联系审核单位。")


@register_rule
class ViewAppeal(Rule[Appeal]):
    """An appeal is seen by its enterprise and by every office above."""

    name = "records.view_appeal"
    label = gettext_lazy("查看申诉")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "records.appeal"


@register_rule
class DecideAppeal(Rule[Appeal]):
    """The office above the one that rejected decides; nobody decides about their own record or their own rejection."""

    name = "records.decide_appeal"
    label = gettext_lazy("处理申诉")
    roles = (Role.CITY, Role.PROVINCE)
    model = "records.appeal"

    def where(self, scope: Scope) -> Q:
        held = (scope.q((Role.CITY,)) & Q(held_by="city")) | (scope.q((Role.PROVINCE,)) & Q(held_by="province"))
        me = scope.user_id
        own = Q(record__created_by=me) | Q(record__submitted_by=me) | Q(rejected_by__isnull=False, rejected_by=me)
        return held & Q(outcome=AppealOutcome.OPEN) & ~own

    def reasons(self, scope: Scope, obj: Appeal) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖范围内。")
        elif obj.outcome != AppealOutcome.OPEN:
            yield _("这件申诉已经处理（%(outcome)s）。") % {"outcome": obj.get_outcome_display()}
        elif not scope.covers(obj, (obj.held_by,)):
            yield _("这件申诉由驳回单位的上一级处理。")
        elif scope.user_id in {obj.record.created_by_id, obj.record.submitted_by_id, obj.rejected_by_id}:
            yield _("这条记录是您自己填报或驳回的，申诉请由同事处理。")


@register_rule
class ViewReviewOverview(Rule[models.Model]):
    """Counts of what waits and what was looked at: offices and auditors, of their own area."""

    name = "records.review_overview"
    label = gettext_lazy("查看审核情况")
    roles = (*OFFICE_ROLES, Role.AUDITOR)

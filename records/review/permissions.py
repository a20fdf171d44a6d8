"""Who decides on records, looks at samples, appeals against a rejection, and decides an appeal."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.calendar.periods import Year
from foundation.places.models import Place
from records.core.kinds import Rhythm, all_kinds, kind_of
from records.core.models import TO_SAMPLE, Record, ReportingQuarter, ReportingYear, Status
from records.review.models import Appeal, AppealOutcome, Correction, CorrectionOutcome, ReviewBatch, SampleCheck

#: Why an officer's own records are left to a colleague.
OWN_RECORD = gettext_lazy("这条记录是您自己填报的，请由同事审核。")


def held_by_office(scope: Scope) -> Q:
    """What waits at the person's own level and place, their own records among it."""
    held = Q()
    for role in OFFICE_ROLES:
        held |= scope.q((role,)) & Q(held_by=role)
    return held & Q(status=Status.SUBMITTED)


@register_rule
class ReviewRecord(Rule[Record]):
    """The office at whose level the record is held decides; nobody decides what they made or handed in themselves. The
    province decides on what offices report themselves only: nothing else is held there."""

    name = "records.review"
    label = gettext_lazy("审核记录")
    roles = OFFICE_ROLES
    model = "records.record"

    def where(self, scope: Scope) -> Q:
        own = Q(created_by_id=scope.user_id) | Q(submitted_by_id=scope.user_id)
        return held_by_office(scope) & ~own

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖范围内。")
        elif obj.status != Status.SUBMITTED:
            yield _("记录现在是“%(status)s”，不在待审核状态。") % {"status": obj.get_status_display()}
        elif not scope.covers(obj, (obj.held_by,)):
            yield _("记录正由另一级产改办审核。")
        elif scope.user_id in {obj.created_by_id, obj.submitted_by_id}:
            yield str(OWN_RECORD)


@register_rule
class ViewReviewBatch(Rule[ReviewBatch]):
    """A decision on many records is its maker's alone; what became of each record stands in the record's history."""

    name = "records.view_review_batch"
    label = gettext_lazy("批量审核")
    roles = OFFICE_ROLES
    model = "records.reviewbatch"

    def where(self, scope: Scope) -> Q:
        return Q(created_by_id=scope.user_id)

    def reasons(self, scope: Scope, obj: ReviewBatch) -> Iterator[str]:
        if obj.created_by_id != scope.user_id:
            yield _("这是别人发起的批量审核，只有发起人可以查看。")


@register_rule
class FlagRecord(Rule[Record]):
    """An officer marks a record for the city's sample, or takes the mark away, before or after deciding it. What a city or the
    province reported of itself is no county's work, and nobody samples what the city has the last word on: there a mark
    would ask nobody."""

    name = "records.flag"
    label = gettext_lazy("标记关注")
    roles = (Role.COUNTY, Role.CITY)
    model = "records.record"
    _MARKED = (Status.SUBMITTED, Status.APPROVED)

    def where(self, scope: Scope) -> Q:
        own = Q(office__isnull=False) & (Q(county=F("city")) | ~decided_by_county())
        return scope.q(self.roles) & Q(status__in=self._MARKED) & ~own

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖范围内。")
        elif obj.status not in self._MARKED:
            yield _("记录现在是“%(status)s”，只有待审核和已通过的记录可以标记。") % {"status": obj.get_status_display()}
        elif obj.is_of_office and obj.county_id == obj.city_id:
            yield _("这是产改办自己填报的记录，不由市级抽查，不用标记。")
        elif obj.is_of_office and kind_of(obj).review_levels[-1] != Role.COUNTY:
            yield _("这类记录由市级产改办审定，不再抽查，不用标记。")


@register_rule
class ReopenRecord(Rule[Record]):
    """An approved record found wrong is reopened singly by the office that decided it or one above, while its quarter
    is open: the figures of a closed quarter are frozen, and a record counted there must not be counted again elsewhere.
    An annual return counts in its year, whatever became of the quarter it was filed with: it waits for the year alone."""

    name = "records.reopen"
    label = gettext_lazy("重新打开已通过的记录")
    roles = OFFICE_ROLES
    model = "records.record"

    def where(self, scope: Scope) -> Q:
        above = scope.q((Role.CITY, Role.PROVINCE)) | (scope.q((Role.COUNTY,)) & decided_by_county())
        annual = Q(kind__in=[kind.slug for kind in all_kinds() if kind.rhythm is Rhythm.ANNUAL])
        still_open = (annual & Q(period__in=_open_years())) | (~annual & Q(quarter__in=_open_codes()))
        return above & Q(status=Status.APPROVED) & still_open

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖范围内。")
        elif not scope.covers(obj, (Role.CITY, Role.PROVINCE)) and kind_of(obj).review_levels[-1] != Role.COUNTY:
            yield _("这类记录由市级产改办审定，请联系市级产改办重新打开。")
        elif obj.status != Status.APPROVED:
            yield _("记录现在是“%(status)s”，只有已通过的记录可以重新打开。") % {"status": obj.get_status_display()}
        elif kind_of(obj).rhythm is Rhythm.ANNUAL:
            if not _open_years().filter(code=obj.period).exists():
                yield (
                    _("%s已经关闭，不再更正。要更正这条记录，请先由省产改办重新开放这个年度。")
                    % Year.parse(str(obj.period)).label
                )
        elif not _open_codes().filter(code=obj.quarter).exists():
            yield _("%s已经关闭，数字已冻结。要更正这条记录，请先由省产改办重新开放这个季度。") % obj.counted_label


def decided_by_county() -> Q:
    """Records of kinds on which the county has the last word."""
    return ~Q(kind__in=[kind.slug for kind in all_kinds() if kind.review_levels[-1] != Role.COUNTY])


def _open_years() -> QuerySet[ReportingYear, object]:
    return ReportingYear.objects.filter(is_open=True).values("code")


def _open_codes() -> QuerySet[ReportingQuarter, object]:
    return ReportingQuarter.objects.filter(is_open=True).values("code")


@register_rule
class SetReview(Rule[Place]):
    """Each office keeps its own phrases; the city sets the share of its sample, the province all numbers."""

    name = "records.set_review"
    label = gettext_lazy("审核设置")
    roles = OFFICE_ROLES
    model = "places.place"

    def where(self, scope: Scope) -> Q:
        return Q(pk__in=[place.pk for place in scope.places(*self.roles)])

    def reasons(self, scope: Scope, obj: Place) -> Iterator[str]:
        if obj.pk not in {place.pk for place in scope.places(*self.roles)}:
            yield _("只能设置本单位的审核办法。")


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
        return scope.q(self.roles) & drawn & ~own & Q(~_CHECKED)

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


_ASKED = Exists(Correction.objects.filter(record=OuterRef("pk"), outcome=CorrectionOutcome.OPEN))


@register_rule
class AskCorrection(Rule[Record]):
    """The enterprise found its approved record wrong and asks for it to be reopened; one request at a time."""

    name = "records.ask_correction"
    label = gettext_lazy("申请更正")
    roles = ENTERPRISE_ROLES
    model = "records.record"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles) & Q(status=Status.APPROVED, enterprise__is_active=True) & ~Q(_ASKED)

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("只有填报这条记录的企业可以申请更正。")
        elif obj.status != Status.APPROVED:
            yield _("记录现在是“%(status)s”，只有已通过的记录需要申请更正。") % {"status": obj.get_status_display()}
        elif obj.enterprise is not None and not obj.enterprise.is_active:
            yield _("这家企业已经不在册，它的记录只能查看。")
        elif Correction.objects.filter(record_id=obj.pk, outcome=CorrectionOutcome.OPEN).exists():
            yield _("这条记录已有一件更正申请在处理，请等审核单位答复。")


@register_rule
class ViewCorrection(Rule[Correction]):
    """A request is seen by its enterprise and by every office above."""

    name = "records.view_correction"
    label = gettext_lazy("查看更正申请")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "records.correction"


@register_rule
class DecideCorrection(Rule[Correction]):
    """The office that approved the record answers; nobody answers what they asked for themselves."""

    name = "records.decide_correction"
    label = gettext_lazy("处理更正申请")
    roles = (Role.COUNTY, Role.CITY)
    model = "records.correction"

    def where(self, scope: Scope) -> Q:
        held = (scope.q((Role.COUNTY,)) & Q(held_by="county")) | (scope.q((Role.CITY,)) & Q(held_by="city"))
        return held & Q(outcome=CorrectionOutcome.OPEN) & ~Q(made_by_id=scope.user_id)

    def reasons(self, scope: Scope, obj: Correction) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖范围内。")
        elif obj.outcome != CorrectionOutcome.OPEN:
            yield _("这件更正申请已经处理（%(outcome)s）。") % {"outcome": obj.get_outcome_display()}
        elif not scope.covers(obj, (obj.held_by,)):
            yield _("更正申请由审定这条记录的单位处理。")
        elif obj.made_by_id == scope.user_id:
            yield _("这件更正申请是您自己提出的，请由同事处理。")


@register_rule
class ViewReviewOverview(Rule[models.Model]):
    """Counts of what waits and what was looked at: offices and auditors, of their own area."""

    name = "records.review_overview"
    label = gettext_lazy("查看审核情况")
    roles = (*OFFICE_ROLES, Role.AUDITOR)

"""Who may see, write and decide records."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.places.models import Place
from records.core.kinds import all_kinds, kind_of
from records.core.models import EDITABLE, Record, ReportingQuarter, Status
from records.duties.models import Duty
from records.evidence.models import Attachment
from records.review.models import ReviewBatch

_READERS = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
#: What an office sees of an enterprise's work: everything handed in, never a draft it did not file itself.
_OFFICE_READERS = (*OFFICE_ROLES, Role.AUDITOR)


@register_rule
class ViewRecord(Rule[Record]):
    """An enterprise sees all its records; offices and auditors those that were handed in, and what they filed on behalf."""

    name = "records.view"
    label = gettext_lazy("查看记录")
    roles = _READERS
    model = "records.record"

    def where(self, scope: Scope) -> Q:
        handed_in = Q(first_submitted_at__isnull=False) | Q(created_by_id=scope.user_id)
        return scope.q(ENTERPRISE_ROLES) | (scope.q(_OFFICE_READERS) & handed_in)

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if scope.covers(obj, ENTERPRISE_ROLES):
            return
        if not scope.covers(obj, _OFFICE_READERS):
            yield _("它不在您的管辖或所属范围内。")
        elif obj.first_submitted_at is None and obj.created_by_id != scope.user_id:
            yield _("企业还没有提交这条记录。")


class _WriteRecord(Rule[Record]):
    """Shared by what the filing side does: the enterprise for itself, an office on behalf of one in its place."""

    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES)
    model = "records.record"
    sources: tuple[str, ...] = EDITABLE
    wrong_status = gettext_lazy("记录现在是“%(status)s”，不能这样操作。")

    def where(self, scope: Scope) -> Q:
        own = scope.q(ENTERPRISE_ROLES) | (scope.q(OFFICE_ROLES) & Q(created_by_id=scope.user_id))
        return own & Q(status__in=self.sources, enterprise__is_active=True)

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        filed_here = scope.covers(obj, OFFICE_ROLES) and obj.created_by_id == scope.user_id
        if not (scope.covers(obj, ENTERPRISE_ROLES) or filed_here):
            yield _("只有填报这条记录的企业（或代填的人）可以这样做。")
        if obj.status not in self.sources:
            yield str(self.wrong_status) % {"status": obj.get_status_display()}
        if not obj.enterprise.is_active:
            yield _("这家企业已经不在册，它的记录只能查看。")


@register_rule
class EditRecord(_WriteRecord):
    name = "records.edit"
    label = gettext_lazy("修改记录")
    wrong_status = gettext_lazy(
        "记录现在是“%(status)s”，不能修改。待审核的记录可以先撤回；已通过的请联系审核单位重新打开。"
    )


@register_rule
class SubmitRecord(_WriteRecord):
    name = "records.submit"
    label = gettext_lazy("提交记录")
    wrong_status = gettext_lazy("记录现在是“%(status)s”，不用再提交。")


@register_rule
class WithdrawRecord(_WriteRecord):
    name = "records.withdraw"
    label = gettext_lazy("撤回记录")
    sources = (Status.SUBMITTED,)
    wrong_status = gettext_lazy("记录现在是“%(status)s”，只有待审核的记录可以撤回。")


@register_rule
class DiscardDraft(_WriteRecord):
    """A draft that was never handed in may be thrown away; anything handed in stays."""

    name = "records.discard"
    label = gettext_lazy("删除草稿")
    sources = (Status.DRAFT,)
    wrong_status = gettext_lazy("记录现在是“%(status)s”。提交过的记录要留存，不能删除。")


@register_rule
class CreateRecord(Rule[Enterprise]):
    """Asked of the enterprise for which a record is to be made."""

    name = "records.create"
    label = gettext_lazy("填报记录")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES)
    model = "enterprises.enterprise"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="place") & Q(is_active=True)

    def reasons(self, scope: Scope, obj: Enterprise) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("这家企业不在您的管辖或所属范围内。")
        if not obj.is_active:
            yield _("这家企业已经不在册，不能再填报。")


#: Why an officer's own records are left to a colleague.
OWN_RECORD = gettext_lazy("这条记录是您自己填报的，请由同事审核。")


def held_by_office(scope: Scope) -> Q:
    """What waits at the person's own level and place, their own records among it."""
    held = (scope.q((Role.COUNTY,)) & Q(held_by="county")) | (scope.q((Role.CITY,)) & Q(held_by="city"))
    return held & Q(status=Status.SUBMITTED)


@register_rule
class ReviewRecord(Rule[Record]):
    """The office at whose level the record is held decides; nobody decides what they made or handed in themselves."""

    name = "records.review"
    label = gettext_lazy("审核记录")
    roles = (Role.COUNTY, Role.CITY)
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
    roles = (Role.COUNTY, Role.CITY)
    model = "records.reviewbatch"

    def where(self, scope: Scope) -> Q:
        return Q(created_by_id=scope.user_id)

    def reasons(self, scope: Scope, obj: ReviewBatch) -> Iterator[str]:
        if obj.created_by_id != scope.user_id:
            yield _("这是别人发起的批量审核，只有发起人可以查看。")


@register_rule
class FlagRecord(Rule[Record]):
    """An officer marks a record for the city's sample, or takes the mark away, before or after deciding it."""

    name = "records.flag"
    label = gettext_lazy("标记关注")
    roles = (Role.COUNTY, Role.CITY)
    model = "records.record"
    _MARKED = (Status.SUBMITTED, Status.APPROVED)

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles) & Q(status__in=self._MARKED)

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖范围内。")
        elif obj.status not in self._MARKED:
            yield _("记录现在是“%(status)s”，只有待审核和已通过的记录可以标记。") % {"status": obj.get_status_display()}


@register_rule
class ReopenRecord(Rule[Record]):
    """An approved record found wrong is reopened singly by the office that decided it or one above, while its quarter
    is open: the figures of a closed quarter are frozen, and a record counted there must not be counted again elsewhere."""

    name = "records.reopen"
    label = gettext_lazy("重新打开已通过的记录")
    roles = OFFICE_ROLES
    model = "records.record"

    def where(self, scope: Scope) -> Q:
        above = scope.q((Role.CITY, Role.PROVINCE)) | (scope.q((Role.COUNTY,)) & decided_by_county())
        return above & Q(status=Status.APPROVED) & Q(quarter__in=_open_codes())

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖范围内。")
        elif not scope.covers(obj, (Role.CITY, Role.PROVINCE)) and kind_of(obj).review_levels[-1] != Role.COUNTY:
            yield _("这类记录由市级产改办审定，请联系市级产改办重新打开。")
        elif obj.status != Status.APPROVED:
            yield _("记录现在是“%(status)s”，只有已通过的记录可以重新打开。") % {"status": obj.get_status_display()}
        elif not _open_codes().filter(code=obj.quarter).exists():
            yield _("%s已经关闭，数字已冻结。要更正这条记录，请先由省产改办重新开放这个季度。") % obj.quarter_label


def decided_by_county() -> Q:
    """Records of kinds on which the county has the last word."""
    return ~Q(kind__in=[kind.slug for kind in all_kinds() if kind.review_levels[-1] != Role.COUNTY])


def _open_codes() -> QuerySet:
    return ReportingQuarter.objects.filter(is_open=True).values("code")


@register_rule
class ViewAttachment(Rule[Attachment]):
    """A file follows its record; one not yet attached is its uploader's alone."""

    name = "records.view_attachment"
    label = gettext_lazy("查看佐证材料")
    roles = _READERS
    model = "records.attachment"

    def where(self, scope: Scope) -> Q:
        handed_in = Q(record__first_submitted_at__isnull=False) | Q(record__created_by_id=scope.user_id)
        through = scope.q(ENTERPRISE_ROLES, prefix="record__") | (
            scope.q(_OFFICE_READERS, prefix="record__") & handed_in
        )
        return through | Q(record__isnull=True, uploaded_by_id=scope.user_id)

    def reasons(self, scope: Scope, obj: Attachment) -> Iterator[str]:
        if obj.record is None:
            if obj.uploaded_by_id != scope.user_id:
                yield _("文件还没有随记录保存，只有上传的人能看。")
            return
        yield from ViewRecord().reasons(scope, obj.record)


class _ViewOwed(Rule[Duty]):
    roles = _READERS

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

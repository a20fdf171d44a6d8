"""Who may see, write and decide records."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.places.models import REGION_LEVELS, Place
from records.core.models import EDITABLE, Record, RecordStep, Status, UndecidedItem

READERS = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
#: What an office sees of an enterprise's work: everything handed in, never a draft it did not file itself.
OFFICE_READERS = (*OFFICE_ROLES, Role.AUDITOR)


def of_own_office(scope: Scope) -> Q:
    """What the person's own office reports itself: its people work on it together."""
    return Q(office__in=[place.pk for place in scope.places(*OFFICE_ROLES)])


def is_of_own_office(scope: Scope, record: Record) -> bool:
    """The same question as ``of_own_office`` for one record in memory."""
    return record.office_id in {place.pk for place in scope.places(*OFFICE_ROLES)}


@register_rule
class ViewRecord(Rule[Record]):
    """An enterprise sees all its records, an office its own; offices and auditors what was handed in below them, and what
    they filed on behalf."""

    name = "records.view"
    label = gettext_lazy("查看记录")
    roles = READERS
    model = "records.record"

    def where(self, scope: Scope) -> Q:
        handed_in = Q(first_submitted_at__isnull=False) | Q(created_by_id=scope.user_id) | of_own_office(scope)
        return scope.q(ENTERPRISE_ROLES) | (scope.q(OFFICE_READERS) & handed_in)

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if scope.covers(obj, ENTERPRISE_ROLES):
            return
        if not scope.covers(obj, OFFICE_READERS):
            yield _("它不在您的管辖或所属范围内。")
        elif obj.is_of_office and obj.first_submitted_at is None:
            if obj.created_by_id != scope.user_id and not is_of_own_office(scope, obj):
                yield _("填报单位还没有提交这条记录。")
        elif obj.first_submitted_at is None and obj.created_by_id != scope.user_id:
            yield _("企业还没有提交这条记录。")


class _WriteRecord(Rule[Record]):
    """Shared by what the filing side does: the enterprise for itself, an office on behalf of one in its place."""

    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES)
    model = "records.record"
    sources: tuple[str, ...] = EDITABLE
    wrong_status = gettext_lazy("记录现在是“%(status)s”，不能这样操作。")

    def where(self, scope: Scope) -> Q:
        for_one = scope.q(OFFICE_ROLES) & Q(created_by_id=scope.user_id, office=None)
        there = Q(enterprise__is_active=True) | Q(office__isnull=False)
        return (scope.q(ENTERPRISE_ROLES) | for_one | of_own_office(scope)) & there & Q(status__in=self.sources)

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        if obj.is_of_office:
            if not is_of_own_office(scope, obj):
                yield _("只有填报这条记录的产改办可以这样做。")
        elif not scope.covers(obj, ENTERPRISE_ROLES):
            if not (scope.covers(obj, OFFICE_ROLES) and obj.created_by_id == scope.user_id):
                yield _("只有填报这条记录的企业（或代填的人）可以这样做。")
        if obj.status not in self.sources:
            yield str(self.wrong_status) % {"status": obj.get_status_display()}
        if obj.enterprise is not None and not obj.enterprise.is_active:
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


#: What an office has said about a record, or does by marking it.
_DECISIONS = ("approve", "return", "reject", "reopen", "overturn")
_DECIDED = Exists(RecordStep.objects.filter(record=OuterRef("pk"), action__in=_DECISIONS))


@register_rule
class DiscardRecord(_WriteRecord):
    """A draft, or what was taken back before any office had looked at it, may be thrown away by who filed it; anything
    else that was handed in stays."""

    name = "records.discard"
    label = gettext_lazy("删除草稿和撤回的记录")
    sources = (Status.DRAFT, Status.WITHDRAWN)
    wrong_status = gettext_lazy("记录现在是“%(status)s”。提交过的记录要留存，不能删除；待审核的可以先撤回。")

    def where(self, scope: Scope) -> Q:
        unseen = Q(status=Status.DRAFT) | (Q(is_flagged=False) & ~Q(_DECIDED))
        return super().where(scope) & unseen

    def reasons(self, scope: Scope, obj: Record) -> Iterator[str]:
        yield from super().reasons(scope, obj)
        if obj.status == Status.WITHDRAWN:
            if obj.is_flagged or obj.steps.filter(action__in=_DECISIONS).exists():
                yield _("审核单位已经办理过这条记录，要留存，不能删除。")


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


@register_rule
class CreateOwnRecord(Rule[Place]):
    """Asked of the office that reports what it did itself."""

    name = "records.create_own"
    label = gettext_lazy("本级填报")
    roles = OFFICE_ROLES
    model = "places.place"

    def where(self, scope: Scope) -> Q:
        own = [place.pk for place in scope.places(*self.roles)]
        return Q(pk__in=own, level__in=REGION_LEVELS, closed_on__isnull=True)

    def reasons(self, scope: Scope, obj: Place) -> Iterator[str]:
        if obj.pk not in {place.pk for place in scope.places(*self.roles)}:
            yield _("本级填报只能由这个产改办自己的人员办理。")
        elif not obj.is_region:
            yield _("只有省、市、县（市、区）产改办有本级填报。")
        elif obj.is_closed:
            yield _("这个单位已经撤并，不能再填报。")


@register_rule
class SettleItems(Rule[UndecidedItem]):
    """Whether what no document asks for is collected is decided for the whole province."""

    name = "records.settle_items"
    label = gettext_lazy("核定待核定的填报内容")
    roles = (Role.PROVINCE,)
    model = "records.undecideditem"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: UndecidedItem) -> Iterator[str]:
        yield from ()

"""Who may write, send, see and answer notices, and urge others."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.places.models import Place
from notices.models import PUBLIC, Delivery, Notice, NoticeFile, State

_READERS = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
_OVERSEERS = (*OFFICE_ROLES, Role.AUDITOR)
#: Who acts for a unit that received something.
UNIT_ROLES = (*ENTERPRISE_ROLES, *OFFICE_ROLES)


def own_places(scope: Scope, roles: tuple[str, ...] = UNIT_ROLES) -> list[int]:
    """The units this person acts for."""
    return [place.pk for place in scope.places(*roles)]


@register_rule
class ViewNotice(Rule[Notice]):
    """The issuing office its own, drafts included; offices and auditors what was issued in their place; everybody what
    came to a unit in their place."""

    name = "notices.view"
    label = gettext_lazy("查看通知")
    roles = _READERS
    model = "notices.notice"

    def where(self, scope: Scope) -> Q:
        came = Delivery.objects.filter(scope.q(self.roles), notice_id=OuterRef("pk"))
        issued = scope.q(_OVERSEERS, enterprise="")
        return Q(office_id__in=own_places(scope, OFFICE_ROLES)) | (Q(state__in=PUBLIC) & (issued | Q(Exists(came))))

    def reasons(self, scope: Scope, obj: Notice) -> Iterator[str]:
        if obj.office_id in own_places(scope, OFFICE_ROLES):
            return
        if obj.state not in PUBLIC:
            yield _("通知还没有发出。")
        elif not scope.covers(obj, _OVERSEERS, enterprise=""):
            if not Delivery.objects.filter(scope.q(self.roles), notice_id=obj.pk).exists():
                yield _("这份通知没有发给您的单位。")


@register_rule
class ViewSent(Rule[Notice]):
    """The issuing side's list: one's own office's notices, and those issued in one's place once they are out."""

    name = "notices.view_sent"
    label = gettext_lazy("查看发出的通知")
    roles = _OVERSEERS
    model = "notices.notice"

    def where(self, scope: Scope) -> Q:
        own = Q(office_id__in=own_places(scope, OFFICE_ROLES))
        return own | (Q(state__in=PUBLIC) & scope.q(self.roles, enterprise=""))

    def reasons(self, scope: Scope, obj: Notice) -> Iterator[str]:
        if obj.office_id in own_places(scope, OFFICE_ROLES):
            return
        if obj.state not in PUBLIC:
            yield _("通知还没有发出。")
        elif not scope.covers(obj, self.roles, enterprise=""):
            yield _("这份通知不是您管辖范围内发出的。")


class _OwnNotice(Rule[Notice]):
    """For people of the issuing office, while the notice is in one state."""

    roles = OFFICE_ROLES
    model = "notices.notice"
    state: str
    wrong_state = gettext_lazy("通知现在是“%(state)s”，不能这样操作。")

    def where(self, scope: Scope) -> Q:
        return Q(office_id__in=own_places(scope, OFFICE_ROLES), state=self.state)

    def reasons(self, scope: Scope, obj: Notice) -> Iterator[str]:
        if obj.office_id not in own_places(scope, OFFICE_ROLES):
            yield _("只有发文单位可以这样做。")
        elif obj.state != self.state:
            yield str(self.wrong_state) % {"state": obj.get_state_display()}


@register_rule
class EditNotice(_OwnNotice):
    name = "notices.edit"
    label = gettext_lazy("起草和发出通知")
    state = State.DRAFT
    wrong_state = gettext_lazy("通知现在是“%(state)s”，不能再修改。需要更正请发补充通知。")


@register_rule
class WithdrawNotice(_OwnNotice):
    name = "notices.withdraw"
    label = gettext_lazy("撤回通知")
    state = State.SENT
    wrong_state = gettext_lazy("通知现在是“%(state)s”，只有已发出的可以撤回。")


@register_rule
class ViewDelivery(Rule[Delivery]):
    """Which unit has read, signed and answered: the unit itself, and offices and auditors over it."""

    name = "notices.view_delivery"
    label = gettext_lazy("查看通知送达情况")
    roles = _READERS
    model = "notices.delivery"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles) & Q(notice__state__in=PUBLIC)

    def reasons(self, scope: Scope, obj: Delivery) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖或所属范围内。")
        elif obj.notice.state not in PUBLIC:
            yield _("通知还没有发出。")


@register_rule
class AnswerDelivery(Rule[Delivery]):
    """Reading, signing and answering is the unit's own."""

    name = "notices.answer"
    label = gettext_lazy("签收和反馈通知")
    roles = UNIT_ROLES
    model = "notices.delivery"

    def where(self, scope: Scope) -> Q:
        return Q(place_id__in=own_places(scope), notice__state=State.SENT)

    def reasons(self, scope: Scope, obj: Delivery) -> Iterator[str]:
        if obj.place_id not in own_places(scope):
            yield _("只有收到通知的单位可以签收和反馈。")
        elif obj.notice.state != State.SENT:
            yield _("通知已撤回，不用签收和反馈。")


@register_rule
class ViewFile(Rule[NoticeFile]):
    """Whoever sees the notice; of a form not yet saved only who uploaded it."""

    name = "notices.view_file"
    label = gettext_lazy("打开通知附件")
    roles = _READERS
    model = "notices.noticefile"

    def where(self, scope: Scope) -> Q:
        seen = Notice.objects.filter(ViewNotice().where(scope))
        return Q(notice__in=seen.order_by().values("pk")) | Q(notice=None, uploaded_by_id=scope.user_id)

    def reasons(self, scope: Scope, obj: NoticeFile) -> Iterator[str]:
        if obj.notice is not None:
            yield from ViewNotice().reasons(scope, obj.notice)
        elif obj.uploaded_by_id != scope.user_id:
            yield _("文件还没有随通知保存，只有上传的人能打开。")


@register_rule
class UrgeUnit(Rule[Place]):
    """Offices urge the units below them, never themselves."""

    name = "notices.urge"
    label = gettext_lazy("催办下级单位")
    roles = OFFICE_ROLES
    model = "places.place"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles, enterprise="") & ~Q(pk__in=own_places(scope, OFFICE_ROLES))

    def reasons(self, scope: Scope, obj: Place) -> Iterator[str]:
        if not scope.covers(obj, self.roles, enterprise=""):
            yield _("%s不在您的管辖范围内，不能催办。") % obj
        elif obj.pk in own_places(scope, OFFICE_ROLES):
            yield _("%s是您自己的单位，不用催办。") % obj

"""Who may see and steer a job."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from foundation.jobs.models import LIVE, Job, Status
from foundation.places.models import Level

_ASKING_ROLES = (Role.CLERK, Role.LEAD, Role.COUNTY, Role.CITY, Role.PROVINCE, Role.AUDITOR, Role.ADMIN)


def runs_the_portal(scope: Scope) -> bool:
    """Administrator of the whole portal: sees that jobs run, not what they are about or what comes out of them."""
    return any(place.level == Level.PROVINCE for place in scope.places(Role.ADMIN))


class _JobRule(Rule[Job]):
    model = "jobs.job"
    roles = _ASKING_ROLES
    portal_admin = False

    def where(self, scope: Scope) -> Q:
        if self.portal_admin and runs_the_portal(scope):
            return Q()
        return Q(owner_id=scope.user_id) if scope.user else Q(pk__in=[])

    def reasons(self, scope: Scope, obj: Job) -> Iterator[str]:
        if self.portal_admin and runs_the_portal(scope):
            return
        if scope.user is None or obj.owner_id != scope.user_id:
            yield _("这是别人发起的任务，只有发起人可以操作。")


@register_rule
class ViewJob(_JobRule):
    name = "jobs.view"
    label = gettext_lazy("查看后台任务")
    portal_admin = True


@register_rule
class SeeResult(_JobRule):
    name = "jobs.result"
    label = gettext_lazy("打开任务结果")


@register_rule
class CancelJob(_JobRule):
    name = "jobs.cancel"
    label = gettext_lazy("取消后台任务")
    portal_admin = True

    def where(self, scope: Scope) -> Q:
        return super().where(scope) & Q(status__in=LIVE)

    def reasons(self, scope: Scope, obj: Job) -> Iterator[str]:
        yield from super().reasons(scope, obj)
        if not obj.is_live:
            yield _("任务已经结束，不能再取消。")


@register_rule
class RetryJob(_JobRule):
    name = "jobs.retry"
    label = gettext_lazy("重试后台任务")
    _ENDED_BADLY = (Status.FAILED, Status.CANCELLED)

    def where(self, scope: Scope) -> Q:
        return super().where(scope) & Q(status__in=self._ENDED_BADLY)

    def reasons(self, scope: Scope, obj: Job) -> Iterator[str]:
        yield from super().reasons(scope, obj)
        if obj.status not in self._ENDED_BADLY:
            yield _("只有失败或已取消的任务可以重试。")

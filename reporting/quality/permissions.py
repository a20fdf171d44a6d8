"""Who sees findings, who asks and settles, who answers, who has them looked for, who sets from which size on."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import NOTHING, Scope
from foundation.places.models import Place
from reporting.quality.models import LIVE, Finding, FindingState, QualityThresholds

_REVIEWERS = (Role.COUNTY, Role.CITY)


@register_rule
class ViewFinding(Rule[Finding]):
    """Offices and auditors see what was found in their place, an enterprise what it was asked about."""

    name = "reporting.view_finding"
    label = gettext_lazy("查看数据疑点")
    roles = (*ENTERPRISE_ROLES, *OFFICE_ROLES, Role.AUDITOR)
    model = "reporting.finding"
    _ABOVE = (*OFFICE_ROLES, Role.AUDITOR)

    def where(self, scope: Scope) -> Q:
        return scope.q(self._ABOVE) | (scope.q(ENTERPRISE_ROLES) & Q(asked_at__isnull=False))

    def reasons(self, scope: Scope, obj: Finding) -> Iterator[str]:
        if scope.covers(obj, self._ABOVE):
            return
        if not scope.covers(obj, ENTERPRISE_ROLES):
            yield _("它不在您的管辖或所属范围内。")
        elif obj.asked_at is None:
            yield _("产改办没有就它询问过企业。")


@register_rule
class HandleFinding(Rule[Finding]):
    """The office that reviews what was filed there asks the enterprise, and settles. Offices above look on."""

    name = "reporting.handle_finding"
    label = gettext_lazy("处理数据疑点")
    roles = _REVIEWERS
    model = "reporting.finding"

    def where(self, scope: Scope) -> Q:
        held = NOTHING
        for role in self.roles:
            held |= scope.q((role,)) & Q(held_by=role)
        return held & Q(state__in=LIVE)

    def reasons(self, scope: Scope, obj: Finding) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖范围内。")
        elif obj.state not in LIVE:
            yield _("这个疑点现在是“%(state)s”，不用再处理。") % {"state": obj.get_state_display()}
        elif not scope.covers(obj, (obj.held_by,)):
            yield _("疑点由审核这家企业填报的产改办处理。")


@register_rule
class AnswerFinding(Rule[Finding]):
    """The enterprise that was asked answers, once for each question."""

    name = "reporting.answer_finding"
    label = gettext_lazy("答复产改办的询问")
    roles = ENTERPRISE_ROLES
    model = "reporting.finding"

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles) & Q(state=FindingState.ASKED)

    def reasons(self, scope: Scope, obj: Finding) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("只有被询问的企业可以答复。")
        elif obj.state == FindingState.ANSWERED:
            yield _("这次询问已经答复过。还要补充的，请联系产改办。")
        elif obj.state != FindingState.ASKED:
            yield _("这个疑点现在是“%(state)s”，不用答复。") % {"state": obj.get_state_display()}


@register_rule
class FindAgain(Rule[Place]):
    """An office has the findings of its own region, or of one below, looked for at once."""

    name = "reporting.find_again"
    label = gettext_lazy("重新查找数据疑点")
    roles = OFFICE_ROLES
    model = "places.place"

    def where(self, scope: Scope) -> Q:
        return Q(pk__in=[place.pk for place in scope.places(*self.roles) if place.is_region])

    def reasons(self, scope: Scope, obj: Place) -> Iterator[str]:
        if obj.pk not in {place.pk for place in scope.places(*self.roles) if place.is_region}:
            yield _("只能重新查找本单位辖区的数据疑点。")


@register_rule
class SetThresholds(Rule[QualityThresholds]):
    """From which size on something is found is one for the whole province."""

    name = "reporting.set_quality"
    label = gettext_lazy("设定数据质量标准")
    roles = (Role.PROVINCE,)
    model = "reporting.qualitythresholds"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: QualityThresholds) -> Iterator[str]:
        yield from ()

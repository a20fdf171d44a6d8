"""What each role does first, and whether it has been done: read from the data, so that nobody ticks anything off."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from enterprises.profiles.queries import this_year, without_profile
from foundation.access.models import ENTERPRISE_ROLES, OFFICE_ROLES, Grant, Role
from foundation.access.scope import Scope, scope_of
from foundation.accounts.models import Actor, SecurityPolicy
from foundation.calendar.workdays import is_published
from foundation.places.models import COUNTY_LEVELS, Level, Place
from records.models import DutyRule, QuarterStatement, Record, RecordStep, ReviewSettings
from reporting.models import Report

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Asked(TypedDict):
        has_profile: bool
        has_record: bool
        has_submitted: bool
        has_statement: bool


@dataclass(frozen=True)
class Step:
    label: str
    note: str
    url: str
    is_done: bool


def steps_for(user: Actor) -> list[Step]:
    """The steps of all the person's roles, a step that two roles share only once."""
    scope = scope_of(user)
    found = {step.label: step for role, steps in _STEPS.items() if scope.has_role(role) for step in steps(scope)}
    return list(found.values())


# --- enterprises ------------------------------------------------------------------------------------


def _own_enterprise(scope: Scope) -> "WithAnnotations[Enterprise, Asked] | None":
    """The person's first enterprise, and what has been done for any of theirs. One query."""
    ids = scope.enterprise_ids()
    enterprises: QuerySet[Enterprise] = Enterprise.objects.filter(pk__in=ids).active()
    own = Record.objects.filter(enterprise__in=ids)
    asked = enterprises.annotate(
        has_profile=~Exists(without_profile(enterprises, this_year())),
        has_record=Exists(own),
        has_submitted=Exists(own.filter(first_submitted_at__isnull=False)),
        has_statement=Exists(QuarterStatement.objects.filter(enterprise__in=ids)),
    )
    return asked.order_by("pk").first()


def _clerk_steps(scope: Scope) -> Iterator[Step]:
    enterprise = _own_enterprise(scope)
    if enterprise is not None:
        yield from _filing_steps(enterprise)


def _filing_steps(enterprise: "WithAnnotations[Enterprise, Asked]") -> Iterator[Step]:
    handbook = reverse("handbook:chapter", args=["clerk"])
    yield Step(
        _("填报今年的年度基本情况"),
        _("职工、工资和会员数一年填一次，以后不再重复填。"),
        reverse("enterprises:profile", args=[enterprise.pk]),
        enterprise.has_profile,
    )
    yield Step(
        _("填第一条活动记录"),
        _("办完一场就填一条；没填完的先存成草稿。"),
        f"{handbook}#填一条记录",
        enterprise.has_record,
    )
    yield Step(
        _("提交审核"),
        _("提交后由县级产改办审核，通过后计入统计。"),
        reverse("records:list"),
        enterprise.has_submitted,
    )
    yield Step(
        _("做一次季度确认"),
        _("一个季度填完之后选“已填完”；没有活动的选“零报告”。"),
        f"{handbook}#季度确认",
        enterprise.has_statement,
    )


def _lead_steps(scope: Scope) -> Iterator[Step]:
    enterprise = _own_enterprise(scope)
    if enterprise is not None:
        yield Step(
            _("补齐企业信息"),
            _("核对行业、规模，写上产改联络员的姓名。"),
            reverse("enterprises:edit", args=[enterprise.pk]),
            bool(enterprise.liaison),
        )
        yield from _filing_steps(enterprise)


# --- offices ----------------------------------------------------------------------------------------


def _has_account(places: models.QuerySet[Place], *roles: str) -> bool:
    """Whether there are such places, and somebody holds one of the roles at each. One query."""
    held = Grant.objects.in_force().filter(role__in=roles, user__is_active=True, place=OuterRef("pk"))
    found = places.aggregate(all=Count("pk"), held=Count("pk", filter=Exists(held)))
    return bool(0 < found["all"] == found["held"])


def _places_of(scope: Scope, role: str, *levels: str) -> models.QuerySet[Place]:
    return Place.objects.filter(scope.q((role,), enterprise=""), level__in=levels)


def _enterprises_have_accounts(scope: Scope, role: str) -> Step:
    enterprises = _places_of(scope, role, Level.ENTERPRISE).filter(enterprise__is_active=True)
    return Step(
        _("为每家企业开通账号"),
        _("一家一家新建，或者用 Excel 批量新建，密码条当面交给本人。"),
        reverse("backoffice:accounts"),
        _has_account(enterprises, *ENTERPRISE_ROLES),
    )


def _offices_have_accounts(label: str, places: models.QuerySet[Place], *roles: str) -> Step:
    return Step(label, _("每个单位至少一个在用的账号。"), reverse("backoffice:accounts"), _has_account(places, *roles))


def _review_settings(scope: Scope, role: str) -> Step:
    return Step(
        _("核定审核设置"),
        _("审核时限、申诉期限和常用语；没有设置的按建议值执行。"),
        reverse("records:review_settings"),
        ReviewSettings.objects.filter(place__in=[place.pk for place in scope.places(role)]).exists(),
    )


def _report(scope: Scope, role: str) -> Step:
    return Step(
        _("生成一份季度报告"),
        _("选择地区和季度，几秒后即可预览；送审稿可以反复生成。"),
        reverse("reporting:reports"),
        Report.objects.filter(region__in=[place.pk for place in scope.places(role)]).exists(),
    )


def _county_steps(scope: Scope) -> Iterator[Step]:
    enterprises = Enterprise.objects.filter(scope.q((Role.COUNTY,), enterprise="place")).active()
    decided = RecordStep.objects.filter(actor=scope.user, action__in=("approve", "return", "reject"))
    yield Step(_("登记参加产改的企业"), _("登记之后企业才能填报。"), reverse("enterprises:list"), enterprises.exists())
    yield _enterprises_have_accounts(scope, Role.COUNTY)
    yield _review_settings(scope, Role.COUNTY)
    yield Step(
        _("审核第一条记录"),
        _("通过、退回修改或驳回；下一条自动打开。"),
        reverse("records:review"),
        decided.exists(),
    )
    yield _report(scope, Role.COUNTY)


def _city_steps(scope: Scope) -> Iterator[Step]:
    counties = _places_of(scope, Role.CITY, *COUNTY_LEVELS)
    yield _offices_have_accounts(_("为各县（市、区）产改办开通账号"), counties, Role.COUNTY)
    yield _enterprises_have_accounts(scope, Role.CITY)
    yield _review_settings(scope, Role.CITY)
    yield _report(scope, Role.CITY)


def _province_steps(scope: Scope) -> Iterator[Step]:
    yield Step(
        _("设定应报规则"),
        _("哪些企业要按期报送什么；没有规则，企业看不到截止日期。"),
        reverse("backoffice:quarters"),
        DutyRule.objects.filter(is_active=True).exists(),
    )
    yield Step(
        _("核定今年的工作日表"),
        _("各项期限都按它计算；没有核定的年份标“待核定”。"),
        reverse("backoffice:workdays"),
        is_published(timezone.localdate().year),
    )
    yield _offices_have_accounts(_("为各设区市产改办开通账号"), _places_of(scope, Role.PROVINCE, Level.CITY), Role.CITY)
    yield _review_settings(scope, Role.PROVINCE)
    yield _report(scope, Role.PROVINCE)


# --- administrators ---------------------------------------------------------------------------------


def _admin_steps(scope: Scope) -> Iterator[Step]:
    own = Place.objects.filter(pk__in=[place.pk for place in scope.places(Role.ADMIN)])
    yield _offices_have_accounts(_("为本级产改办开通账号"), own, *OFFICE_ROLES)
    if any(place.level == Level.PROVINCE for place in scope.places(Role.ADMIN)):
        yield Step(
            _("核定登录安全设置"),
            _("密码多久要换、哪些角色必须使用第二重验证。"),
            reverse("backoffice:security"),
            SecurityPolicy.objects.exists(),
        )
        yield Step(
            _("开通邮件"),
            _("设置邮件服务器之后，消息可以同时发到邮箱；不设也能用。"),
            reverse("notify:mail"),
            bool(settings.MAIL_IS_SET),
        )
    yield Step(
        _("为自己设置第二重验证"),
        _("管理员的账号最要紧：密码泄露了，别人也进不来。"),
        reverse("mfa_index"),
        Authenticator.objects.filter(user=scope.user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists(),
    )


_STEPS: dict[str, Callable[[Scope], Iterator[Step]]] = {
    Role.LEAD: _lead_steps,
    Role.CLERK: _clerk_steps,
    Role.COUNTY: _county_steps,
    Role.CITY: _city_steps,
    Role.PROVINCE: _province_steps,
    Role.ADMIN: _admin_steps,
}

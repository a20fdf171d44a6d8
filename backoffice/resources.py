"""The register of accounts. Its list follows from here; passwords, grants and everything else that is done to an account
are ordinary views (``backoffice.views.accounts``), because none of it is an edit of a row."""

from collections.abc import Sequence
from typing import Any

import django_filters
import django_tables2 as tables
from django.db import models
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.forms import PlaceField
from foundation.access.models import Grant, Role
from foundation.access.queries import grantable_places, manageable_accounts
from foundation.access.rules import verdict
from foundation.accounts.models import ACCOUNT_NAMES, Actor, SecurityPolicy, User
from foundation.accounts.requests import PortalRequest
from foundation.crud.resource import Fieldset, Link, Menu, Permissions, Resource, register
from foundation.exchange.models import HeadingSynonym
from foundation.places.models import Place
from foundation.ui.badges import badge_markup
from foundation.ui.sections import SETTINGS
from foundation.ui.tables import LinkColumn, MomentColumn, PortalTable

#: How long before its last day a grant is pointed out to who manages its person.
ENDING_SOON_DAYS = 30


class AccountTable(PortalTable):
    full_name = LinkColumn(
        verbose_name=gettext_lazy("姓名"),
        linkify=lambda record: reverse("backoffice:account", args=[record.pk]),
    )
    username = tables.Column(verbose_name=gettext_lazy("用户名"))
    grants = tables.Column(verbose_name=gettext_lazy("角色与单位"), accessor="grants", orderable=False, empty_values=())
    last_login = MomentColumn(verbose_name=gettext_lazy("最近登录"), default=gettext_lazy("从未登录"))
    is_active = tables.Column(verbose_name=gettext_lazy("状态"))

    sorts = ("username", "last_login")

    phone = ("full_name", "grants", "last_login", "is_active")

    class Meta(PortalTable.Meta):
        model = User
        fields = ("full_name", "username", "grants", "last_login", "is_active")
        sequence = fields

    def render_grants(self, record: User) -> SafeString | str:
        lines = [
            ("ended" if grant.has_ended else "", grant, _("（%s）") % grant.days_text() if grant.valid_until else "")
            for grant in record.grants.all()
        ]
        shown = format_html_join("", '<div class="held {}">{}{}</div>', lines)
        return format_html("<div>{}</div>", shown) if lines else _("未授权")

    def value_grants(self, record: User) -> str:
        return "；".join(str(grant) for grant in record.grants.all())

    def render_is_active(self, value: bool) -> SafeString:
        return badge_markup(_("在用"), tone="done") if value else badge_markup(_("已停用"), tone="quiet")


class PlaceFilter(django_filters.Filter):
    """The place of a grant, or one below it."""

    field_class = PlaceField


class AccountFilter(django_filters.FilterSet):
    """``role`` and ``place`` narrow the same grant: a clerk of one place and an officer of another is neither."""

    q = django_filters.CharFilter(label=gettext_lazy("姓名或用户名"), max_length=60, method="find")
    role = django_filters.ChoiceFilter(
        label=gettext_lazy("角色"), choices=Role.choices, empty_label=gettext_lazy("全部"), method="unchanged"
    )
    place = PlaceFilter(label=gettext_lazy("单位"), method="unchanged", mine=True)
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"),
        empty_label=gettext_lazy("全部"),
        choices=[
            ("active", gettext_lazy("在用")),
            ("waiting", gettext_lazy("尚未修改一次性密码")),
            ("ending", gettext_lazy("授权 30 天内到期")),
            ("suspended", gettext_lazy("已停用")),
        ],
        method="by_state",
    )

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.form.fields["place"]
        # Without a request a workbook is written: its rows are the person's own, whatever place is asked for.
        places = Place.objects.all() if self.request is None else grantable_places(self.request.user)
        field.queryset = places.select_related("city")
        field.show_only(self.data.get("place"))

    def filter_queryset(self, queryset: models.QuerySet[User]) -> models.QuerySet[User]:
        found: models.QuerySet[User] = super().filter_queryset(queryset)
        role, place = (self.form.cleaned_data.get(name) for name in ("role", "place"))
        grants = Grant.objects.all()
        if role:
            grants = grants.filter(role=role)
        if place:
            grants = grants.filter(place__in=Place.objects.within(place))
        return found.filter(pk__in=grants.values("user_id")) if role or place else found

    def find(self, queryset: models.QuerySet[User], name: str, value: str) -> models.QuerySet[User]:
        return queryset.filter(ACCOUNT_NAMES.holding(value))

    def unchanged(self, queryset: models.QuerySet[User], name: str, value: Any) -> models.QuerySet[User]:
        """See ``filter_queryset``."""
        return queryset

    def by_state(self, queryset: models.QuerySet[User], name: str, value: str) -> models.QuerySet[User]:
        found = queryset.filter(is_active=value != "suspended")
        if value == "waiting":
            return found.filter(must_change_password=True)
        if value == "ending":
            return found.filter(pk__in=Grant.objects.ending_within(ENDING_SOON_DAYS).values("user_id"))
        return found


@register
class AccountResource(Resource):
    model = User
    namespace = "backoffice"
    name = "account"
    path = "accounts-admin"
    pages = ("list", "export")
    own_pages = ("create", "detail")
    table = AccountTable
    filterset = AccountFilter
    sort = ("username", "last_login")
    ordering = ("username",)
    natural_key = ("username",)
    permissions = Permissions(view="accounts.manage")
    #: Who may sign in where is shown to people who manage it, on pages that log what they do.
    has_api = False
    icon = "users"
    menu = Menu(SETTINGS, 820)
    title = gettext_lazy("账号与授权")
    new_label = gettext_lazy("新建账号")
    empty_text = gettext_lazy("请为本地区的工作人员新建账号。")
    nothing_text = gettext_lazy("请放宽筛选条件，或为本地区的工作人员新建账号。")
    list_template = "backoffice/accounts.html"

    def rows(self, user: Actor) -> models.QuerySet[User]:
        accounts = manageable_accounts(user).order_by(*self.list_ordering)
        return accounts.prefetch_related("grants__place", "grants__standing_in_for")

    def may_create(self, user: Actor) -> bool:
        return bool(verdict(user, "accounts.manage"))

    def list_links(self, request: PortalRequest) -> Sequence[Link]:
        links = [Link(_("批量新建"), reverse("backoffice:account_imports"), "upload")]
        if verdict(request.user, "accounts.set_security", SecurityPolicy(pk=1)):
            links.append(Link(_("登录安全设置"), reverse("backoffice:security"), "shield-check"))
        return links

    def list_context(self, request: PortalRequest, filterset: AccountFilter) -> dict[str, Any]:
        ending = Grant.objects.ending_within(ENDING_SOON_DAYS).filter(user__in=manageable_accounts(request.user))
        return {"ending": ending.count()}


@register
class SynonymResource(Resource):
    """By which words the imports know a column."""

    model = HeadingSynonym
    namespace = "backoffice"
    name = "synonym"
    path = "heading-synonyms"
    columns = ("word", "heading", "is_active")
    search = ("word", "heading")
    few_rows = True
    filters = ("state",)
    fieldsets = (Fieldset(gettext_lazy("叫法"), ("heading", "word", "is_active")),)
    natural_key = ("heading", "word")
    permissions = Permissions(view="exchange.view_synonyms", change="exchange.keep_synonyms")
    icon = "tags"
    menu = Menu(SETTINGS, 885)
    title = gettext_lazy("导入列名对照")
    new_label = gettext_lazy("新增叫法")
    empty_text = gettext_lazy("登记企业台账里的其他叫法，导入时就能自动对应。")

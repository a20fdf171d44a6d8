"""Lists of the back office."""

import json
from typing import Any

import django_tables2 as tables
from django.apps import apps
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.queries import is_administrative
from foundation.access.scope import scope_of
from foundation.accounts.models import User
from foundation.audit.log import event_wording
from foundation.audit.models import Entry
from foundation.places.models import REGION_LEVELS, SMALL_LEVELS, Place
from foundation.ui.tables import MomentColumn, PortalTable


class AuditTable(PortalTable):
    """Newest first; everything beyond the headline folds out of the row."""

    at = MomentColumn(verbose_name=gettext_lazy("时间"), order_by="pk")
    actor_label = tables.Column(verbose_name=gettext_lazy("操作人"), orderable=False)
    event = tables.Column(verbose_name=gettext_lazy("事件"), orderable=False)
    label = tables.Column(verbose_name=gettext_lazy("对象"), orderable=False, default="—")
    where = tables.Column(verbose_name=gettext_lazy("单位"), orderable=False, empty_values=(), accessor="pk")
    details = tables.Column(verbose_name=gettext_lazy("详情"), orderable=False, empty_values=(), accessor="pk")

    phone = ("at", "actor_label", "event", "details")

    class Meta:
        model = Entry
        fields = ("at", "actor_label", "event", "label", "where", "details")

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hides_business = scope_of(viewer).only_administers

    def _is_hidden(self, entry: Entry) -> bool:
        """Of business an administrator reads that something was done to a row, not what the row says."""
        return self._hides_business and not is_administrative(entry)

    def render_label(self, record: Entry) -> str:
        return _kind_and_number(record) if self._is_hidden(record) else record.label

    def render_actor_label(self, value: str) -> str:
        return _("系统") if value == "system" else value

    def render_event(self, value: str) -> str:
        return event_wording(value)

    def render_where(self, record: Entry) -> str:
        place = record.enterprise or record.county or record.city or record.province
        return place.name if place else "—"

    def render_details(self, record: Entry) -> SafeString:
        return format_html(
            '<details><summary>{}</summary><dl class="deflist">{}</dl></details>',
            _("查看"),
            format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", self._facts(record)),
        )

    def _facts(self, record: Entry) -> list[tuple[str, str]]:
        return _origin(record) if self._is_hidden(record) else _facts(record)

    def value_details(self, record: Entry) -> str:
        return "；".join(f"{name}：{words}" for name, words in self._facts(record))


def _facts(entry: Entry) -> list[tuple[str, str]]:
    """What folds out: the object, each change as old → new, the note, where the request came from."""
    rows = [(_("对象"), entry.label)] if entry.label else []
    for name, change in entry.changes.items():
        pair = isinstance(change, list) and len(change) == 2
        rows.append((str(name), f"{_shown(change[0])} → {_shown(change[1])}" if pair else _shown(change)))
    if entry.note:
        rows.append((_("说明"), entry.note))
    return rows + _origin(entry)


def _origin(entry: Entry) -> list[tuple[str, str]]:
    return [(_("来源地址"), entry.address or "—"), (_("请求编号"), entry.request_id or "—")]


def _kind_and_number(entry: Entry) -> str:
    """``职工大讲堂 4711``: what sort of row, without its name."""
    try:
        kind = str(apps.get_model(entry.target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        kind = ""  # written by an earlier program
    return f"{kind} {entry.target_id}".strip()


def _shown(value: object) -> str:
    if value is None or value == "":
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class AccountHistoryTable(AuditTable):
    """The same entries on an account's own page, where object and place are known."""

    class Meta:
        model = Entry
        fields = ("at", "event", "actor_label", "details")
        exclude = ("label", "where")
        empty_text = gettext_lazy("还没有登录或变更记录。")


def _place_url(record: Place) -> str | None:
    """Regions, townships and parks have pages here; enterprises have theirs in the register."""
    shown = record.level in (*REGION_LEVELS, *SMALL_LEVELS)
    return reverse("backoffice:region", args=[record.code]) if shown else None


class PlaceTable(PortalTable):
    """What a search in the tree found."""

    name = tables.Column(verbose_name=gettext_lazy("名称"), attrs={"td": {"class": "main"}}, linkify=_place_url)
    code = tables.Column(verbose_name=gettext_lazy("代码"))
    level = tables.Column(verbose_name=gettext_lazy("层级"))
    parent = tables.Column(verbose_name=gettext_lazy("上级"), default="—", orderable=False)

    class Meta:
        model = Place
        fields = ("name", "code", "level", "parent")
        empty_text = gettext_lazy("没有找到。请换一个名称、拼音首字母或代码再查。")

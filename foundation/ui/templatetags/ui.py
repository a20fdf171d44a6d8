"""Components and formats of the portal's pages; built in to every template.

Components take keyword arguments only; an argument they do not know is a ``TemplateSyntaxError``.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_tables2.columns import BoundColumn

from foundation.ui import formats
from foundation.ui.badges import badge_markup
from foundation.ui.conditions import conditions
from foundation.ui.icons import icon_markup
from foundation.ui.paging import Page
from foundation.ui.regions import CHOSEN, REGION, regions_offered
from foundation.ui.sparklines import sparkline

register = template.Library()

for _filter in (
    formats.amount,
    formats.measured,
    formats.up_to_most,
    formats.wan,
    formats.percent,
    formats.day,
    formats.moment,
    formats.since,
    formats.quarter_label,
    formats.file_size,
):
    register.filter(_filter.__name__, _filter)


@register.filter
def or_not_reported(value: object) -> object:
    """The value, or 未填报 when there is none (text and choices; numbers use ``amount``)."""
    return formats.not_reported() if value is None or value == "" else value


@register.filter
def yes_no(value: bool | None) -> str:
    """是, 否 or 未填报."""
    return formats.not_reported() if value is None else (_("是") if value else _("否"))


# --- small parts ------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, *, css_class: str = "", label: str = "") -> SafeString:
    """``{% icon "check" %}``; with ``label`` it speaks, without it is decoration."""
    return icon_markup(name, css_class=css_class, label=label)


@register.simple_tag
def badge(*, label: object, status: str = "", tone: str = "") -> SafeString:
    """``{% badge label=record.get_status_display status=record.status %}``; tones in ``foundation.ui.badges``."""
    return badge_markup(label, status=status, tone=tone)


@register.simple_tag
def spark(values: Sequence[Decimal | None], label: str, *, is_open: bool = False) -> SafeString:
    """``{% spark row.values row.told is_open=is_running %}``: a line the size of a word, see ``foundation.ui.sparklines``."""
    return sparkline(values, label, is_open=is_open)


@register.inclusion_tag("ui/stat.html")
def stat(
    *,
    label: str,
    value: formats.Number,
    unit: str = "",
    delta: str = "",
    delta_label: str = "",
    year_delta: str = "",
    year_label: str = "",
    href: str = "",
    hint: str = "",
    tone: str = "",
) -> dict[str, object]:
    """A key figure. ``value`` None shows 未填报; text is shown as given; ``delta`` is the change against ``delta_label``
    (比上季度), as ``formats.change`` writes it; ``year_delta`` that against ``year_label`` (同比), which stands alone where
    it says that there is nothing to compare with."""
    shown = value if isinstance(value, str) and value else formats.amount(value)
    return {
        "label": label,
        "shown": shown,
        "missing": value is None or value == "",
        "unit": unit,
        "delta": delta,
        "delta_label": delta_label,
        "year_delta": year_delta,
        "year_label": year_label,
        "href": href,
        "hint": hint,
        "tone": tone,
    }


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    *, title: str, text: str = "", action_url: str = "", action_label: str = "", icon: str = "inbox"
) -> dict[str, object]:
    """What belongs here, and how to make the first one."""
    return {"title": title, "text": text, "action_url": action_url, "action_label": action_label, "icon": icon}


# --- blocks -----------------------------------------------------------------------------------------


@register.simple_block_tag
def card(
    content: str, *, title: str = "", subtitle: str = "", id: str = "", flush: bool = False, css_class: str = ""
) -> str:
    """A white box with a title. ``flush`` leaves out the padding (for tables and lists)."""
    head = ""
    if title:
        small = format_html('<div class="card-subtitle">{}</div>', subtitle) if subtitle else ""
        head = format_html('<div class="card-header"><div><h2 class="card-title">{}</h2>{}</div></div>', title, small)
    return format_html(
        '<section class="card {}"{}>{}<div class="{}">{}</div></section>',
        css_class,
        format_html(' id="{}"', id) if id else "",
        head,
        "card-flush" if flush else "card-body",
        content,
    )


_ALERTS = {
    "info": ("info-circle", "status"),
    "success": ("circle-check", "status"),
    "warning": ("alert-triangle", "status"),
    "danger": ("alert-circle", "alert"),
}


@register.simple_block_tag
def alert(content: str, *, level: str = "info", title: str = "") -> SafeString:
    """A notice in the page: ``info``, ``success``, ``warning`` or ``danger``."""
    if level not in _ALERTS:
        raise ValueError(f"unknown alert level {level!r}: one of {', '.join(_ALERTS)}")
    symbol, role = _ALERTS[level]
    head = format_html('<div class="notice-title">{}</div>', title) if title else ""
    return format_html(
        '<div class="notice notice-{}" role="{}">{}<div class="notice-body">{}{}</div></div>',
        level,
        role,
        icon_markup(symbol),
        head,
        content,
    )


@register.filter
def message_level(message: object) -> str:
    """The alert level of a ``django.contrib.messages`` message."""
    tag = getattr(message, "level_tag", "")
    return {"error": "danger", "debug": "info"}.get(tag, tag) or "info"


@register.simple_block_tag
def chart(
    content: str, *, option: Mapping[str, Any], label: str, source: str, excel: str, size: str = ""
) -> SafeString:
    """An ECharts option drawn by the browser. ``label`` states subject, unit and date; the content of the block is the
    table behind the chart, ``excel`` the address of the workbook with that table. ``source`` (place, day, whose figures)
    stands below the picture that can be saved. ``size``: ``sm`` or ``lg``. A chart without table, workbook or source
    is refused: its figures could not be checked or taken along.

    The option travels in an attribute: script elements, even of data, are taken out of fragments that htmx brings."""
    for name, given in (("content", content.strip()), ("source", source), ("excel", excel)):
        if not given:
            raise ValueError(f"chart {label!r} has no {name}")
    return format_html(
        '<figure class="chart-figure"><figcaption class="chart-title">{label}</figcaption>'
        '<div class="chart {size}" role="img" aria-label="{label}" data-chart="{option}"></div>'
        '<div class="chart-foot">{save}{excel}</div>'
        '<details class="chart-table"><summary>{summary}</summary>{content}</details></figure>',
        label=label,
        save=_save_picture(source),
        excel=format_html(
            '<a class="btn btn-sm no-print" href="{}" data-chart-excel>{}{}</a>',
            excel,
            icon_markup("download"),
            _("导出 Excel"),
        ),
        size=f"chart-{size}" if size else "",
        option=json.dumps(option, cls=DjangoJSONEncoder, ensure_ascii=False),
        summary=_("查看数据表"),
        content=content,
    )


def _save_picture(source: str) -> SafeString:
    """Hidden until there is a picture: the browser shows it once the chart is drawn."""
    return format_html(
        '<button class="btn btn-sm chart-save no-print" type="button" data-chart-save="{}" hidden>{}{}</button>',
        source,
        icon_markup("download"),
        _("存为图片"),
    )


# --- forms ------------------------------------------------------------------------------------------


def _names(message: object, label: object) -> bool:
    """Whether the message begins with the field's name, which then is not said once more."""
    return bool(label) and str(message).startswith((str(label), f"“{label}”"))


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """The summary above a refused form: each field's name with its message, linked to the field."""
    rows: list[dict[str, object]] = [{"message": error} for error in form.non_field_errors()]
    for name in form.errors:
        if name == "__all__":
            continue
        bound = form[name]
        target = "" if bound.is_hidden else bound.auto_id
        rows += [
            {"label": bound.label, "message": error, "target": target, "is_named": _names(error, bound.label)}
            for error in bound.errors
        ]
    return {"rows": rows}


@register.inclusion_tag("ui/filter_bar.html", takes_context=True)
def filter_bar(context: Context, *, form: BaseForm, search: str = "q", clear_url: str = "") -> dict[str, object]:
    """A list's filters as a GET form: the region first where there is a choice, the field named by ``search``, the others
    folded. What is in force stands below as chips. Sorting and columns are kept."""
    request = context["request"]
    names = {bound.html_name for bound in form.visible_fields()}
    if field := form.fields.get(search):
        # Its label is for screen readers only.
        field.widget.attrs.setdefault("placeholder", field.label)
    region = request.GET.get(REGION, "") if REGION in form.fields else ""
    groups = regions_offered(request) if REGION in form.fields and form[REGION].is_hidden else []
    not_kept = names | {"page", "all", CHOSEN} | ({REGION} if groups else set())
    return {
        "search_field": form[search] if search in form.fields else None,
        "fields": [bound for bound in form.visible_fields() if bound.name != search],
        "kept": [
            (key, value) for key, values in request.GET.lists() for value in values if key not in not_kept and value
        ],
        "groups": groups,
        "region": region,
        "chips": _filter_chips(request.GET, form, search, region),
        "not_used": _not_used(request.GET, form),
        "clear_url": clear_url or request.path,
    }


def _not_used(asked: QueryDict, form: BaseForm) -> list[tuple[str, str]]:
    """Filters of the address that say nothing to this list, an old link's or a mistyped one, with what they say: the list is
    not narrowed by them."""
    fields = [form[name] for name in form.errors if name in form.fields] if form.is_bound else []
    return [(str(bound.label), _("、").join(asked.getlist(bound.html_name))) for bound in fields]


def _filter_chips(asked: QueryDict, form: BaseForm, search: str, region: str) -> list[dict[str, str]]:
    """What narrows the list now, each with the address without it; what is searched for stands in its field."""

    def without(name: str) -> str:
        rest = asked.copy()
        rest.pop(name, None)
        rest.pop("page", None)
        if name == REGION:
            rest[CHOSEN] = region
        return f"?{rest.urlencode() or 'all=1'}"

    return [
        {"label": one.label, "value": one.value, "without": without(one.name)}
        for one in conditions(form, asked)
        if one.is_visible and one.name != search
    ]


@register.inclusion_tag("ui/upload.html")
def upload_field(
    *,
    url: str,
    form_token: str = "",
    attachments: Iterable[object] = (),
    label: str = "",
    hint: str = "",
    accept: str = "",
    name: str = "attachments",
    max_bytes: int = 0,
    multiple: bool = True,
    camera: bool = False,
) -> dict[str, object]:
    """Files that are sent as soon as they are chosen or dropped. ``camera`` offers a phone's camera beside its files.
    ``attachments`` are objects or mappings with id, name, size, url
    and remove_url; the server answers each upload with the same as JSON, or with ``{"error": …}``."""
    return {
        "url": url,
        "form_token": form_token,
        "attachments": attachments,
        "label": label or _("佐证材料"),
        "hint": hint,
        "accept": accept,
        "name": name,
        "max_bytes": max_bytes,
        "multiple": multiple,
        "camera": camera,
    }


# --- addresses --------------------------------------------------------------------------------------


def _url_with(context: Context, changes: Mapping[str, object]) -> str:
    query: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else context["request"].path


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: object) -> str:
    """This page's address with some GET parameters changed (None or "" removes one) and the others kept."""
    return _url_with(context, changes)


@register.simple_tag(takes_context=True)
def sort_url(context: Context, column: BoundColumn) -> str:
    """The address that sorts a table by this column, then the other way round; back to the first page."""
    table = column._table
    return _url_with(
        context, {table.prefixed_order_by_field: column.order_by_alias.next, table.prefixed_page_field: None}
    )


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Context, *, page: Any, field: str = "page") -> dict[str, Any]:
    """Previous and next page. Of a short list also how many there are, and a way to any of them; long ones are not
    counted: millions of rows are not worth a number."""
    if isinstance(page, Page):
        before, after = page.before, page.after
    else:
        before = str(page.number - 1) if page.has_previous() else ""
        after = str(page.number + 1) if page.has_next() else ""
    pages = getattr(page, "pages", None)
    return {
        "number": page.number,
        "shown": len(page.object_list),
        "before": _url_with(context, {field: None if before == "1" else before}) if before else "",
        "after": _url_with(context, {field: after}) if after else "",
        "field": field,
        "pages": pages,
        "total": getattr(page, "total", None),
        "kept": _other_parameters(context, field) if pages and pages > 2 else (),
    }


def _other_parameters(context: Context, field: str) -> list[tuple[str, str]]:
    query = context["request"].GET
    return [(name, value) for name, values in query.lists() if name != field for value in values]


# --- page frame -------------------------------------------------------------------------------------


@register.simple_tag
def client_text() -> SafeString:
    """The sentences ``portal.js`` shows, translated, as JSON in the page."""
    sentences = {
        "restored": _("已恢复上次未保存的内容（{time}）。"),
        "restored_old": _("本机存有 {time} 填写、尚未保存的内容；此后页面数据已有更新。"),
        "restore": _("恢复我填写的内容"),
        "discard": _("放弃恢复"),
        "confirm_title": _("请确认"),
        "confirm_ok": _("确定"),
        "cancel": _("取消"),
        "close": _("关闭"),
        "remove": _("移除"),
        "retry": _("重试"),
        "uploading": _("正在上传"),
        "upload_failed": _("上传失败：网络中断或服务器没有应答，请重试。"),
        "upload_login": _("上传失败：登录已过期，请重新登录后再上传；已填写的文字会保留。"),
        "upload_too_large": _("文件“{name}”超过 {limit}，请压缩或拆分后再上传。"),
        "remove_failed": _("没有移除成功，请刷新页面后再试。"),
        "network": _("网络中断，操作没有完成，请检查网络后重试。"),
        "server": _("服务器没有完成这次操作（{status}），请稍后重试。"),
        "chart_failed": _("图表没有画出来，请展开下面的数据表查看。"),
        "no_number": _("“{text}”不是一个确切的数，没有填进来。请只填一个数，例如 50。"),
        "no_results": _("没有匹配的选项"),
        "loading": _("正在查找"),
        "page_parts": _("本页内容"),
        "shortcuts_on": _("快捷键：已开启"),
        "shortcuts_off": _("快捷键：已关闭"),
    }
    return json_script(sentences, "portal-text")

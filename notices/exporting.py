"""Who has read, signed and answered a notice, as a workbook."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from foundation.accounts.models import Actor
from foundation.audit.log import register_event
from foundation.crud.exporting import Found, ListExport, register_export
from foundation.saying import filled
from foundation.ui.formats import moment
from foundation.ui.workbooks import plain_sheet
from notices.models import Answer, Delivery, Notice

register_event("notices.exported", gettext_lazy("导出通知送达和反馈"))


def shown(question: dict[str, Any], value: Any) -> Any:
    """An answer as people read it; a number stays a number."""
    if value is None or value == "":
        return ""
    if question["type"] == Answer.YES_NO:
        return _("是") if value else _("否")
    return value


def _headings(notice: Notice) -> list[tuple[str, int]]:
    fixed = [
        (_("单位"), 36),
        (_("代码"), 22),
        (_("设区市"), 12),
        (_("县（市、区）"), 16),
        (_("状态"), 12),
        (_("阅读时间"), 18),
        (_("签收时间"), 18),
        (_("签收人"), 12),
        (_("反馈时间"), 18),
        (_("反馈人"), 12),
    ]
    return [*fixed, *((question["label"], 24) for question in notice.questions)]


def _rows(notice: Notice, deliveries: Iterable[Delivery]) -> Iterator[list[Any]]:
    for delivery in deliveries:
        delivery.notice = notice
        answers = [
            shown(question, delivery.answers.get(str(position)))
            for position, question in enumerate(notice.questions, 1)
        ]
        yield [
            delivery.place.name,
            delivery.place.code,
            delivery.city.name if delivery.city else "",
            delivery.county.name if delivery.county else "",
            str(delivery.state_label()[0]),
            moment(delivery.read_at),
            moment(delivery.receipted_at),
            str(delivery.receipted_by or ""),
            moment(delivery.answered_at),
            str(delivery.answered_by or ""),
            *answers,
        ]


def visible_deliveries(user: Actor, notice: Notice) -> models.QuerySet[Delivery]:
    return Delivery.objects.visible_to(user).filter(notice=notice)


@register_export
class DeliveryExport(ListExport):
    """The units of one notice, ``notice`` in the query."""

    name, title, permission = "notices.deliveries", gettext_lazy("通知反馈"), "notices.view_sent"
    event = "notices.exported"

    def _notice(self, user: Actor, asked: QueryDict) -> Notice:
        return Notice.objects.visible_to(user).select_related("office").get(pk=str(asked["notice"]))

    def queryset(self, user: Actor, asked: QueryDict) -> models.QuerySet[Delivery]:
        rows = visible_deliveries(user, self._notice(user, asked)).order_by("place__code", "pk")
        return rows.select_related("place", "city", "county", "receipted_by", "answered_by")

    def title_of(self, asked: QueryDict) -> str:
        return f"{self.title}_{asked['notice']}"

    def note(self, asked: QueryDict, written: int) -> str:
        return filled(_("%d 个单位"), written)

    def audited(self, user: Actor, asked: QueryDict) -> dict[str, Any]:
        notice = self._notice(user, asked)
        return {"on": notice, "place": notice.office}

    def write(self, workbook: Workbook, found: Found) -> None:
        notice = self._notice(found.user, found.asked)
        plain_sheet(workbook, _("送达和反馈"), _headings(notice), _rows(notice, found.rows()))

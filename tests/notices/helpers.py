"""Notices as tests need them: written by an office and sent, the worker's part included."""

import datetime
from typing import Any

from django.utils import timezone

from foundation.jobs import running
from notices.actions import save_notice, send_notice
from notices.models import Delivery, Notice

QUESTIONS = [
    {"label": "产业工人人数", "type": "number", "required": True, "choices": []},
    {"label": "方案是否印发", "type": "yes_no", "required": True, "choices": []},
    {"label": "进展", "type": "choice", "required": False, "choices": ["已完成", "进行中"]},
    {"label": "困难和建议", "type": "text", "required": False, "choices": []},
]


def soon(days: int = 5) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def draft(by: Any, office: Any, places: tuple = (), **values: Any) -> Notice:
    """A notice to all enterprises below, unless said otherwise."""
    defaults = {
        "title": "关于报送工作情况的通知",
        "number": "",
        "text": "请各单位按时报送。\n\n联系人见附件。",
        "levels": ["enterprise"],
        "tiers": [],
        "receipt_due": soon(),
        "feedback_due": None,
        "questions": [],
    }
    return save_notice(acting_user=by, office=office, places=list(places), values={**defaults, **values})


def sent(by: Any, office: Any, places: tuple = (), **values: Any) -> Notice:
    notice = draft(by, office, places, **values)
    notice = send_notice(acting_user=by, notice=notice, version=notice.version)
    running.run(notice.job_id)
    notice.refresh_from_db()
    return notice


def delivery_of(notice: Notice, place: Any) -> Delivery:
    return Delivery.objects.get(notice=notice, place=place)

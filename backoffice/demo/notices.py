"""Two notices of the demonstration: one of the province, mostly signed for, one of a county that waits for answers."""

import datetime
import random
from typing import Any

from backoffice.demo.people import holders
from backoffice.demo.setting import Clock
from foundation.access.models import Grant, Role
from foundation.accounts.models import User
from foundation.notify.actions import mark_told
from foundation.places.models import Place
from notices.actions import save_notice
from notices.models import Answer, Delivery, Notice
from notices.receiving import answer, note_read, receipt
from notices.sending import send_at_once

_PROVINCE = """各设区市、县（市、区）产改办：

为准确掌握全年工作进展，请各地对照年度任务，梳理本地产业工人队伍建设改革推进情况，督促试点企业按季度完成填报。

请收到后签收，并转告辖区内试点企业。"""
_COUNTY = """各有关企业：

为做好年度总结，请结合实际填写下列情况，于截止日期前在平台提交反馈。数据以提交当日为准。

如有疑问，请与区产改办联系。"""
_QUESTIONS = [
    {"label": "本年度组织职工技能培训场次（场）", "type": Answer.NUMBER.value, "required": True, "choices": []},
    {"label": "产改实施方案是否已经印发", "type": Answer.YES_NO.value, "required": True, "choices": []},
    {"label": "年度任务进展", "type": Answer.CHOICE.value, "required": True, "choices": ["已完成", "进行中", "未开始"]},
    {"label": "需要协调的困难和建议", "type": Answer.TEXT.value, "required": False, "choices": []},
]
_WISHES = ("", "", "希望增加到企业授课的师资。", "一线班次紧，建议安排线上课程。")


def send_notices(chance: random.Random) -> None:
    """Sent and partly answered in the past; the listed clerk's enterprise has still to sign."""
    clock = Clock(chance)
    _from_the_province(clock, chance)
    _from_a_county(clock, chance)


def _sent(officer: User, office: Place, at: datetime.datetime, **values: Any) -> Notice:
    blank: dict[str, Any] = {"number": "", "tiers": [], "receipt_due": None, "feedback_due": None, "questions": []}
    notice = save_notice(acting_user=officer, office=office, places=[], values={**blank, **values}, on=at.date())
    return send_at_once(acting_user=officer, notice=notice, at=at)


def _from_the_province(clock: Clock, chance: random.Random) -> None:
    grant = Grant.objects.filter(role=Role.PROVINCE).select_related("user", "place").get()
    at = clock.during(clock.today - datetime.timedelta(days=16))
    notice = _sent(
        grant.user,
        grant.place,
        at,
        title="关于做好年度产业工人队伍建设改革工作总结的通知",
        text=_PROVINCE,
        levels=["city", "county"],
        receipt_due=clock.today - datetime.timedelta(days=6),
    )
    people = {**holders(Role.CITY), **holders(Role.COUNTY)}
    for delivery in _deliveries(notice, people):
        fate = chance.random()
        person = people[delivery.place_id]
        moment = min(clock.after(at, 0, 6), clock.now)
        if fate < 0.8:
            receipt(acting_user=person, delivery=delivery, at=moment)
        elif fate < 0.9:
            note_read(acting_user=person, delivery=delivery, at=moment)
        if fate < 0.9:
            mark_told(acting_user=person, event="notices.received", key=notice.subject)


def _from_a_county(clock: Clock, chance: random.Random) -> None:
    grant = Grant.objects.filter(role=Role.COUNTY).select_related("user", "place__city").order_by("pk")[:1].get()
    at = clock.during(clock.today - datetime.timedelta(days=4))
    due = clock.today + datetime.timedelta(days=6)
    notice = _sent(
        grant.user,
        grant.place,
        at,
        title="关于报送年度产改工作情况的通知",
        text=_COUNTY,
        levels=["enterprise"],
        receipt_due=due,
        feedback_due=due,
        questions=_QUESTIONS,
    )
    people = holders(Role.CLERK)
    # The first enterprise is the one whose clerk is listed: visitors find the notice unsigned.
    for number, delivery in enumerate(_deliveries(notice, people)[1:]):
        moment = min(clock.after(at, 0, 2), clock.now)
        if number % 3 == 2:
            note_read(acting_user=people[delivery.place_id], delivery=delivery, at=moment)
            continue
        answers = {"1": chance.randint(0, 14), "2": chance.random() < 0.7, "3": chance.choice(["已完成", "进行中"])}
        if wish := chance.choice(_WISHES):
            answers["4"] = wish
        answer(acting_user=people[delivery.place_id], delivery=delivery, answers=answers, at=moment)


def _deliveries(notice: Notice, people: dict[int, User]) -> list[Delivery]:
    """To units that have somebody, in the order of the register."""
    rows = Delivery.objects.filter(notice=notice, place__in=people).select_related("notice", "place")
    return list(rows.order_by("place_id"))

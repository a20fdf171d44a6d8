"""Who is told what of a record's way through review. Called inside the transactions of the actions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.models import Grant
from foundation.accounts.models import Actor, User
from foundation.notify.actions import notify
from foundation.notify.models import Channel
from foundation.notify.registry import register_kind
from foundation.saying import filled, in_marks
from records.core.models import Record, Status
from records.core.workflow import Move
from records.review.models import Appeal, AskedOfOffice, Correction

register_kind("records.returned", gettext_lazy("记录被退回修改"), Channel.AT_ONCE)
register_kind("records.rejected", gettext_lazy("记录被驳回"), Channel.AT_ONCE)
register_kind("records.reopened", gettext_lazy("已通过的记录被重新打开"), Channel.AT_ONCE)
register_kind("records.assigned", gettext_lazy("待审核记录分派给我"))
register_kind("records.appealed", gettext_lazy("企业提出申诉"), Channel.AT_ONCE)
register_kind("records.appeal_decided", gettext_lazy("申诉有了答复"), Channel.AT_ONCE)
register_kind("records.correction_asked", gettext_lazy("企业申请更正"), Channel.AT_ONCE)
register_kind("records.correction_decided", gettext_lazy("更正申请有了答复"), Channel.AT_ONCE)

_EVENT_OF = {"return": "records.returned", "reject": "records.rejected", "reopen": "records.reopened"}


def _people(keys: Iterable[int | None]) -> list[User]:
    return list(User.objects.filter(pk__in={key for key in keys if key is not None}))


def notify_filers(records: Sequence[Record], move: Move, reason: str) -> None:
    """Whoever made or handed in the records hears that they came back: of one by its title, of many by their number."""
    event = _EVENT_OF.get(move.action)
    if event is None:
        return
    of_person: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        for key in {record.created_by_id, record.submitted_by_id}:
            if key is not None:
                of_person[key].append(record)
    for person in _people(of_person):
        mine = of_person[person.pk]
        done = str(move.done)
        if len(mine) == 1:
            title = _("%(title)s%(done)s") % {"title": in_marks(mine[0].title), "done": done}
            address = reverse("records:detail", args=[mine[0].pk])
        else:
            title = filled(_("%(count)d 条记录%(done)s"), {"count": len(mine), "done": done})
            status = Status.REJECTED if move.action == "reject" else Status.RETURNED
            address = f"{reverse('records:list')}?status={status}"
        notify(event=event, to=[person], title=title, text=reason, url=address)


def notify_assignee(person: Actor, acting_user: Actor, count: int) -> None:
    """A colleague handed records over; whoever takes them knows already."""
    if person.pk != acting_user.pk:
        title = filled(_("%(who)s 把 %(count)d 条待审核记录分派给您"), {"who": acting_user, "count": count})
        notify(event="records.assigned", to=[person], title=title, url=f"{reverse('records:review')}?assigned=me")


def _office_that_answers(asked: AskedOfOffice) -> QuerySet[User]:
    place = getattr(asked, f"{asked.held_by}_id")
    held = Grant.objects.in_force().filter(role=asked.held_by, place_id=place)
    return User.objects.filter(pk__in=held.values("user"))


def notify_office_above(appeal: Appeal) -> None:
    people = _office_that_answers(appeal)
    title = _("企业申诉：%s被驳回") % in_marks(appeal.record.title)
    address = reverse("records:appeal", args=[appeal.pk])
    notify(event="records.appealed", to=people, title=title, text=appeal.reason, url=address)


def notify_appellant(appeal: Appeal) -> None:
    """The people who filed, who appealed, and who rejected, read the answer."""
    record = appeal.record
    people = _people([appeal.made_by_id, record.created_by_id, record.submitted_by_id, appeal.rejected_by_id])
    title = _("%(title)s的申诉：%(outcome)s") % {
        "title": in_marks(record.title),
        "outcome": appeal.get_outcome_display(),
    }
    address = reverse("records:appeal", args=[appeal.pk])
    notify(event="records.appeal_decided", to=people, title=title, text=appeal.answer, url=address)


def notify_correction_asked(correction: Correction) -> None:
    title = _("企业申请更正：%s") % in_marks(correction.record.title)
    address = reverse("records:detail", args=[correction.record_id])
    people = _office_that_answers(correction)
    notify(event="records.correction_asked", to=people, title=title, text=correction.reason, url=address)


def notify_correction_decided(correction: Correction) -> None:
    """Whoever asked and whoever filed. That a record was reopened its filers are told by the move itself."""
    record = correction.record
    filers = {record.created_by_id, record.submitted_by_id}
    told = {correction.made_by_id} - filers if correction.outcome == "reopened" else {correction.made_by_id} | filers
    text = {"title": in_marks(record.title), "outcome": correction.get_outcome_display()}
    title = _("%(title)s的更正申请：%(outcome)s") % text
    address = reverse("records:detail", args=[record.pk])
    people = _people(told)
    notify(event="records.correction_decided", to=people, title=title, text=correction.answer, url=address)

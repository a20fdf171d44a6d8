"""What offices do with waiting and approved records beside deciding them: hand them out, mark them, look at samples."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import Noted, log, log_each, register_event
from foundation.fields import label_of_field
from foundation.places.models import Level, Place
from foundation.refusals import Refused
from foundation.saying import filled
from records.core.models import Record
from records.review.models import ReviewSettings
from records.review.notifications import notify_assignee
from records.review.queries import colleagues_of

register_event("records.assigned", gettext_lazy("分派审核"))
register_event("records.flagged", gettext_lazy("标记关注"))
register_event("records.unflagged", gettext_lazy("取消标记"))

register_event("records.review_set", gettext_lazy("修改审核设置"))

#: Who sets which number; phrases are every office's own.
NUMBERS_SET_BY: dict[str, tuple[str, ...]] = {
    Level.PROVINCE: ("review_days", "appeal_days", "sample_percent"),
    Level.CITY: ("sample_percent",),
}
#: More are handed out in parts.
MOST_ASSIGNED = 5_000


@transaction.atomic
def assign_records(*, acting_user: Actor, records: models.QuerySet[Record], assignee: str) -> int:
    """Hand waiting records to a colleague: ``assignee`` is their key, ``me``, or ``nobody`` to release them. Anybody of
    the office may still decide. Returns how many there were. Raises ``Refused``."""
    require(acting_user, "records.review")
    person = _colleague(acting_user, assignee)
    found = list(
        Record.objects.allowing(acting_user, "records.review")
        .select_for_update(of=("self",))
        .filter(pk__in=records.order_by().values("pk"))
        .select_related("enterprise")[: MOST_ASSIGNED + 1]
    )
    if not found:
        raise Refused(_("没有可以分派的记录。请先勾选待审核的记录；自己填报的记录由同事分派。"))
    if len(found) > MOST_ASSIGNED:
        raise Refused(filled(_("一次最多分派 %d 条。请加上筛选条件，分几次分派。"), MOST_ASSIGNED))
    pks = [record.pk for record in found]
    for start in range(0, len(pks), 500):
        Record.objects.filter(pk__in=pks[start : start + 500]).update(assigned_to=person)
    note = _("分派给 %s") % person if person else _("取消分派")
    log_each("records.assigned", [Noted(record, note) for record in found], by=acting_user)
    if person is not None:
        notify_assignee(person, acting_user, len(found))
    return len(found)


def _colleague(acting_user: Actor, assignee: str) -> Actor | None:
    if assignee == "nobody":
        return None
    if assignee == "me":
        return acting_user
    found = (
        colleagues_of(scope_of(acting_user))
        .filter(pk=int(assignee) if assignee.isdecimal() and len(assignee) < 18 else 0)
        .first()
    )
    if found is None:
        raise Refused(_("请选择本单位的一位同事，或选“取消分派”。"))
    return found


@transaction.atomic
def flag_record(*, acting_user: Actor, record_id: int, is_flagged: bool) -> Record:
    """Mark a record so that the city looks at it, or take the mark away."""
    record = Record.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=record_id)
    require(acting_user, "records.flag", record)
    if record.is_flagged != is_flagged:
        record.is_flagged = is_flagged
        record.save(update_fields=["is_flagged"])
        log("records.flagged" if is_flagged else "records.unflagged", by=acting_user, on=record)
    return record


@transaction.atomic
def save_review_settings(
    *, acting_user: Actor, place: Place, numbers: Mapping[str, int | None], phrases: Sequence[str] | None
) -> ReviewSettings:
    """Set what an office may set: its phrases, the city its share as well, the province all numbers. ``phrases`` None:
    the starters again. What is handed in or decided from now on goes by it. Raises ``Refused``."""
    require(acting_user, "records.set_review", place)
    allowed = NUMBERS_SET_BY.get(place.level, ())
    if foreign := set(numbers) - set(allowed):
        raise Refused(_("这些数由上级设置，本单位不能改：%s。") % "、".join(sorted(map(_label_of, foreign))))
    row = ReviewSettings.objects.select_for_update().filter(pk=place.pk).first() or ReviewSettings(place=place)
    before = {name: getattr(row, name) for name in (*numbers, "phrases")}
    for name, value in numbers.items():
        setattr(row, name, value)
    row.phrases = None if phrases is None else list(dict.fromkeys(text for line in phrases if (text := line.strip())))
    try:
        row.full_clean()
    except ValidationError as problem:
        raise Refused(" ".join(problem.messages)) from problem
    row.save()
    after = {name: getattr(row, name) for name in before}
    changes = {_label_of(name): [before[name], after[name]] for name in before if before[name] != after[name]}
    log("records.review_set", by=acting_user, on=place, changes=changes, place=place)
    return row


def _label_of(name: str) -> str:
    return label_of_field(ReviewSettings, name)

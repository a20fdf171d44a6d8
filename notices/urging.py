"""催办: telling units that they are behind. Any list may use it: it names the matter, its rows name the units."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.queries import people_at
from foundation.access.rules import require, where
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.jobs.actions import enqueue
from foundation.jobs.models import Job
from foundation.jobs.progress import Progress
from foundation.notify.actions import notify
from foundation.notify.hours import next_working_time
from foundation.notify.models import Channel
from foundation.notify.registry import register_kind
from foundation.places.models import Place
from foundation.saying import filled
from notices.models import Urge
from notices.permissions import UNIT_ROLES

register_event("notices.urged", gettext_lazy("催办"))
register_kind("notices.urged", gettext_lazy("催办"), Channel.AT_ONCE)

URGE = "notices.urge"
#: More units than this are urged by a job.
AT_ONCE = 500
_BATCH = 500
_LONGEST = 500

_M = TypeVar("_M", bound=models.Model)


@dataclass(frozen=True)
class Matter:
    """What is urged about. ``subject`` is its key (``notice:12``); ``url`` is where a unit does what it owes."""

    subject: str
    label: str
    url: str


@dataclass(frozen=True)
class Urged:
    """How many units are told, had been told for that day already, and have nobody who could read it. ``day`` is when it
    reaches them."""

    told: int = 0
    already: int = 0
    nobody: int = 0
    day: datetime.date | None = None

    def __add__(self, other: "Urged") -> "Urged":
        day = other.day or self.day
        return Urged(self.told + other.told, self.already + other.already, self.nobody + other.nobody, day)

    def sentence(self) -> str:
        parts = [filled(_("已催办 %d 个单位"), self.told)]
        if self.told and self.day is not None and self.day > timezone.localdate():
            parts = [
                filled(_("催办 %(count)d 个单位的消息将在 %(day)s 上班后送达"), {"count": self.told, "day": self.day})
            ]
        if self.already:
            parts.append(filled(_("%d 个当天已催办过，没有重复"), self.already))
        if self.nobody:
            parts.append(filled(_("%d 个还没有开通账号，没有人能收到，请电话联系"), self.nobody))
        return "；".join(parts) + "。"


def day_of_arrival() -> datetime.date:
    """Urges reach people in working hours: today, or the next working day."""
    return timezone.localtime(next_working_time(timezone.now())).date()


def with_urges(rows: models.QuerySet[_M], subject: str, place: str = "pk") -> models.QuerySet[_M]:
    """Each row with ``urged_times`` and ``urged_on`` (None when never). ``place`` names the column of the unit."""
    mine = Urge.objects.filter(subject=subject, place_id=OuterRef(place)).order_by().values("place_id")
    found = rows.annotate(
        urged_times=Subquery(mine.annotate(times=Count("pk")).values("times")),
        urged_on=Subquery(mine.annotate(latest=Max("day")).values("latest")),
    )
    return cast("models.QuerySet[_M]", found)  # the plugin knows only what the model is bound to


def clean_text(text: str) -> str:
    """Raises ``ValidationError``."""
    text = text.strip()
    if not text:
        raise ValidationError({"text": _("请写一句催办的话，或用系统给出的话。")})
    if len(text) > _LONGEST:
        raise ValidationError({"text": filled(_("催办的话最多 %d 个字。请改短一些。"), _LONGEST)})
    return text


def urge(
    *, acting_user: Actor, matter: Matter, place_ids: Sequence[int], text: str, progress: Progress | None = None
) -> Urged:
    """Urge these units, as far as they are this person's to urge. Raises ``AccessDenied``, ``ValidationError``."""
    require(acting_user, "notices.urge")
    text = clean_text(text)
    office = scope_of(acting_user).regions()[0]
    outcome = Urged()
    for start in range(0, len(place_ids), _BATCH):
        ids = place_ids[start : start + _BATCH]
        units = Place.objects.filter(where(acting_user, "notices.urge"), pk__in=ids).values_list("pk", flat=True)
        with transaction.atomic():
            done = _urge_batch(matter, list(units), text, by=acting_user, office=office)
            if done.told:
                note = filled(_("%(what)s：%(count)d 个单位"), {"what": matter.label, "count": done.told})
                # Of one unit the entry is about it; of several it names the matter and how many.
                only = Place.objects.get(pk=units[0]) if len(units) == 1 else None
                log("notices.urged", by=acting_user, on=only, place=office, note=note)
        outcome += done
        if progress is not None:
            progress(99 * (start + len(ids)) // len(place_ids), filled(_("已催办 %d 个单位"), outcome.told))
    return outcome


def remind(*, matter: Matter, place_ids: Sequence[int], text: str, office: Place) -> Urged:
    """The portal's own reminder; nobody asked for it."""
    outcome = Urged()
    for start in range(0, len(place_ids), _BATCH):
        with transaction.atomic():
            outcome += _urge_batch(matter, place_ids[start : start + _BATCH], text, by=None, office=office)
    if outcome.told:
        note = filled(_("自动提醒，%(what)s：%(count)d 个单位"), {"what": matter.label, "count": outcome.told})
        log("notices.urged", by=None, place=office, note=note)
    return outcome


def _urge_batch(matter: Matter, ids: Sequence[int], text: str, *, by: Actor | None, office: Place | None) -> Urged:
    day = day_of_arrival()
    before = set(
        Urge.objects.filter(subject=matter.subject, day=day, place_id__in=ids).values_list("place_id", flat=True)
    )
    fresh = [pk for pk in ids if pk not in before]
    rows = [
        Urge(
            subject=matter.subject,
            label=matter.label[:200],
            place_id=pk,
            text=text,
            office=office,
            urged_by=by,
            day=day,
        )
        for pk in fresh
    ]
    # Two officers at the same moment: the constraint keeps one, the key of the message likewise.
    Urge.objects.bulk_create(rows, ignore_conflicts=True)
    people = people_at(fresh, UNIT_ROLES)
    notify(
        event="notices.urged",
        to=people,
        title=_("催办：%s") % matter.label,
        text=text,
        url=matter.url,
        place=office,
        key=f"{matter.subject}:{day}",
        in_hours_only=True,
    )
    reached = set(people.filter(grants__place_id__in=fresh).values_list("grants__place_id", flat=True).distinct())
    nobody = len([pk for pk in fresh if pk not in reached])
    return Urged(told=len(fresh), already=len(before), nobody=nobody, day=day if fresh else None)


def urge_or_enqueue(*, acting_user: Actor, matter: Matter, place_ids: Sequence[int], text: str) -> Urged | Job:
    """At once for a page of units, by a job for thousands."""
    if len(place_ids) <= AT_ONCE:
        return urge(acting_user=acting_user, matter=matter, place_ids=place_ids, text=text)
    require(acting_user, "notices.urge")
    parameters = {"matter": asdict(matter), "places": list(place_ids), "text": clean_text(text)}
    return enqueue(
        kind=URGE,
        title=_("催办：%s") % matter.label,
        parameters=parameters,
        owner=acting_user,
        unique_key=f"urge:{acting_user.pk}:{matter.subject}",
    )


def urge_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Run twice it changes nothing: who was told for the day is not told again."""
    matter = Matter(**job.parameters["matter"])
    outcome = urge(
        acting_user=job.acting_user,
        matter=matter,
        place_ids=job.parameters["places"],
        text=job.parameters["text"],
        progress=progress,
    )
    return {"label": outcome.sentence()}


def may_urge(user: Actor) -> bool:
    """Whether lists offer it at all."""
    return bool(scope_of(user).is_office)

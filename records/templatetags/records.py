"""Words of the record core in templates."""

import functools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from foundation.access.rules import verdict
from foundation.access.scope import scope_of
from foundation.files.tokens import uuid_or_none
from foundation.places.models import Place
from foundation.stored_files.views import file_json
from records.core.kinds import RecordKind, in_groups, kind_by_slug
from records.core.models import Breach, Record, Status
from records.core.workflow import STEP_LABELS
from records.duties.models import Duty
from records.duties.queries import open_duties
from records.evidence.queries import Shown, files_of_form, shown_files
from records.review.models import Appeal, Correction, CorrectionOutcome
from records.review.views.corrections import TONES, typed_key

register = template.Library()


class AppealShown(NamedTuple):
    appeal: Appeal | None
    may_appeal: bool
    #: What was typed and refused.
    reason: str


class CorrectionShown(NamedTuple):
    #: The newest request, and its tone.
    correction: Correction | None
    tone: str
    may_ask: bool
    may_decide: bool
    #: Why the record cannot be reopened, to whoever decides; "" when it can.
    hindrance: str
    #: What was typed and refused.
    text: str


@register.filter
def step_label(action: str) -> str:
    """The wording of a step: 新建, 提交审核, 退回修改 …"""
    return str(STEP_LABELS.get(action, action))


@register.filter
def kind_label(slug: str) -> str:
    """职工大讲堂 for ``ideology.lecture``."""
    return kind_by_slug(slug).label


@register.filter
def duty_title(duty: Duty) -> str:
    """2026年第三季度发展党员情况"""
    return kind_by_slug(duty.kind).title_for(duty.period)


@functools.lru_cache(maxsize=256)
def _kind_menu(slugs: tuple[str, ...], language: str) -> SafeString:
    """A menu of the same kinds is the same for everybody: drawn once a process and language."""
    return render_to_string("records/_pick_kind.html", {"kind_groups": in_groups(map(kind_by_slug, slugs))})


@register.simple_tag
def kind_menu(groups: Iterable[tuple[str, Sequence[RecordKind]]]) -> SafeString:
    """Kinds to choose from, as ``in_groups`` has them: the common ones, then the others by area, folded."""
    return _kind_menu(tuple(kind.slug for _heading, kinds in groups for kind in kinds), get_language() or "")


@register.simple_tag
def evidence_of(record: Record) -> Shown:
    """The record's files, for the templates that show them."""
    return shown_files(record)


@register.simple_tag(takes_context=True)
def form_evidence(context: Context, record: Record | None, form_token: object) -> list[dict[str, Any]]:
    """What the upload field of a form holds when it is opened."""
    return [file_json(entry) for entry in files_of_form(context["user"], record, uuid_or_none(form_token))]


@register.simple_tag
def breaches_of(record: Record) -> list[Breach]:
    """What regulation asks and the record, as it was handed in, did not keep; nothing asked of a kind without rules."""
    return list(record.breaches.all()) if kind_by_slug(record.kind).rules else []


@register.simple_tag
def holder_of(record: Record) -> Place | None:
    """The region whose office is to decide the record; None while nobody is."""
    if record.status != Status.SUBMITTED or not record.held_by:
        return None
    place: Place = getattr(record, record.held_by)
    return place


@register.simple_tag(takes_context=True)
def next_owed(context: Context, record: Record) -> Duty | None:
    """What the record's enterprise still owes and can file, the soonest due; None when nothing, or for an office."""
    return open_duties(scope_of(context["request"].user)).filter(enterprise=record.enterprise_id).first()


@register.simple_tag(takes_context=True)
def next_returned(context: Context, record: Record) -> Record | None:
    """The latest record of the same enterprise that came back and that this person can mend; None when there is none."""
    user = context["request"].user
    if record.enterprise_id is None:
        return None
    returned = Record.objects.visible_to(user).filter(enterprise=record.enterprise_id, status=Status.RETURNED)
    latest = returned.order_by("-pk").first()
    return latest if latest is not None and verdict(user, "records.edit", latest) else None


@register.simple_tag(takes_context=True)
def appeal_of(context: Context, record: Record) -> AppealShown | None:
    """The appeal against the record's rejection, or whether one may be made; None for a record that was not rejected."""
    if record.status != Status.REJECTED:
        return None
    request = context["request"]
    return AppealShown(
        Appeal.objects.filter(record_id=record.pk).first(),
        bool(verdict(request.user, "records.appeal", record)),
        request.session.pop(f"appeal-reason-{record.pk}", ""),
    )


@register.simple_tag(takes_context=True)
def correction_of(context: Context, record: Record) -> CorrectionShown | None:
    """The request to correct an approved record, and what this person may do about it; None for any other record: why it
    was reopened stands on its page."""
    if record.status != Status.APPROVED:
        return None
    request = context["request"]
    correction = Correction.objects.filter(record_id=record.pk).select_related("made_by", "decided_by").first()
    may_decide = correction is not None and bool(verdict(request.user, "records.decide_correction", correction))
    return CorrectionShown(
        correction,
        TONES[CorrectionOutcome(correction.outcome)] if correction is not None else "",
        bool(verdict(request.user, "records.ask_correction", record)),
        may_decide,
        verdict(request.user, "records.reopen", record).reason if may_decide else "",
        request.session.pop(typed_key(record.pk), ""),
    )

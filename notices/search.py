"""What the search everywhere finds among the notices."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import verdict
from foundation.accounts.models import Actor
from foundation.search.searchers import Hit, Searcher, Terms, every_term, excerpt, holds, register_searcher
from foundation.ui.formats import day
from notices.models import Notice


def find_notices(user: Actor, terms: Terms, limit: int) -> list[Hit]:
    """By title, number or text, newest first."""
    named = every_term(
        terms, lambda word: Q(title__icontains=word) | Q(number__icontains=word) | Q(text__icontains=word)
    )
    found = Notice.objects.visible_to(user).filter(named).select_related("office__city").order_by("-pk")
    return [_hit(notice, terms) for notice in found[:limit]]


def _hit(notice: Notice, terms: Terms) -> Hit:
    about = (notice.office_name, day(notice.sent_at) if notice.sent_at else notice.get_state_display())
    return Hit(
        title=notice.title,
        url=notice.get_absolute_url(),
        subtitle=" · ".join(map(str, about)),
        matched="" if holds(notice.title, terms) else excerpt(f"{notice.number} {notice.text}".strip(), terms),
    )


register_searcher(
    Searcher(
        name="notices",
        label=_("通知"),
        hint=_("标题、文号、正文"),
        icon="speakerphone",
        find=find_notices,
        order=35,
        offered_to=lambda user: bool(verdict(user, "notices.view")),
    )
)

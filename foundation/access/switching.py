"""A person of several places chooses where they work now. Pages then show and allow what that one grant does, no more; the
choice lives in the session, and goes along with the work the pages have done for them."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from foundation.access.models import Grant
from foundation.access.scope import scope_of, work_as
from foundation.accounts.requests import PortalRequest, is_signed_in
from foundation.saying import filled
from foundation.ui.navigation import WorkPlace

#: In the session: the grant the person chose to work as.
WORKING_AS = "working_as"
#: So many places stand in the account menu; the page of one's own account has all.
_IN_THE_MENU = 8


def resume_choice(request: HttpRequest) -> None:
    """Narrow the person of this request to what they chose before."""
    chosen = request.session.get(WORKING_AS)
    if chosen is not None and is_signed_in(request):
        work_as(request.user, chosen)


def choose(request: PortalRequest, grant_id: int | None) -> Grant | None:
    """Work as this grant from now on, or as everything one holds. Raises ``LookupError`` for a grant one does not hold."""
    held = {grant.pk: grant for grant in scope_of(request.user).held}
    if grant_id is None:
        request.session.pop(WORKING_AS, None)
        work_as(request.user, None)
        return None
    if grant_id not in held:
        raise LookupError(grant_id)
    request.session[WORKING_AS] = grant_id
    work_as(request.user, grant_id)
    return held[grant_id]


def places_offered(request: HttpRequest) -> list[WorkPlace]:
    """What the account menu offers: everything at once, and each place; the chosen one always among them."""
    scope = scope_of(request.user)
    if len(scope.held) < 2:
        return []
    chosen = scope.grants if scope.is_narrowed else ()
    shown = list(dict.fromkeys([*chosen, *scope.held]))[:_IN_THE_MENU]
    everything = WorkPlace("", filled(_("全部身份（%d 个）"), len(scope.held)), not scope.is_narrowed)
    return [everything, *(WorkPlace(str(grant.pk), str(grant), grant in chosen) for grant in shown)]


def person_lines(request: HttpRequest) -> list[str]:
    """Role and place under the person's name, shortened for whoever works in many."""
    grants = scope_of(request.user).grants
    lines = [str(grant) for grant in grants[:3]]
    return lines if len(grants) <= len(lines) else [*lines, filled(_("等 %d 个身份"), len(grants))]

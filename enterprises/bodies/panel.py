"""A body's people and meetings on its own page; the bodies of an enterprise on the enterprise's."""

from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _

from enterprises.bodies.queries import bodies_for_list
from enterprises.models import Body, Enterprise
from foundation.access.rules import verdict
from foundation.access.scope import scope_of
from foundation.accounts.requests import PortalRequest
from foundation.panels import Context, Panel, register_panel

#: How many of the newest meetings stand on the page.
MEETINGS_SHOWN = 50


def _common(request: PortalRequest, body: Body) -> Context:
    return {
        "body": body,
        "keeping": bool(verdict(request.user, "enterprises.keep_bodies", body)),
        "csrf_token": get_token(request),
    }


def members_panel(request: PortalRequest, body: Body) -> Context:
    """Names for those who may read them; how many for everybody."""
    may_read = bool(verdict(request.user, "enterprises.view_body_members", body))
    members = list(body.members.all()) if may_read else []
    number = len(members) if may_read else body.members.count()
    return {**_common(request, body), "members": members, "number": number, "may_read": may_read}


def meetings_panel(request: PortalRequest, body: Body) -> Context:
    number = body.meetings.count()
    return {**_common(request, body), "meetings": list(body.meetings.all()[:MEETINGS_SHOWN]), "number": number}


def bodies_panel(request: PortalRequest, enterprise: Enterprise) -> Context | None:
    """Those that stand. Left out where there are none and the enterprise is not the person's own."""
    bodies = list(bodies_for_list(request.user).filter(enterprise=enterprise, dissolved_on__isnull=True))
    may_enter = enterprise.pk in scope_of(request.user).enterprise_ids()
    return {"bodies": bodies, "may_enter": may_enter} if bodies or may_enter else None


register_panel(
    "enterprises.body", Panel(_("会议"), "enterprises/bodies/_meetings.html", meetings_panel, order=1, wide=True)
)
register_panel(
    "enterprises.body", Panel(_("成员"), "enterprises/bodies/_members.html", members_panel, order=2, wide=True)
)
register_panel("enterprises.detail", Panel(_("组织与会议"), "enterprises/bodies/_panel.html", bodies_panel, order=5))

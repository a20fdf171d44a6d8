"""What each role may do, as the access rules themselves say it."""

from dataclasses import dataclass

from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.access.models import MANAGED_ROLES, ROLE_LEVELS, Role
from foundation.access.rules import all_rules, require
from foundation.accounts.requests import PortalRequest
from foundation.places.models import Level


@dataclass(frozen=True)
class RoleLine:
    """Where a role is held, and who gives it."""

    role: Role
    levels: str
    given_by: str


@dataclass(frozen=True)
class RuleLine:
    """One permission and, in the order of the roles, who holds it."""

    label: str
    allowed: tuple[bool, ...]

    @property
    def marks(self) -> list[tuple[str, bool]]:
        return [(str(role.label), yes) for role, yes in zip(Role, self.allowed, strict=True)]


def role_lines() -> list[RoleLine]:
    return [
        RoleLine(
            role,
            "、".join(str(Level(level).label) for level in ROLE_LEVELS[role]),
            "、".join(str(giver.label) for giver in Role if role in MANAGED_ROLES.get(giver, ())),
        )
        for role in Role
    ]


def rule_groups() -> list[tuple[str, list[RuleLine]]]:
    """Every registered rule, by the room it belongs to."""
    groups: dict[str, list[RuleLine]] = {}
    for name, rule in all_rules().items():
        line = RuleLine(str(rule.label), tuple(role in rule.roles for role in Role))
        groups.setdefault(_room(name), []).append(line)
    return list(groups.items())


def _room(name: str) -> str:
    label = name.partition(".")[0]
    return str(apps.get_app_config(label).verbose_name) if label in apps.app_configs else label


@require_GET
def role_list(request: PortalRequest) -> HttpResponse:
    require(request.user, "accounts.view_roles")
    context = {"roles": list(Role), "role_lines": role_lines(), "groups": rule_groups()}
    return render(request, "backoffice/roles.html", context)

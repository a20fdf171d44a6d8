"""The one registry of access rules. Every rule has two faces that must agree:

``where(scope)``         which rows: lists, queue, export, API, and the check before a write;
``reasons(scope, obj)``  why not: the sentences a person reads when refused.

No rule: denied. Unknown permission name: an exception. ``tests/contracts`` holds the faces in agreement.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from foundation.access.scope import Scope, scope_of
from foundation.accounts.models import Actor, Visitor
from foundation.labels import Label
from foundation.refusals import Refused


@dataclass(frozen=True)
class Allowed:
    reason: str = ""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Denied:
    reason: str

    def __bool__(self) -> bool:
        return False


Verdict = Allowed | Denied


_M = TypeVar("_M", bound=models.Model)
_M_co = TypeVar("_M_co", bound=models.Model, covariant=True)


class Rule(Generic[_M]):
    """One permission on objects of one model. Subclasses give ``name``, ``label`` and both faces.

    ``roles`` is who may hold it at all: a person without one of them is refused before either face is asked.
    """

    name: ClassVar[str]
    label: ClassVar[Label]
    roles: ClassVar[tuple[str, ...]]
    #: label_lower of the model whose rows ``where`` speaks of; "" for a permission without an object.
    model: ClassVar[str] = ""

    def where(self, scope: Scope) -> Q:
        return scope.q(self.roles)

    def reasons(self, scope: Scope, obj: _M) -> Iterator[str]:
        if not scope.covers(obj, self.roles):
            yield _("它不在您的管辖或所属范围内。")


_R = TypeVar("_R", bound=Rule[Any])

_rules: dict[str, Rule[Any]] = {}


def register_rule(rule: type[_R]) -> type[_R]:
    """Class decorator. A second rule of the same name is an error."""
    if rule.name in _rules and type(_rules[rule.name]) is not rule:
        raise ValueError(f"access rule {rule.name!r} is registered twice")
    _rules[rule.name] = rule()
    return rule


def rule(name: str) -> Rule[Any]:
    try:
        return _rules[name]
    except KeyError:
        raise LookupError(f"unknown permission {name!r}") from None


def all_rules() -> dict[str, Rule[Any]]:
    return dict(sorted(_rules.items()))


def verdict(user: Visitor, name: str, obj: models.Model | None = None) -> Verdict:
    """May this person do this, to this object? Without an object: may they do it anywhere at all?"""
    found = rule(name)
    scope = scope_of(user)
    if not scope.has_role(*found.roles):
        return Denied(_("您的角色不能“%(what)s”。如确有需要，请联系管理员。") % {"what": found.label})
    if obj is not None:
        for reason in found.reasons(scope, obj):
            return Denied(reason)
    return Allowed()


def where(user: Visitor, name: str) -> Q:
    """The rows on which this person may do this."""
    found = rule(name)
    scope = scope_of(user)
    if not scope.has_role(*found.roles):
        return Q(pk__in=[])
    return found.where(scope)


def require(user: Visitor, name: str, obj: models.Model | None = None) -> None:
    """Raise ``AccessDenied`` with the reason unless allowed."""
    answer = verdict(user, name, obj)
    if not answer:
        raise AccessDenied(answer.reason)


class AccessDenied(Refused):
    """Refused by a rule of access: the object is in view, the act is not allowed."""

    status_code = 403


class ScopedQuerySet(models.QuerySet[_M]):
    """A queryset that knows its access rule: the model names it as ``view_permission``. ``visible_to`` is the only one
    pages and API start from."""

    def visible_to(self, user: Actor) -> Self:
        return self.allowing(user, self.model.view_permission)  # type: ignore[attr-defined]  # each declares it

    def allowing(self, user: Actor, name: str) -> Self:
        return self.filter(where(user, name))


class _Scoped(Protocol[_M_co]):
    """A scoped queryset or its manager."""

    def visible_to(self, user: Actor) -> models.QuerySet[_M_co]: ...


def visible_or_404(rows: _Scoped[_M], user: Actor, **lookup: object) -> _M:
    """The one object, or 404: outside the scope nothing exists."""
    found = rows.visible_to(user).filter(**lookup).first()
    if found is None:
        raise Http404
    return found

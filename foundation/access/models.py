"""Grants: a person holds a role at a place. There are no permissions per object."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.places.models import COUNTY_LEVELS, REGION_LEVELS, Level


class Role(models.TextChoices):
    CLERK = "clerk", _("企业经办员")
    LEAD = "lead", _("企业工会负责人")
    COUNTY = "county", _("县级产改办")
    CITY = "city", _("市级产改办")
    PROVINCE = "province", _("省级产改办")
    AUDITOR = "auditor", _("审计员")
    ADMIN = "admin", _("系统管理员")


ENTERPRISE_ROLES = (Role.CLERK, Role.LEAD)
OFFICE_ROLES = (Role.COUNTY, Role.CITY, Role.PROVINCE)

#: At which level of place each role may be held.
ROLE_LEVELS: dict[str, tuple[str, ...]] = {
    Role.CLERK: (Level.ENTERPRISE,),
    Role.LEAD: (Level.ENTERPRISE,),
    Role.COUNTY: COUNTY_LEVELS,
    Role.CITY: (Level.CITY,),
    Role.PROVINCE: (Level.PROVINCE,),
    Role.AUDITOR: REGION_LEVELS,
    Role.ADMIN: REGION_LEVELS,
}


#: Whose holders each role manages: an office those of the levels below it, an administrator everybody. The level of a
#: role binds its place, so "a lower role within my place" is always a place below mine.
MANAGED_ROLES: dict[str, tuple[str, ...]] = {
    Role.COUNTY: ENTERPRISE_ROLES,
    Role.CITY: (*ENTERPRISE_ROLES, Role.COUNTY),
    Role.PROVINCE: (*ENTERPRISE_ROLES, Role.COUNTY, Role.CITY),
    Role.ADMIN: tuple(Role),
}


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self) -> Self:
        return self.not_ended().filter(Q(valid_from__isnull=True) | Q(valid_from__lte=timezone.localdate()))

    def not_ended(self) -> Self:
        """In force, or to come."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate()))

    def own(self) -> Self:
        """Without those held in somebody's place."""
        return self.filter(standing_in_for__isnull=True)

    def ending_within(self, days: int) -> Self:
        last = timezone.localdate() + datetime.timedelta(days=days)
        return self.own().not_ended().filter(valid_until__lte=last)


class Grant(models.Model):
    """(user, role, place), until a day or for good. A substitute holds the role of the one they stand in for, for a span
    of days."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=10, choices=Role)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="grants", verbose_name=_("单位"))
    valid_from = models.DateField(_("有效期自"), null=True, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    standing_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代理")
    )
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("授权")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "place"], condition=Q(standing_in_for__isnull=True), name="grant_once"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "place", "standing_in_for"],
                condition=Q(standing_in_for__isnull=False),
                name="grant_once_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(standing_in_for__isnull=True) | Q(valid_from__isnull=False, valid_until__isnull=False),
                name="grant_substitute_for_a_span",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                name="grant_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="grant_role_known"),
        ]

    def __str__(self) -> str:
        held = f"{self.get_role_display()} · {self.place}"
        return (
            _("代 %(who)s · %(held)s") % {"who": self.standing_in_for, "held": held}
            if self.standing_in_for_id
            else held
        )

    @property
    def has_ended(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def is_to_come(self) -> bool:
        return self.valid_from is not None and self.valid_from > timezone.localdate()

    def days_text(self) -> str:
        """``2026-10-01 至 2026-10-08``, ``至 2027-06-30`` or ``长期有效``."""
        if self.valid_until is None:
            return gettext("长期有效")
        if self.valid_from is None:
            return gettext("至 %s") % self.valid_until
        return gettext("%(first)s 至 %(last)s") % {"first": self.valid_from, "last": self.valid_until}

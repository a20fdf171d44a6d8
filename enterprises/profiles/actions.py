"""Filing the yearly profile; the register follows the newest one."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.facts import PROFILES, append_register_changes
from enterprises.models import Enterprise, YearlyProfile
from enterprises.profiles.plausible import questions_about
from enterprises.profiles.queries import FIELDS, FOLLOWED, before, open_years
from foundation.access.rules import require
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.fields import label_of_field
from foundation.refusals import require_confirmed

register_event("enterprises.profile_filed", gettext_lazy("填报年度基本情况"))


def _shown(value: object) -> str:
    return _("未填报") if value is None else str(value)


def _follow(profile: YearlyProfile) -> None:
    """The register takes over the newest year's figures. A count nobody knows is unknown in the register too."""
    enterprise = profile.enterprise
    if enterprise.profiles.filter(year__gt=profile.year).exists():
        return
    changed = any(getattr(enterprise, name) != getattr(profile, name) for name in FOLLOWED)
    if changed:
        for name in FOLLOWED:
            setattr(enterprise, name, getattr(profile, name))
        enterprise.version += 1
        enterprise.save(update_fields=[*FOLLOWED, "version", "updated_at"])


@transaction.atomic
def file_profile(
    *,
    acting_user: Actor,
    enterprise_id: int,
    year: int,
    version: int,
    values: Mapping[str, Any],
    confirmed: Collection[str] = (),
    reason: str = "",
) -> YearlyProfile:
    """File or change the profile of a year. ``version`` is 0 for a new one; ``confirmed`` and ``reason`` answer what
    looks unusual. Raises ``AccessDenied``, ``ValidationError``, ``NeedsConfirmation``."""
    enterprise = Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise_id)
    require(acting_user, "enterprises.file_profile", enterprise)
    if year not in open_years():
        raise ValidationError(
            _("%(year)d 年度不能填报，可以填报 %(first)d 至 %(last)d 年度。")
            % {
                "year": year,
                "first": min(open_years()),
                "last": max(open_years()),
            }
        )
    profile = YearlyProfile.objects.filter(enterprise=enterprise, year=year).first()
    if (profile.version if profile else 0) != version:
        raise ValidationError(_("这个年度的情况在您打开页面之后已有人填报。请核对现在的内容后再保存。"))
    old = {name: getattr(profile, name, None) for name in FIELDS}
    profile = profile or YearlyProfile(year=year, version=0)
    profile.enterprise = enterprise
    for name in FIELDS:
        setattr(profile, name, values.get(name))
    profile.filed_by = acting_user
    profile.filed_on_behalf = enterprise.pk not in scope_of(acting_user).enterprise_ids()
    profile.full_clean()
    questions = questions_about(profile, before(enterprise, year))
    profile.word = require_confirmed(questions, confirmed, reason)
    profile.questions = [asked.kept for asked in questions]
    profile.version += 1
    profile.save()
    _follow(profile)
    changes = {
        label_of_field(YearlyProfile, name): [_shown(old[name]), _shown(getattr(profile, name))]
        for name in FIELDS
        if old[name] != getattr(profile, name)
    }
    note = _("%(year)d 年度 %(word)s") % {"year": year, "word": profile.word}
    log("enterprises.profile_filed", by=acting_user, on=enterprise, changes=changes, note=note.strip())
    append_register_changes([enterprise.pk], source=PROFILES)
    return profile

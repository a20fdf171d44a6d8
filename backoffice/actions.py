"""What the back office changes itself: the working-day table, and what people see of their own workbench. Every other change is an action of its own room."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.access.signin import home_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.calendar.models import SpecialDay, WorkYear
from foundation.calendar.workdays import by_weekday

register_event("backoffice.work_year_added", gettext_lazy("新增工作日年度"))
register_event("backoffice.work_year_set", gettext_lazy("核定工作日年度"))
register_event("backoffice.work_day_set", gettext_lazy("调整工作日"))
register_event("backoffice.first_steps_shown", gettext_lazy("打开第一次使用的步骤"))
register_event("backoffice.first_steps_hidden", gettext_lazy("收起第一次使用的步骤"))


def _state(is_working: bool) -> str:
    return _("上班") if is_working else _("休息")


@transaction.atomic
def add_work_year(*, acting_user: Actor, year: int) -> WorkYear:
    """A year of Monday to Friday, to be corrected day by day. Raises ``ValidationError`` for one already there."""
    require(acting_user, "backoffice.set_workdays")
    row = WorkYear(year=year)
    row.full_clean(validate_unique=False)
    if WorkYear.objects.filter(year=year).exists():
        raise ValidationError({"year": _("%d年的工作日表已经有了。请直接打开修改。") % year})
    row.save(force_insert=True)
    log("backoffice.work_year_added", by=acting_user, on=row)
    return row


@transaction.atomic
def settle_work_year(*, acting_user: Actor, year: int, is_settled: bool, source: str = "") -> WorkYear:
    """Say whether a year's days are final. Raises ``ValidationError`` when settled without naming the source."""
    require(acting_user, "backoffice.set_workdays")
    row = WorkYear.objects.select_for_update().get(year=year)
    source = source.strip()
    if is_settled and not source:
        raise ValidationError({"source": _("核定时请写明依据，例如国务院办公厅通知的文号。")})
    before = [row.is_settled, row.source]
    row.is_settled, row.source = is_settled, source
    row.full_clean(validate_unique=False)
    row.save()
    states = [_("已核定") if settled else _("待核定") for settled in (before[0], is_settled)]
    log(
        "backoffice.work_year_set",
        by=acting_user,
        on=row,
        changes={_("状态"): states, _("依据"): [before[1], source]},
    )
    return row


@transaction.atomic
def set_work_day(*, acting_user: Actor, day: datetime.date, is_working: bool, name: str = "") -> None:
    """Make a day a working day or a day of rest. One that is again what its weekday says needs no row.

    Raises ``ValidationError`` for a day of a year the table does not have."""
    require(acting_user, "backoffice.set_workdays")
    if not WorkYear.objects.filter(year=day.year).exists():
        raise ValidationError({"day": _("还没有%d年的工作日表。请先新增这一年。") % day.year})
    found = SpecialDay.objects.select_for_update().filter(day=day).first()
    before = found.is_working if found else by_weekday(day)
    if is_working == by_weekday(day):
        if found:
            found.delete()
    else:
        row = SpecialDay(day=day, year_id=day.year, is_working=is_working, name=name.strip())
        row.full_clean(validate_unique=False)
        row.save()
    change = {str(day): [_state(before), _state(is_working)]}
    log("backoffice.work_day_set", by=acting_user, on=WorkYear(year=day.year), note=name.strip(), changes=change)


@transaction.atomic
def show_first_steps(*, acting_user: Actor, shown: bool) -> None:
    """Bring the first steps back to the person's workbench, or put them away."""
    acting_user.hides_first_steps = not shown
    acting_user.save(update_fields=["hides_first_steps"])
    event = "backoffice.first_steps_shown" if shown else "backoffice.first_steps_hidden"
    log(event, by=acting_user, on=acting_user, place=home_of(acting_user))

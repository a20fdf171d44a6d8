"""People as the import pipeline takes them: checked as a whole, shown with the user names they will have, and made in the
request that confirms, because their passwords are shown on its answer and are nowhere else."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.account_import.checking import Checked, admit_checked, check_people
from backoffice.account_import.workbook import COLUMNS, MAX_ROWS, SLUG, Typed, columns_of_people, template_for
from foundation.access.bulk import Admitted
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.exchange.models import FIT, Import, Outcome, StagedRow
from foundation.exchange.resources import Checker, ImportResource, Written, register_import
from foundation.exchange.rows import Problem, SheetRow
from foundation.exchange.writing import close, confirmable_here, note_written, save_rows
from foundation.saying import filled

_OUTCOMES = {
    "new": Outcome.NEW,
    "more": Outcome.CHANGED,
    "same": Outcome.UNCHANGED,
    "bad": Outcome.INVALID,
}


class _PeopleChecker:
    """All rows are one part: user names are proposed so that none is taken twice."""

    def __init__(self, user: Actor) -> None:
        self.user = user

    def check(self, rows: Sequence[SheetRow]) -> None:
        typed = [Typed(row.number, **{name: str(row.read.get(name) or "")[:200] for name in COLUMNS}) for row in rows]
        for row, one in zip(rows, check_people(self.user, typed), strict=True):
            told = row.told()
            row.problems += [problem for problem in _problems(one) if problem.name not in told]
            row.title = one.typed.full_name
            row.settle(Outcome.INVALID if row.problems else _OUTCOMES[one.outcome])
            row.values = {"typed": list(one.agreed()), **_shown(one)}


def _problems(one: Checked) -> list[Problem]:
    names = {str(heading): name for name, (heading, _width, _needed, _note) in COLUMNS.items()}
    return [Problem(names[problem.column], problem.column, problem.reason, problem.cure) for problem in one.problems]


def _other_than_shown(one: Checked) -> Problem:
    """Why a row that is fit is not done: it would do something else than the page said."""
    if one.outcome == "new":
        reason, cure = _("检查之后，账号“%s”已经没有了。") % one.username, _("请重新上传，核对后再确认。")
    else:
        reason = _("检查之后，“%(name)s”的账号“%(username)s”有了变动。") % {
            "name": one.typed.full_name,
            "username": one.username,
        }
        cure = _("是同一个人的，请重新上传，核对后再确认；是同名的另一个人，请另填用户名后重新上传。")
    return Problem("username", str(COLUMNS["username"][0]), reason, cure)


def _shown(one: Checked) -> dict[str, str]:
    """What the page shows of a row before it is confirmed."""
    return {
        "username": one.username,
        "role": one.role_label,
        "unit": one.unit_label,
        "until": one.typed.valid_until or _("长期"),
    }


@register_import
class AccountImport(ImportResource):
    """The sheet of people: who, with which role, where."""

    name, room, url_name, permission = "backoffice.accounts", "backoffice", "account_import", "accounts.manage"
    title = gettext_lazy("批量新建账号")
    slug = SLUG
    in_request = True
    most_rows = part = MAX_ROWS
    keys, heads = ("full_name", "role", "unit"), ("full_name", "unit")
    filled_in = ()
    beside = ("单位", "填写说明")
    aside_template, confirm_template = "backoffice/_account_import_aside.html", "backoffice/_account_import_rows.html"
    outcome_labels = {
        "new": gettext_lazy("新账号"),
        "changed": gettext_lazy("已有账号，增改授权"),
        "unchanged": gettext_lazy("已有，不变"),
        "invalid": gettext_lazy("有问题"),
    }
    samples = 0

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.label = _("人员")
        super().__init__(columns_of_people())

    @classmethod
    def list_context(cls, request: PortalRequest) -> dict[str, Any]:
        return {"back_url": reverse("backoffice:accounts"), "back_label": _("全部账号")}

    def confirm_context(self, request: PortalRequest, batch: Import) -> dict[str, Any]:
        rows = StagedRow.objects.filter(batch=batch, outcome__in=FIT, state="waiting").order_by("pk")
        new = batch.counts.get("new", 0)
        label = (
            filled(_("建立 %d 个账号并显示密码条"), new)
            if new
            else filled(_("更新 %d 行授权"), batch.counts.get("changed", 0))
        )
        return {
            "people": [
                {"number": row.number, "name": row.said["title"], **row.values, "is_new": row.outcome == "new"}
                for row in rows
            ],
            "confirm_label": label,
            "confirm_question": filled(_("密码条只显示一次。确定建立 %d 个账号吗？"), new) if new else "",
        }

    def outcome_sentence(self, batch: Import) -> str:
        return filled(
            _("完成：新建账号 %(new)d 行，增改授权 %(changed)d 行。密码条只在确认时显示过一次。"),
            {
                "new": batch.counts.get("new", 0),
                "changed": batch.counts.get("changed", 0),
            },
        )

    def result_address(self, batch: Import) -> str:
        return reverse("backoffice:accounts")

    def template(self, user: Actor) -> tuple[bytes, str]:
        return template_for(user), _("批量新建账号模板.xlsx")

    def checker(self, batch: Import) -> Checker:
        return _PeopleChecker(batch.created_by)


@transaction.atomic
def admit_import(*, acting_user: Actor, batch_id: int) -> list[Admitted] | None:
    """Do what the checked rows say, all of it or nothing: accounts with one-time passwords, and further grants. None when
    something has changed since the check: the rows then say what, and wait for another confirmation.

    The passwords are in what is returned and are kept nowhere. Raises ``Refused``, ``AccessDenied``."""
    batch, resource, rows = confirmable_here(acting_user=acting_user, batch_id=batch_id)
    checked = check_people(acting_user, [Typed(*row.values["typed"]) for row in rows])
    # What a row would do now must be what was shown: else one person's grant could land on the account that another of
    # the same name was given since.
    differing = [(row, one) for row, one in zip(rows, checked, strict=True) if _OUTCOMES[one.outcome] != row.outcome]
    if differing:
        for row, one in differing:
            said = {"cells": row.said["cells"], "title": row.said["title"]}
            said["problems"] = [problem._asdict() for problem in _problems(one) or [_other_than_shown(one)]]
            row.say(said, is_personal=True)
            batch.counts[row.outcome] -= 1
            batch.counts["invalid"] = batch.counts.get("invalid", 0) + 1
            row.outcome = Outcome.INVALID
        save_rows([row for row, _one in differing])
        batch.save(update_fields=["counts"])
        return None
    admitted = admit_checked(acting_user, checked)
    note_written(batch, rows, [Written(one.username[:40]) for one in checked])
    close(batch, resource)
    return admitted

"""The changes a person may make of an entry: what each is called, asks for and does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from enterprises import change_actions
from enterprises.change_forms import ChangeForm, MergeForm, MoveForm, RenameForm, SplitForm
from enterprises.models import ChangeKind, Enterprise
from foundation.access.rules import verdict
from foundation.accounts.models import Actor
from foundation.labels import Label


@dataclass(frozen=True)
class Change:
    """One change as a page. ``act`` makes it and returns the enterprise whose page comes next."""

    kind: str
    title: Label
    hint: Label
    done: Label
    permission: str
    form: type[ChangeForm] | type[SplitForm]
    act: Callable[..., Enterprise]
    of_closed: bool = False

    def arguments(self, form: ChangeForm | SplitForm) -> dict[str, Any]:
        """What ``act`` takes of the filled form."""
        if isinstance(form, SplitForm):
            taken = {name: form.cleaned_data[name] for name in ("county", "reason", "on")}
            return {**taken, "version": form.cleaned_data["version"] or 0, "values": form.values()}
        return dict(form.cleaned_data)


CHANGES: dict[str, Change] = {
    change.kind: change
    for change in (
        Change(
            ChangeKind.MOVE,
            _("迁移"),
            _("企业搬到了别的县（市、区）或功能区。"),
            _("已迁移。"),
            "enterprises.move",
            MoveForm,
            change_actions.move_enterprise,
        ),
        Change(
            ChangeKind.RENAME,
            _("更名"),
            _("营业执照上的名称变了。原名称保留为曾用名。"),
            _("已更名，原名称保留为曾用名。"),
            "enterprises.edit",
            RenameForm,
            change_actions.rename_enterprise,
        ),
        Change(
            ChangeKind.MERGE,
            _("并入其他企业"),
            _("这家企业并入另一家，由那一家存续；或重复登记，留一家。"),
            _("已并入，下面是存续的企业。"),
            "enterprises.change",
            MergeForm,
            change_actions.merge_enterprise,
        ),
        Change(
            ChangeKind.SPLIT,
            _("分立"),
            _("从这家企业分出一家新企业；这家照旧在册。"),
            _("已分立，下面是新登记的企业。"),
            "enterprises.change",
            SplitForm,
            change_actions.split_enterprise,
        ),
        Change(
            ChangeKind.CLOSE,
            _("注销"),
            _("企业已注销、停产或不再参加产改。记录保留。"),
            _("已注销，记录仍可查询。"),
            "enterprises.change",
            ChangeForm,
            change_actions.close_enterprise,
        ),
        Change(
            ChangeKind.REOPEN,
            _("恢复在册"),
            _("企业重新参加产改，或注销有误。"),
            _("已恢复在册。"),
            "enterprises.change",
            ChangeForm,
            change_actions.reopen_enterprise,
            of_closed=True,
        ),
    )
}


def offered(user: Actor, enterprise: Enterprise) -> list[Change]:
    """The changes this person may make of this entry as it stands."""
    return [
        change
        for change in CHANGES.values()
        if change.of_closed is not enterprise.is_active and verdict(user, change.permission, enterprise)
    ]


def successor_of(user: Actor, enterprise: Enterprise) -> tuple[str, int | None] | None:
    """Name of the enterprise into which this one went, and its number when the person may see it."""
    if enterprise.successor is None:
        return None
    found = Enterprise.objects.visible_to(user).filter(pk=enterprise.successor.pk).first()
    return (enterprise.successor.name, found.pk if found else None)

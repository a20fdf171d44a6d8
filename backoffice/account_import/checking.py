"""What a workbook of people would do: one outcome a row, and everything that is wrong with it at once."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.account_import.workbook import COLUMNS, UNLIMITED, Typed
from backoffice.forms import roles_for
from foundation.access.bulk import Admitted, NewAccount, admit
from foundation.access.models import ROLE_LEVELS, Grant, Role
from foundation.access.queries import grantable_places, manageable_accounts
from foundation.access.scope import Scope, scope_of
from foundation.accounts.models import Actor, User
from foundation.accounts.names import latin_name, validate_username, without_reading
from foundation.exchange.readings import plain
from foundation.folding import fold
from foundation.places.models import Level, Place
from foundation.saying import filled

_CHUNK = 400


@dataclass(frozen=True)
class Problem:
    """Which column is refused, why, and what to do."""

    column: str
    reason: str
    cure: str


@dataclass
class Checked:
    """One row: what it would do, or why it cannot. ``account`` is the person who already exists."""

    typed: Typed
    username: str = ""
    role: str = ""
    place: Place | None = None
    valid_until: datetime.date | None = None
    account: User | None = None
    outcome: str = "new"
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, name: str, reason: str, cure: str) -> None:
        self.outcome = "bad"
        self.problems.append(Problem(str(COLUMNS[name][0]), reason, cure))

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label) if self.role else self.typed.role

    @property
    def unit_label(self) -> str:
        return str(self.place) if self.place else self.typed.unit

    @property
    def found_place(self) -> Place:
        """Its unit. Raises ``ValueError`` for a row whose unit was refused."""
        if self.place is None:
            raise ValueError(f"no unit is known by {self.typed.unit!r}")
        return self.place

    @property
    def found_account(self) -> User:
        """Whom it gives another grant. Raises ``ValueError`` for a row of a new person."""
        if self.account is None:
            raise ValueError(f"no account is known by {self.username!r}")
        return self.account

    def agreed(self) -> Typed:
        """The row with the user name that was shown, so that nothing else comes of it than what was agreed to."""
        return self.typed._replace(username=self.username or self.typed.username)


def check_people(user: Actor, rows: Sequence[Typed]) -> list[Checked]:
    """A fixed number of queries for any number of rows."""
    checked = [Checked(row) for row in rows]
    _read_names(checked)
    _read_roles(checked, {str(label): value for value, label in roles_for(user)})
    _read_units(checked, user)
    _read_days(checked)
    _refuse_doubles(checked)
    _recognise(checked, user)
    _refuse_unreadable(checked)
    _propose([one for one in checked if one.outcome == "new" and not one.username])
    return checked


def _in_chunks(values: Iterable[str]) -> Iterable[list[str]]:
    wanted = sorted(set(values))
    return (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))


def _read_names(checked: list[Checked]) -> None:
    owners: dict[str, str] = {}
    for one in checked:
        name, one.username = one.typed.full_name, one.typed.username
        if not name or name.startswith("="):
            one.refuse("full_name", _("没有姓名，或是一个公式。"), _("请填写本人姓名。"))
        elif re.search(r"[、，,/;；]", name):
            one.refuse("full_name", _("“%s”像是不止一个人。") % name[:40], _("一行只填一个人，请分成几行。"))
        elif len(name) > 60:
            one.refuse("full_name", _("姓名超过 60 个字。"), _("请核对这一格。"))
        if not one.username:
            continue
        try:
            validate_username(one.username)
        except ValidationError:
            reason = _("“%s”里有不能用的字符。") % one.username[:40]
            one.refuse("username", reason, _("只用英文字母、数字和 @ . + - _，或留空由系统拟定。"))
        if len(one.username) > 150:
            one.refuse("username", _("用户名超过 150 个字符。"), _("请缩短。"))
        if owners.setdefault(one.username.lower(), name) != name:
            one.refuse("username", _("表中另有一人用了这个用户名。"), _("请给其中一人换一个，或留空。"))


def _read_roles(checked: list[Checked], roles: dict[str, str]) -> None:
    by_key = {fold(label): role for label, role in roles.items()}
    known = {fold(str(role.label)) for role in Role}
    for one in checked:
        one.role = by_key.get(fold(one.typed.role), "")
        if not one.role:
            if not one.typed.role:
                said = _("没有填角色。")
            elif fold(one.typed.role) in known:
                said = _("“%s”不是您能授予的角色。") % one.typed.role[:40]
            else:
                said = _("没有“%s”这个角色。") % one.typed.role[:40]
            one.refuse("role", said, _("请填：%s。") % "、".join(roles))


def _read_units(checked: list[Checked], user: Actor) -> None:
    by_word: dict[str, list[Place]] = {}
    for words in _in_chunks(one.typed.unit for one in checked if one.typed.unit):
        codes, keys = [plain(word).replace(" ", "").upper() for word in words], [fold(word) for word in words]
        for place in grantable_places(user).filter(models.Q(code__in=codes) | models.Q(name_key__in=keys)):
            for key in {place.code, place.name_key}:
                by_word.setdefault(key, []).append(place)
    scope = scope_of(user)
    for one in checked:
        word = one.typed.unit
        found = by_word.get(plain(word).replace(" ", "").upper()) or by_word.get(fold(word), [])
        if len(found) > 1 and one.role:
            found = [place for place in found if place.level in ROLE_LEVELS[one.role]]
        if len(found) > 1:
            # Of names that differ by their brackets only, the one that was written exactly so.
            found = [place for place in found if place.name == word] or found
        if not found:
            said = _("没有找到“%s”，或它不在您的管理范围内。") % word[:40] if word else _("没有填单位。")
            one.refuse("unit", said, _("请填“单位”表中的代码或全称。"))
        elif len(found) > 1:
            one.refuse(
                "unit",
                filled(_("叫“%(name)s”的单位有 %(count)d 个。"), {"name": word[:40], "count": len(found)}),
                _("请改填代码。"),
            )
        else:
            one.place = found[0]
            _fit(one, found[0], scope)


def _fit(one: Checked, place: Place, scope: Scope) -> None:
    if not one.role:
        return
    if place.level not in ROLE_LEVELS[one.role]:
        levels = "、".join(str(Level(level).label) for level in ROLE_LEVELS[one.role])
        one.refuse(
            "unit",
            _("“%(place)s”是%(level)s，不能授予这个角色。") % {"place": place, "level": place.get_level_display()},
            _("请填一个%s，或改角色。") % levels,
        )
    elif not scope.manages(one.role, place):
        one.refuse("unit", _("这个角色在这里不能由您授予。"), _("请联系上级产改办或管理员。"))


def _read_days(checked: list[Checked]) -> None:
    for one in checked:
        if not one.typed.valid_until or fold(one.typed.valid_until) in UNLIMITED:
            continue
        try:
            one.valid_until = datetime.date.fromisoformat(one.typed.valid_until)
        except ValueError:
            said = _("“%s”不是日期。") % one.typed.valid_until[:40]
            one.refuse("valid_until", said, _("请写成 2027-06-30 这样，或留空。"))
            continue
        if one.valid_until < timezone.localdate():
            one.refuse("valid_until", _("%s 已经过去。") % one.valid_until, _("请填今天或以后的日期，或留空。"))


def _refuse_doubles(checked: list[Checked]) -> None:
    """One person twice in the file: names and units count as the same whatever dots, spaces and brackets they have."""
    seen: dict[tuple[str, ...], str] = {}
    for one in checked:
        name, unit = fold(one.typed.full_name), str(one.place.pk) if one.place else fold(one.typed.unit)
        key = (name, one.username.lower(), one.role, unit)
        if key in seen:
            one.refuse(
                "full_name",
                _("与上面一行的“%s”是同一个人、同一角色、同一单位。") % seen[key][:40],
                _("请删去一行；若是同名的两个人，请各填用户名。"),
            )
        seen.setdefault(key, one.typed.full_name)


def _recognise(checked: list[Checked], user: Actor) -> None:
    """Who already exists: by user name, or without one by name, role and place."""
    by_name: dict[str, User] = {}
    for names in _in_chunks(one.username.lower() for one in checked if one.username):
        by_name |= {
            found.lower: found for found in User.objects.annotate(lower=Lower("username")).filter(lower__in=names)
        }
    mine = manageable_accounts(user)
    manageable = set(mine.filter(pk__in=[found.pk for found in by_name.values()]).values_list("pk", flat=True))
    held: dict[tuple[int, str, int], Grant] = {}
    same: dict[tuple[str, str, int], Grant] = {}
    for grant in _grants_of(checked, by_name, mine):
        held[grant.user_id, grant.role, grant.place_id] = grant
        same[fold(grant.user.full_name), grant.role, grant.place_id] = grant
    for one in checked:
        if one.outcome == "bad":
            continue
        if not one.username:
            if there := same.get((fold(one.typed.full_name), one.role, one.found_place.pk)):
                one.account, one.username = there.user, there.user.username
                one.outcome = _compared(there, one)
        elif account := by_name.get(one.username.lower()):
            _take(one, account, account.pk in manageable, held)


def _take(one: Checked, account: User, is_mine: bool, held: dict[tuple[int, str, int], Grant]) -> None:
    """The row names an account that exists."""
    if not is_mine or fold(account.full_name) != fold(one.typed.full_name):
        one.refuse("username", _("已有别人使用这个用户名。"), _("请换一个，例如在后面加上单位简称，或留空由系统拟定。"))
        return
    if not account.is_active:
        one.refuse("username", _("这个账号已停用。"), _("请先在账号页恢复，再上传。"))
        return
    one.account, one.username = account, account.username
    grant = held.get((account.pk, one.role, one.found_place.pk))
    one.outcome = _compared(grant, one) if grant else "more"


def _compared(grant: Grant, one: Checked) -> str:
    return "same" if grant.valid_until == one.valid_until else "more"


def _grants_of(checked: list[Checked], by_name: dict[str, User], mine: models.QuerySet[User]) -> list[Grant]:
    named = [account.pk for account in by_name.values()]
    places = {one.place.pk for one in checked if one.place and not one.username}
    found = Grant.objects.filter(
        models.Q(user__in=named) | models.Q(place__in=places, user__in=mine, user__is_active=True)
    )
    return list(found.select_related("user").order_by("-pk"))


def _refuse_unreadable(checked: list[Checked]) -> None:
    """A name with a character that has no reading would lose it in the user name: somebody has to say one."""
    for one in checked:
        if one.outcome == "new" and not one.username and (unread := without_reading(one.typed.full_name)):
            one.refuse(
                "username",
                _("姓名中的“%s”平台不知道读音，拟不出用户名。") % unread,
                _("请在“用户名”一列填写，例如姓名的拼音。"),
            )


def _propose(unnamed: list[Checked]) -> None:
    """User names nobody has yet: the name in pinyin and the initials of the unit, numbered when taken."""
    bases = [_base(one) for one in unnamed]
    taken: set[str] = set()
    for words in _in_chunks(bases):
        wanted = [f"{word}{number}" for word in words for number in ("", *range(2, 10))]
        taken |= set(
            User.objects.annotate(lower=Lower("username")).filter(lower__in=wanted).values_list("lower", flat=True)
        )
    for one, base in zip(unnamed, bases, strict=True):
        number = 1
        while (name := base if number == 1 else f"{base}{number}") in taken:
            number += 1
        taken.add(name)
        one.username = name


def _base(one: Checked) -> str:
    """In letters everybody can type."""
    name = latin_name(one.typed.full_name) or "user"
    initials = "".join(letter for letter in one.found_place.initials if letter.isascii() and letter.isalnum())[:6]
    return f"{name[:40]}-{initials or one.found_place.pk}"


def admit_checked(user: Actor, checked: Sequence[Checked]) -> list[Admitted]:
    """Do what the good rows say, all of it or nothing."""
    return admit(
        acting_user=user,
        account_import=[_new_account(one) for one in checked if one.outcome == "new"],
        more=[(one.found_account, _new_account(one)) for one in checked if one.outcome == "more"],
    )


def _new_account(one: Checked) -> NewAccount:
    return NewAccount(one.username, one.typed.full_name, one.role, one.found_place, one.valid_until)

"""People who sign in. What they may do is in ``foundation.access``; where, in ``foundation.places``."""

import datetime
import hashlib

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.names import validate_username
from foundation.textsearch.indexes import TextIndex, register_text_index

ACCOUNT_NAMES = register_text_index(TextIndex("account_name_text", "accounts_user", ("full_name", "username")))


class User(AbstractUser):
    """A person with an account. Signs in by user name; no mail address is needed."""

    # Django removes an inherited column by this assignment.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(
        _("用户名"),
        max_length=150,
        unique=True,
        validators=[validate_username],
        error_messages={"unique": _("这个用户名已有人使用。请换一个。")},
    )
    full_name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(_("电子邮箱"), blank=True)
    must_change_password = models.BooleanField(
        _("须修改密码"), default=False, help_text=_("密码由他人设置：本人首次登录时必须改成自己的。")
    )
    password_set_at = models.DateTimeField(_("密码设置时间"), null=True, blank=True)
    #: Grows when all sessions of the account end for good (``get_session_auth_hash``).
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    #: Not stored. ``foundation.access`` keeps here the grant the person works as now and the scope read from the grants.
    working_grant: int | None = None
    scope_read: object = None
    hides_first_steps = models.BooleanField(_("不再显示第一次使用的步骤"), default=False)

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = verbose_name_plural = _("账号")
        ordering = ["username"]
        indexes = [models.Index(fields=["last_login", "id"], name="account_last_login")]

    def __str__(self) -> str:
        return self.full_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session of the account must hold, by password and generation. Django's own asks for the current key
        and for earlier ones (``SECRET_KEY_FALLBACKS``)."""
        if not self.session_generation:
            own: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # not in the stubs
            return own
        value = f"{self.session_generation}:{self.password}"
        salt = "foundation.accounts.models.User.session"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name or self.username


#: Whoever an action is carried out for. ``None`` where an action allows it stands for the portal itself.
Actor = User
#: Whoever looks at a page: may not be signed in. What a rule is asked about; no action is carried out for one.
Visitor = User | AnonymousUser | None


class PastPassword(models.Model):
    """The hash of a password somebody chose once, so that it is not chosen again soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_passwords")
    hash = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("用过的密码")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.replaced_at:%Y-%m-%d}"


def token_digest(key: str) -> str:
    """What is kept of a token. A plain digest: a token is 160 random bits, which nobody guesses from it."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiToken(models.Model):
    """Lets a program act in a person's name (``foundation.access.tokens``). The token itself is kept nowhere."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("账号"))
    name = models.CharField(_("名称"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("签发时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("有效期至"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="api_token_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def until_text(self) -> str:
        """``有效至 2027-01-31 10:00`` or ``长期有效``."""
        if self.expires_at is None:
            return gettext("长期有效")
        return gettext("有效至 %s") % timezone.localtime(self.expires_at).strftime("%Y-%m-%d %H:%M")


class FailedSignIn(models.Model):
    """One failed try to sign in, kept for a day (``foundation.accounts.lockout``). The name is kept as a keyed digest only."""

    name_digest = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("登录失败")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["name_digest", "address"], name="failed_sign_in_name"),
            models.Index(fields=["address", "at"], name="failed_sign_in_address"),
            models.Index(fields=["at"], name="failed_sign_in_at"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at:%Y-%m-%d %H:%M:%S}"


class SecurityPolicy(models.Model):
    """What the portal asks of its people's passwords and sign-ins: one row, edited by the provincial administrator.

    GB/T 22239-2019 asks for complexity, periodic change and, from level 3, a second factor; it names no numbers, so the
    numbers are the province's to settle."""

    one_time_days = models.PositiveSmallIntegerField(
        _("一次性密码有效天数"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("他人设置的密码在这些天内没有使用就失效，需要重新设置。"),
    )
    password_days = models.PositiveSmallIntegerField(
        _("密码最长使用天数"),
        default=90,
        validators=[MaxValueValidator(3650)],
        help_text=_("到期后登录时须先修改密码。填 0 表示不要求定期修改。"),
    )
    passwords_remembered = models.PositiveSmallIntegerField(
        _("不得重复最近几次密码"),
        default=5,
        validators=[MaxValueValidator(24)],
        help_text=_("新密码不能与现在和最近用过的密码相同，合计这么多次。填 0 表示不检查。"),
    )
    second_factor_roles = models.JSONField(_("必须使用第二重验证的角色"), default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("登录安全设置")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="security_policy_one_row")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> "SecurityPolicy":
        """The row, or the defaults as long as nobody has changed them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def one_time_until(self, user: User) -> datetime.datetime | None:
        """Until when a password set by somebody else opens the door; None for one's own password."""
        if not user.must_change_password:
            return None
        return (user.password_set_at or user.date_joined) + datetime.timedelta(days=self.one_time_days)

    def is_too_old(self, user: User) -> bool:
        """Whether the own password has been in use longer than allowed."""
        age = timezone.now() - (user.password_set_at or user.date_joined)
        return bool(self.password_days) and age > datetime.timedelta(days=self.password_days)

"""What a password must look like."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.accounts.models import SecurityPolicy, User
from foundation.saying import filled

_REQUIRED_CLASSES = 3


def character_classes(password: str) -> int:
    """How many of lower case, upper case, digit and other characters occur."""
    tests = (str.islower, str.isupper, str.isdigit, lambda char: not char.isalnum())
    return sum(any(test(char) for char in password) for test in tests)


class CharacterClassesValidator:
    """Asks for three of the four classes of characters (GB/T 22239-2019, identity authentication)."""

    def validate(self, password: str, user: User | None = None) -> None:
        if character_classes(password) < _REQUIRED_CLASSES:
            raise ValidationError(
                _("密码太简单：小写字母、大写字母、数字、符号四类字符中至少要用到三类。请补上缺少的种类。"),
                code="password_classes",
            )

    def get_help_text(self) -> str:
        return _("密码要用到小写字母、大写字母、数字、符号中的至少三类。")


class LengthValidator(MinimumLengthValidator):
    """Django's rule in our words: its Chinese catalogue lacks the sentence of this version, and people would read
    English."""

    def get_error_message(self) -> str:
        return filled(_("密码太短：至少要 %(length)d 位。请再加长一些。"), {"length": self.min_length})

    def get_help_text(self) -> str:
        return filled(_("密码至少要 %(length)d 位。"), {"length": self.min_length})


class SimilarityValidator(UserAttributeSimilarityValidator):
    """Django's rule in our words."""

    def get_error_message(self) -> str:
        return _("密码与%(verbose_name)s太相似，容易被人猜到。请换一个。")

    def get_help_text(self) -> str:
        return _("密码不能与用户名、姓名等太相似。")


class CommonValidator(CommonPasswordValidator):
    """Django's rule with a hint in our words."""

    def get_help_text(self) -> str:
        return _("不能用很多人都在用的密码。")


class ReuseValidator:
    """Refuses the passwords somebody used last; how many, the security policy says."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        remembered = SecurityPolicy.current().passwords_remembered
        if not remembered:
            return
        used = [user.password, *user.past_passwords.values_list("hash", flat=True)[: remembered - 1]]
        if any(check_password(password, known) for known in used):
            raise ValidationError(
                filled(
                    _("这个密码最近用过：新密码不能与最近 %(number)d 次的密码相同。请换一个。"), {"number": remembered}
                ),
                code="password_reused",
            )

    def get_help_text(self) -> str:
        return _("不能使用最近用过的密码。")

"""``manage.py api_token USERNAME``: a new token, alone on a line."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from foundation.access.tokens import DEFAULT_NAME, issue_token
from foundation.accounts.models import User


class Command(BaseCommand):
    help = "Print a new API token for an account; its older token of the same name ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--name", default=DEFAULT_NAME, help="what the token is for (default: %(default)s)")
        parser.add_argument("--days", type=int, metavar="N", help="how long it is good; without it until it is revoked")

    def handle(self, *args: Any, username: str, name: str, days: int | None, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户名为“{username}”的账号。请核对用户名（注意大小写）。")
        if not user.is_active:
            raise CommandError(f"账号“{username}”已停用，不能签发令牌。请先由系统管理员恢复账号。")
        try:
            token = issue_token(user, acting_user=None, name=name.strip(), days=days)
        except ValidationError as refusal:
            raise CommandError("".join(refusal.messages)) from refusal
        self.stdout.write(token)

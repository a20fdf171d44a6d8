"""``manage.py api_token USERNAME``: a new token, alone on a line."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from api.actions import issue_token
from foundation.accounts.models import User


class Command(BaseCommand):
    help = "Print a new API token for an account; its older token ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME")

    def handle(self, *args: object, username: str, **options: object) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户名为“{username}”的账号。请核对用户名（注意大小写）。")
        if not user.is_active:
            raise CommandError(f"账号“{username}”已停用，不能签发令牌。请先由系统管理员恢复账号。")
        self.stdout.write(issue_token(user, acting_user=None))

"""The first administrator of a portal that starts empty. There is no default password anywhere."""

import getpass
import os
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.access.actions import create_account
from foundation.access.models import Grant, Role
from foundation.accounts.models import User
from foundation.places.models import Level, Place

USERNAME, PASSWORD = "PORTAL_ADMIN_USERNAME", "PORTAL_ADMIN_PASSWORD"
HOW = (
    f"还没有系统管理员：请设置环境变量 {USERNAME} 和 {PASSWORD} 后重新启动，"
    "或在终端里运行 ./portal manage first_admin 按提示输入。"
)


class Command(BaseCommand):
    help = f"Create the first administrator from {USERNAME} and {PASSWORD} or by asking; nothing if one exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--exists", action="store_true", help="only tell by the exit code whether accounts exist")

    def handle(self, *args: object, **options: object) -> None:
        if options["exists"]:
            sys.exit(0 if User.objects.exists() else 1)
        if Grant.objects.in_force().filter(role=Role.ADMIN, user__is_active=True).exists():
            return
        username, password = os.environ.get(USERNAME, ""), os.environ.get(PASSWORD, "")
        if username and password:
            self._create(username, password)
        elif sys.stdin.isatty():
            self._ask()
        else:
            # Not an error: the portal can serve, and says how to get in.
            self.stderr.write(HOW)

    def _create(self, username: str, password: str) -> None:
        try:
            province = Place.objects.get(level=Level.PROVINCE)
        except Place.DoesNotExist:
            raise CommandError("还没有区划数据，请先运行 manage.py load_reference_data。")
        try:
            validate_password(password, User(username=username))
            create_account(
                acting_user=None,
                username=username,
                full_name="系统管理员",
                role=Role.ADMIN,
                place=province,
                password=password,
            )
        except ValidationError as error:
            raise CommandError("无法建立系统管理员：" + " ".join(error.messages))
        self.stdout.write(f"已建立系统管理员 {username}。")

    def _ask(self) -> None:
        """Ask until an account is made; the password is typed twice and never shown."""
        self.stdout.write("请建立第一个系统管理员。密码至少 10 位。")
        while True:
            username = input("用户名：").strip()
            password = getpass.getpass("密码：")
            if password != getpass.getpass("再输一次："):
                self.stderr.write("两次输入的密码不一致，请重新输入。")
                continue
            try:
                self._create(username, password)
            except CommandError as error:
                self.stderr.write(str(error))
            else:
                return

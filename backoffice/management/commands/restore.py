"""``manage.py restore FILE``: put a backup in place of what is there; the portal must not be running."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.backup.archive import describe
from backoffice.backup.restoring import holds_data, restore
from foundation.refusals import Refused


class Command(BaseCommand):
    help = "Restore a backup. Refuses a portal with data unless told; what was there is set aside."
    # On an empty folder there are no tables yet.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--overwrite", action="store_true", help="replace the data that is there now")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            description = describe(options["file"])
            self.stdout.write(f"备份时间 {description.made_at}，数据库 {description.engine}。")
            overwrite = options["overwrite"] or self._agreed()
            restore(options["file"], overwrite=overwrite, say=self.stdout.write)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("恢复完成。请启动平台，登录后核对最近的记录和报告。")

    def _agreed(self) -> bool:
        """Asked at a terminal only, where there is something to lose."""
        if not sys.stdin.isatty() or not holds_data():
            return False
        answer = input("这里已有数据。用备份替换它吗？现有数据会移到一旁保存。输入“替换”继续：")
        return answer.strip() == "替换"

"""``manage.py backup``: database, files and keys as one file, while the portal goes on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.backup.making import back_up
from foundation.refusals import Refused


class Command(BaseCommand):
    help = "Write a backup of database, files and keys as one file. The portal may go on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", type=Path, metavar="PATH", help="folder or .tar file (default: backups in PORTAL_VAR)"
        )
        parser.add_argument(
            "--keep", type=int, metavar="N", help="afterwards keep the newest N backups of that folder only"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep 至少为 1：刚做好的备份总要留下。")
        try:
            back_up(options["to"], keep=options["keep"], say=self.stdout.write)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

"""``manage.py report quarterly --region 32 --quarter 2026Q3 --output F.pdf``: a report without web and worker."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from reporting.canonical import snapshot_hash
from reporting.models import Kind
from reporting.quarters import why_no_report
from reporting.rendering.content import Edition
from reporting.rendering.formats import no_pango, render_formats
from reporting.snapshot import build_snapshot


class Command(BaseCommand):
    help = "Build a report from the figures as they stand, as a draft (送审稿), and write it to files."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("kind", choices=Kind.values, help="kind of report")
        parser.add_argument("--region", required=True, help="official region code: 32, 3201, 320115")
        parser.add_argument("--quarter", required=True, help="for example 2026Q3")
        parser.add_argument("--output", required=True, type=Path, help="the PDF to write")
        parser.add_argument("--xlsx", type=Path, help="write the workbook too")
        parser.add_argument("--docx", type=Path, help="write the Word file too")
        parser.add_argument("--json", type=Path, help="write the snapshot too")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("zh-hans"):
            self._build(options)

    def _build(self, options: dict[str, Any]) -> None:
        region, quarter = _region(options["region"]), _quarter(options["quarter"])
        targets = {
            "pdf": options["output"],
            **{name: options[name] for name in ("xlsx", "docx", "json") if options[name]},
        }
        for path in targets.values():
            _check_writable(path)
        snapshot = build_snapshot(region, quarter)
        formats = render_formats(snapshot, Edition(snapshot_hash=snapshot_hash(snapshot)))
        for name, path in targets.items():
            if data := getattr(formats, name):
                _write(path, data)
                self.stdout.write(str(path))
        if not formats.pdf:
            raise CommandError(no_pango())


def _region(code: str) -> Place:
    region = Place.objects.regions().filter(code=code).select_related("city").first()
    if region is None:
        raise CommandError(f"找不到地区代码“{code}”：请用行政区划代码，例如 32（省）、3201（设区市）、320115（县区）。")
    return region


def _quarter(code: str) -> Quarter:
    try:
        quarter = Quarter.parse(code)
    except ValueError as error:
        raise CommandError(str(error)) from error
    if reason := why_no_report(quarter):
        raise CommandError(reason)
    return quarter


def _check_writable(path: Path) -> None:
    """Said before the work, not after it."""
    try:
        if path.is_dir():
            raise IsADirectoryError("这是一个文件夹，请写明文件名")
        existed = path.exists()
        with path.open("ab"):
            pass
        if not existed:
            path.unlink()
    except OSError as error:
        raise CommandError(
            f"不能写入 {path}：{error.strerror or error}。请检查文件夹是否存在、是否有写权限。"
        ) from error


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CommandError(f"不能写入 {path}：{error.strerror or error}。") from error

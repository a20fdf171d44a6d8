"""``manage.py compliance --region 3201 --quarter 2026Q3``: judge the rules and print how many enterprises keep each."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.facts.declaring import source_by_code
from foundation.places.models import Place
from indicators.compliance.declaring import ComplianceRule, rules_in_force
from indicators.compliance.findings import Finding
from indicators.compliance.reading import Counts, counts_by_rule, results_of
from indicators.compliance.source import COMPLIANCE
from indicators.fill import count_source
from records.models import ReportingQuarter


class Command(BaseCommand):
    help = (
        "Judge the rules of compliance for a quarter and print the counts by rule. An open quarter is judged anew; of a "
        "closed one what was found when it was closed is printed. Exits 1 when there is nothing to print."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--region", required=True, help="official region code: 32, 3201, 320115")
        parser.add_argument("--quarter", required=True, help="for example 2026Q3")
        parser.add_argument("--json", type=Path, help="write the counts to a file as well")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("zh-hans"):
            self._judge(options)

    def _judge(self, options: dict[str, Any]) -> None:
        region, quarter = _region(options["region"]), _quarter(options["quarter"])
        if ReportingQuarter.objects.filter(code=quarter.code, is_open=True).exists():
            count_source(quarter, source_by_code(COMPLIANCE))
        counts = counts_by_rule(results_of(region, quarter))
        if not counts:
            raise CommandError(
                _("%(region)s在%(quarter)s没有合规结果。") % {"region": region.full_name(), "quarter": quarter.label}
            )
        rules = [rule for rule in rules_in_force(quarter) if rule.code in counts]
        self.stdout.write(
            _("%(region)s %(quarter)s合规情况（家）") % {"region": region.full_name(), "quarter": quarter.label}
        )
        self.stdout.write("\t".join((_("编码"), *(str(finding.label) for finding in Finding), _("符合率"), _("规则"))))
        for rule in rules:
            self.stdout.write("\t".join(_line(rule, counts[rule.code])))
        if options["json"]:
            _write(options["json"], _sheet(region, quarter, rules, counts))


def _line(rule: ComplianceRule, counts: Counts) -> list[str]:
    share = "—" if counts.share is None else f"{counts.share}%"
    return [rule.code, *(str(getattr(counts, finding.value)) for finding in Finding), share, rule.title]


def _sheet(region: Place, quarter: Quarter, rules: list[ComplianceRule], counts: dict[str, Counts]) -> dict[str, Any]:
    return {
        "region": {"code": region.code, "name": region.full_name()},
        "quarter": quarter.code,
        "rules": [
            {
                "rule": rule.code,
                "version": rule.version,
                "title": rule.title,
                "citation": rule.citation,
                **{finding.value: getattr(counts[rule.code], finding.value) for finding in Finding},
                "share": None if (share := counts[rule.code].share) is None else float(share),
            }
            for rule in rules
        ],
    }


def _region(code: str) -> Place:
    region = Place.objects.regions().filter(code=code).select_related("city").first()
    if region is None:
        message = _("找不到地区代码“%s”：请用行政区划代码，例如 32（省）、3201（设区市）、320115（县区）。")
        raise CommandError(message % code)
    return region


def _quarter(code: str) -> Quarter:
    try:
        quarter = Quarter.parse(code)
    except ValueError as error:
        raise CommandError(str(error)) from error
    if not ReportingQuarter.objects.filter(code=quarter.code).exists():
        raise CommandError(_("%s还没有设置填报时间，没有可以判断的内容。") % quarter.label)
    return quarter


def _write(path: Path, sheet: dict[str, Any]) -> None:
    """Whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(json.dumps(sheet, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        message = _("不能写入 %(path)s：%(error)s。请检查文件夹是否存在、是否有写权限。")
        raise CommandError(message % {"path": path, "error": error.strerror or error}) from error

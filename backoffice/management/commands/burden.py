"""``manage.py burden``: what a quarter and a year ask of an enterprise by the rules in force."""

from typing import Any

from django.core.management.base import BaseCommand

from records.duties.burden import PROFILES, active_rules, burden_of


class Command(BaseCommand):
    help = "Print what the rules in force ask of three enterprises: returns, fields, of these shown, minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        rules = active_rules()
        for profile in PROFILES:
            found = burden_of(profile, rules)
            self.stdout.write(str(profile.label))
            self.stdout.write(
                f"  每季度：{len(found.quarterly)} 份报表，必填 {found.quarter_fields} 项，约 {found.quarter_minutes} 分钟"
            )
            self.stdout.write(
                f"  全年：{found.year_returns} 份（次），必填 {found.year_fields} 项，带出 {found.year_shown} 项，约 {found.year_minutes} 分钟"
            )
            for line in found.lines:
                weight = line.weight
                self.stdout.write(
                    f"    {line.kind.label}：一年 {line.times} 次，必填 {weight.fields}、可填 {weight.further}、"
                    f"有时才问 {weight.conditional} 项，每次 {weight.seconds} 秒"
                )

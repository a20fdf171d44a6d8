"""Count figures again, or compare them with the records."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from foundation.calendar.periods import Quarter
from foundation.refusals import Refused
from indicators.drift import check
from indicators.fill import catch_up, fill, open_reporting_quarters
from indicators.medians import stale_medians, store_medians


class Command(BaseCommand):
    help = "Refill the figures of the open quarters (or one); --check compares instead and exits 1 on drift."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quarter", help="one quarter, written 2026Q3 (default: all open quarters)")
        parser.add_argument("--check", action="store_true", help="compare with the records, write nothing")

    def handle(self, *args: object, **options: object) -> None:
        try:
            quarters = [Quarter.parse(str(options["quarter"]))] if options["quarter"] else open_reporting_quarters()
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["check"]:
            self._check(quarters)
        else:
            self._fill(quarters, everything=not options["quarter"])

    def _check(self, quarters: list[Quarter]) -> None:
        drift = [row for quarter in quarters for row in check(quarter)]
        for row in drift:
            self.stdout.write(str(row))
        if drift:
            raise CommandError(_("有 %d 处数据与记录不一致。请运行 fill_indicators 重算。") % len(drift))
        self.stdout.write(_("数据与记录一致：%s。") % ("、".join(map(str, quarters)) or "-"))

    def _fill(self, quarters: list[Quarter], *, everything: bool) -> None:
        if everything:
            catch_up()
        for quarter in quarters:
            try:
                changed = fill(quarter)
            except Refused as error:
                raise CommandError(str(error)) from error
            self.stdout.write(
                _("%(quarter)s：已重算，更新 %(count)d 个数据。") % {"quarter": quarter.label, "count": changed}
            )
        for quarter in stale_medians():
            store_medians(quarter)

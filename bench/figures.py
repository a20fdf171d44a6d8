"""What the background costs: duties with nothing new, counting a quarter, judging the rules, comparing it with the records.

    .venv/bin/python -m bench.figures

Writes nothing but figures equal to what the records say.
"""

import sys

from bench import harness
from bench.harness import Figures


def main() -> int:
    harness.begin()
    options = harness.options("Duties, counting, judging, comparing.")
    from reform_portal.celery import freeze_what_is_loaded

    freeze_what_is_loaded()
    from foundation.calendar.periods import Quarter
    from foundation.facts.declaring import all_sources, source_by_code
    from indicators.compliance.source import COMPLIANCE
    from indicators.drift import check
    from indicators.fill import count_source, count_sources, fill, in_batches
    from records.duties.actions import generate_duties

    past = Quarter.current().previous()
    table = Figures("Background", "s", tiny=options.tiny)
    generate_duties(past)
    table.timed("hourly duties of a quarter, nothing new", lambda: generate_duties(past), limit=2)
    rules = source_by_code(COMPLIANCE)
    others = [source for source in all_sources() if source is not rules]

    def count_without_rules() -> None:
        for several in in_batches(others):
            count_sources(past, several)

    table.timed(f"counting {past}, without the rules", count_without_rules, limit=30)
    table.timed(f"counting {past} whole", lambda: fill(past))
    table.timed(
        f"judging every rule for {past}, in what stands above as well", lambda: count_source(past, rules), limit=60
    )
    drift = table.timed(f"comparing {past} with the records", lambda: check(past), limit=40)
    table.memory("this process", harness.peak_memory())
    if drift:
        sys.exit(f"figures drifted: {drift[0]}")
    return table.exit_code


if __name__ == "__main__":
    sys.exit(main())

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
    from foundation.calendar.periods import Quarter
    from foundation.facts.declaring import source_by_code
    from indicators.compliance.source import COMPLIANCE
    from indicators.drift import check
    from indicators.fill import count_source, fill
    from records.duties.actions import generate_duties

    past = Quarter.current().previous()
    table = Figures("Background", "s", tiny=options.tiny)
    generate_duties(past)
    table.timed("hourly duties of a quarter, nothing new", lambda: generate_duties(past), limit=2)
    table.timed(f"counting {past} whole", lambda: fill(past), limit=60)
    rules = source_by_code(COMPLIANCE)
    table.timed(
        f"judging every rule for {past}, in what stands above as well", lambda: count_source(past, rules), limit=60
    )
    drift = table.timed(f"comparing {past} with the records", lambda: check(past), limit=60)
    table.memory("this process", harness.peak_memory())
    if drift:
        sys.exit(f"figures drifted: {drift[0]}")
    return table.exit_code


if __name__ == "__main__":
    sys.exit(main())

"""What the background costs: duties with nothing new, counting a quarter, comparing it with the records.

    .venv/bin/python -m bench.figures

Writes nothing but figures equal to what the records say.
"""

import sys

from bench import harness
from bench.harness import Figures


def main() -> int:
    harness.begin()
    options = harness.options("Duties, counting, comparing.")
    from foundation.calendar.periods import Quarter
    from indicators.drift import check
    from indicators.fill import fill
    from records.duties.actions import generate_duties

    past = Quarter.current().previous()
    table = Figures("Background", "s", tiny=options.tiny)
    generate_duties(past)
    table.timed("hourly duties of a quarter, nothing new", lambda: generate_duties(past), limit=2)
    table.timed(f"counting {past} whole", lambda: fill(past), limit=60)
    drift = table.timed(f"comparing {past} with the records", lambda: check(past), limit=60)
    table.memory("this process", harness.peak_memory())
    if drift:
        sys.exit(f"figures drifted: {drift[0]}")
    return table.exit_code


if __name__ == "__main__":
    sys.exit(main())

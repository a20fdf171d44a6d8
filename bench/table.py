"""What a cross table costs: of a whole province by county and quarter, and by what enterprises are.

    .venv/bin/python -m bench.table [--quarters 8]

Each table is built as its page builds it, with the addresses of its cells. Reads only. The limit holds for the table by county.
"""

import sys

from bench import harness
from bench.harness import Figures


def main() -> int:
    harness.begin()
    options = harness.options("Cross tables of the province.", quarters=(8, 2))
    from django.db import connection
    from django.http import QueryDict
    from django.test.utils import CaptureQueriesContext

    from foundation.facts.declaring import Nature, declared_facts, key_facts
    from foundation.places.models import Level, Place
    from records.core.periods import working_quarter
    from reporting.crosstable.asking import TableForm
    from reporting.crosstable.content import Table, build_table
    from reporting.crosstable.links import with_links

    province = Place.objects.get(level=Level.PROVINCE)
    until = working_quarter()
    codes = [fact.code for fact in [*key_facts(), *declared_facts().values()] if fact.nature is not Nature.STOCK]
    codes = list(dict.fromkeys(codes))[:5]

    def built(**asked: object) -> Table:
        query = QueryDict(mutable=True)
        for name, value in {"quarter": until.code, **asked}.items():
            query.setlist(name, value if isinstance(value, list) else [str(value)])
        form = TableForm(query, region=province)
        if not form.is_valid():
            sys.exit(f"{query.urlencode()}: {form.errors.as_json(escape_html=False)}")
        return with_links(build_table(form.spec()))

    offered = [code for code, _label in TableForm(QueryDict(), region=province).fields["since"].choices if code]
    since = max(min(offered), until.shift(1 - options.quarters).code)
    by_county = {"rows": "county", "columns": "quarter", "value": codes, "since": since}
    by_owner = {**by_county, "rows": "ownership"}
    table = Figures("Cross tables", "s", tiny=options.tiny)
    for name, asked, limit in (("by county and quarter", by_county, 0.4), ("by ownership and quarter", by_owner, None)):
        shown = built(**asked)
        size = f"{len(shown.lines)} × {len(shown.columns)} cells"
        with CaptureQueriesContext(connection) as captured:
            built(**asked)
        table.timed(f"{name}, {size}, {len(captured)} queries", lambda asked=asked: built(**asked), limit=limit)
    table.memory("this process", harness.peak_memory())
    return table.exit_code


if __name__ == "__main__":
    sys.exit(main())

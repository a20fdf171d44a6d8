"""No circle of imports inside the records: each file can be read with those below it alone."""

from collections.abc import Iterator

import grimp


def _circles(graph: grimp.ImportGraph) -> Iterator[set[str]]:
    """The strongly connected parts of more than one module: for each, who it reaches that reaches it back."""
    seen: set[str] = set()
    for module in sorted(graph.modules):
        if module not in seen and (both := graph.find_upstream_modules(module) & graph.find_downstream_modules(module)):
            seen |= both
            yield both | {module}


def test_no_modules_of_the_records_import_each_other_in_a_circle():
    assert [sorted(circle) for circle in _circles(grimp.build_graph("records"))] == []

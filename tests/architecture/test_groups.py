"""Tests marked as a group run in one worker: they share what is costly to set up, or one port."""

import pytest


@pytest.mark.xdist_group("held-together")
def test_a_group_is_held_together(request: pytest.FixtureRequest) -> None:
    """pytest-xdist sorts by the group at the end of the node id; a pytest that keeps node ids elsewhere undoes that
    without a word."""
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("not sorted by group: run in one process, or by another rule")
    assert request.node.nodeid.endswith("@held-together")

"""What tests draw by chance depends on their own name and on nothing else: neither the order nor the run changes it.

Loaded with ``-p tests.chance``. A fixture that several tests share draws by its own name, whichever test comes first.
"""

import random
from collections.abc import Iterator
from typing import Any

import factory.random
import hypothesis
import pytest

# Examples follow from the test itself, and a busy machine is no finding.
hypothesis.settings.register_profile(
    "portal", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("portal")


def _seed(name: str) -> None:
    # pytest-xdist appends the group of a test, only where there are several workers.
    name = name.split("@", 1)[0]
    random.seed(name)
    # Sample rows draw from factory-boy; it seeds Faker as well.
    factory.random.reseed_random(name)


def _first_numbers() -> None:
    """Sample enterprises are numbered from the first one on in every test."""
    from enterprises.factories import EnterpriseFactory  # noqa: PLC0415 -- models are ready only now

    EnterpriseFactory.reset_sequence(0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    _first_numbers()
    _seed(item.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    # Again: how much the set-up drew depends on which shared fixtures were there already.
    _seed(item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Iterator[Any]:
    if fixturedef.scope == "function":
        return (yield)
    before = random.getstate(), factory.random.get_random_state()
    _seed(f"{fixturedef.baseid}::{fixturedef.argname}[{getattr(request, 'param_index', 0)}]")
    try:
        return (yield)
    finally:
        random.setstate(before[0])
        factory.random.set_random_state(before[1])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The order of this run, also where the report has no head (``-q``)."""
    seed = config.getoption("randomly_seed", None)
    if seed is not None:
        terminalreporter.write_line(f"order of the tests: --randomly-seed={seed}")

"""The production files: every process is a service, and no secret stands in them."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SECRETS = ("PORTAL_SECRET_KEY", "PORTAL_CRYPTO_KEYS", "POSTGRES_PASSWORD", "PORTAL_ADMIN_PASSWORD")


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load(COMPOSE.read_text())


def test_every_process_is_a_service(compose: dict) -> None:
    expected = {"setup", "web", "worker", "figures", "reports", "beat", "postgres", "redis", "proxy"}
    assert set(compose["services"]) == expected


@pytest.mark.parametrize("name", ["web", "worker", "figures", "reports", "beat"])
def test_processes_start_after_the_setup(compose: dict, name: str) -> None:
    assert compose["services"][name]["depends_on"]["setup"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", ["web", "worker", "figures", "reports", "postgres", "redis"])
def test_services_tell_their_health(compose: dict, name: str) -> None:
    assert compose["services"][name]["healthcheck"]["test"]


def test_only_the_proxy_is_reachable_from_outside(compose: dict) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_volumes_and_dependencies_exist(compose: dict) -> None:
    for name, service in compose["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (ROOT / source).exists(), f"{name}: {source}"
        assert set(service.get("depends_on", {})) <= set(compose["services"]), name


def test_a_missing_secret_stops_the_start(compose: dict) -> None:
    text = COMPOSE.read_text()
    for name in ("PORTAL_SECRET_KEY", "PORTAL_CRYPTO_KEYS", "POSTGRES_PASSWORD"):
        uses = re.findall(r"\$\{" + name + r"([^}]*)\}", text)
        assert uses, name
        assert all(use.startswith(":?") for use in uses), f"{name} must be required at every use"


def test_no_secret_has_a_value(compose: dict) -> None:
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            if variable in SECRETS:
                assert re.fullmatch(r"\$\{" + variable + r"(:\?[^}]*|:-)\}", value), f"{name}: {variable}"
    for line in (ROOT / "deploy" / "env.example").read_text().splitlines():
        variable, separator, value = line.partition("=")
        if separator and variable in SECRETS:
            assert value == "", f"{variable} must be empty in the example"


def test_the_image_runs_as_a_user_and_checks_hashes() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER portal" in lines
    assert any("--require-hashes" in line for line in lines)


def test_what_must_stay_out_of_the_image_is_ignored() -> None:
    assert {".git", ".venv", ".env", "var"} <= set((ROOT / ".dockerignore").read_text().split())


def test_the_database_gets_memory_and_each_setting_may_be_changed(compose: dict) -> None:
    """The image's defaults are for a machine of 1995."""
    command = compose["services"]["postgres"]["command"]
    settings = {word.split("=")[0]: word.split("=", 1)[1] for word in command if "=" in word}
    assert set(settings) >= {"shared_buffers", "work_mem", "effective_cache_size", "max_wal_size", "random_page_cost"}
    example = (ROOT / "deploy" / "env.example").read_text()
    for name, value in settings.items():
        found = re.fullmatch(r"\$\{(POSTGRES_\w+):-([\w.]+)\}", value)
        assert found and f"{found[1]}={found[2]}" in example, name

"""Messages as files: who waits for one finds it whole or not at all."""

import queue
from pathlib import Path

import pytest
from celery import Celery
from kombu import Connection
from kombu.exceptions import ChannelError

from reform_portal.broker import Transport

ASKED = {"body": "做完了吗", "properties": {"delivery_tag": "1"}}


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    found = {name: str(tmp_path / name) for name in ("data_folder_in", "control_folder")}
    for folder in found.values():
        Path(folder).mkdir()
    return {**found, "data_folder_out": found["data_folder_in"]}


@pytest.fixture
def channel(folders: dict[str, str]):
    with Connection("filesystem://localhost", transport=Transport, transport_options=folders) as connection:
        yield connection.channel()


def test_a_message_is_seen_only_once_it_is_written(channel, folders, monkeypatch) -> None:
    """Between two steps of the writer another process looks: it finds nothing, takes nothing away and goes on waiting."""
    seen = []
    replace = Path.replace

    def looked_at(source: Path, target: Path) -> Path:
        with pytest.raises(queue.Empty):
            channel._get("default")
        seen.append(channel._size("default"))
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", looked_at)
    channel._put("default", ASKED)
    assert seen == [0] and channel._size("default") == 1
    assert channel._get("default") == ASKED
    assert not list(Path(folders["data_folder_in"]).iterdir())


def test_a_message_that_cannot_be_left_is_refused(channel, folders) -> None:
    Path(folders["data_folder_in"]).rmdir()
    with pytest.raises(ChannelError, match="cannot leave a message"):
        channel._put("default", ASKED)


def test_the_portal_without_redis_uses_it(settings) -> None:
    """As the workers read it: the address says files, the transport which."""
    app = Celery("any")
    app.conf.update(broker_url="filesystem://localhost", broker_transport="reform_portal.broker:Transport")
    assert app.connection().transport_cls is Transport or isinstance(app.connection().transport, Transport)
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        assert settings.CELERY_BROKER_TRANSPORT == "reform_portal.broker:Transport"

"""Messages between the portal's own processes as files, where no Redis is set up."""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Kombu's, but for one thing: there a message is seen by whoever waits for it before it is written, and on a busy
    machine a worker that took an empty file ended and the message was lost. Here it appears whole."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        """Raises ChannelError where nothing can be written."""
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}"
        folder = Path(self.data_folder_out)
        unseen = folder / f"{name}.part"
        try:
            unseen.write_text(dumps(payload), encoding="utf-8")
            unseen.replace(folder / f"{name}.{queue}.msg")
        except OSError as failed:
            unseen.unlink(missing_ok=True)
            raise ChannelError(f"cannot leave a message in {folder}") from failed


class Transport(filesystem.Transport):
    Channel = Channel

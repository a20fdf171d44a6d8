"""Object storage that speaks S3, chosen by ``PORTAL_STORAGE_URL``; without it files lie under ``$PORTAL_VAR/media``.

Objects are private and have no address: the portal gives them out itself, after asking who may see them.
"""

import contextlib
import logging
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.utils.translation import gettext as _
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from foundation.files.keeping import StorageUnavailable

logger = logging.getLogger(__name__)

#: A file that is opened is read into memory up to this size, and beyond it into a temporary file.
MAX_IN_MEMORY = 2 * 1024 * 1024


class ObjectStorage(S3Storage):
    """Names of files are keys of the bucket, so a folder of files can be copied in with any S3 program and back out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config = Config(
            s3={"addressing_style": self.addressing_style},
            signature_version="s3v4",
            connect_timeout=5,
            read_timeout=30,
            retries={"max_attempts": 3, "mode": "standard"},
            # Stores that are not Amazon's own do not all know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self.transfer_config = TransferConfig(use_threads=False)

    def url(self, *args: Any, **kwargs: Any) -> str:
        raise NotImplementedError("kept files have no address of their own: the portal gives them out")

    def stream(self, name: str) -> tuple[IO[bytes], int]:
        """(what the store sends, its length), to be passed on as it comes. Raises ``FileNotFoundError``."""
        with _reaching(name):
            answer = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=self._key(name))
            return answer["Body"], answer["ContentLength"]

    def stream_part(self, name: str, first: int, last: int) -> IO[bytes]:
        """The bytes from ``first`` to ``last``, both included. Raises ``FileNotFoundError``."""
        with _reaching(name):
            answer = self.connection.meta.client.get_object(
                Bucket=self.bucket_name, Key=self._key(name), Range=f"bytes={first}-{last}"
            )
            body: IO[bytes] = answer["Body"]
            return body

    def _key(self, name: str) -> str:
        key: str = self._normalize_name(clean_name(name))
        return key

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        if mode != "rb":
            raise ValueError("kept files are read as bytes, and written as a whole")
        content = tempfile.SpooledTemporaryFile(max_size=MAX_IN_MEMORY)
        try:
            with _reaching(name):
                self.bucket.Object(self._key(name)).download_fileobj(content, Config=self.transfer_config)
        except BaseException:
            content.close()
            raise
        content.seek(0)
        return File(content, name)

    def _save(self, name: str, content: Any) -> str:
        with _reaching(name):
            saved: str = super()._save(name, content)
            return saved

    def delete(self, name: str) -> None:
        with _reaching(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _reaching(name):
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _reaching(name):
            length: int = super().size(name)
            return length

    def get_modified_time(self, name: str) -> Any:
        with _reaching(name):
            return super().get_modified_time(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _reaching(path):
            folders, files = super().listdir(path)
            return folders, files


@contextlib.contextmanager
def _reaching(name: str) -> Iterator[None]:
    """A missing object is ``FileNotFoundError``; whatever else the store or the way to it raises, ``StorageUnavailable``."""
    try:
        yield
    except ClientError as error:
        answer = error.response
        missing = answer.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404
        if missing and answer.get("Error", {}).get("Code") != "NoSuchBucket":
            raise FileNotFoundError(name) from error
        raise _unavailable(name) from error
    except (BotoCoreError, Boto3Error) as error:
        raise _unavailable(name) from error


def _unavailable(name: str) -> StorageUnavailable:
    logger.exception("the store of files could not be used for %s", name)
    return StorageUnavailable(
        _("文件存储暂时无法使用，文件没有读取或保存。"), cure=_("请稍后再试；仍不行，请联系系统管理员。")
    )

"""The hash of passwords the portal makes up itself."""

import hashlib
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher, get_hasher
from django.utils.crypto import constant_time_compare

from foundation.labels import Label


class OneTimePasswordHasher(BasePasswordHasher):
    """A salted SHA-256, for random passwords only.

    A slow hash makes guessing what people choose expensive. A random password of 14 characters out of 59 has 82 bits:
    nobody guesses it however fast the hash is, and five hundred of them are made within one request. At the first sign-in
    Django replaces the hash by one of the slow kind by itself, and the password must be changed right after.
    """

    algorithm = "one_time"

    def encode(self, password: str, salt: str) -> str:
        self._check_encode_args(password, salt)  # type: ignore[attr-defined]  # missing in the stubs
        return f"{self.algorithm}${salt}${hashlib.sha256(f'{salt}{password}'.encode()).hexdigest()}"

    def decode(self, encoded: str) -> dict[str, str]:
        algorithm, salt, digest = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": digest}

    def verify(self, password: str, encoded: str) -> bool:
        # As slow as any other password: how long a refusal takes must not tell whose account is still unused.
        usual = get_hasher()
        usual.encode(password, usual.salt())
        return constant_time_compare(encoded, self.encode(password, self.decode(encoded)["salt"]))

    def safe_summary(self, encoded: str) -> dict[Label, Any]:
        return {"algorithm": self.algorithm}

    def must_update(self, encoded: str) -> bool:
        return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        """``verify`` already takes the usual time."""

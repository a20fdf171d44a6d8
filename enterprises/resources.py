"""The registers of this room."""

from enterprises.bases import resources as bases  # noqa: F401 -- registers on import
from enterprises.bodies import resources as bodies  # noqa: F401
from enterprises.fostering import resources as fostering  # noqa: F401
from enterprises.organisations import resources as organisations  # noqa: F401
from enterprises.pilots import resources as pilots  # noqa: F401
from enterprises.profiles import resources as profiles  # noqa: F401

"""Which static files are published, and how they are packed."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesConfig(StaticFilesConfig):
    """Leaves out what no page of the portal uses: the raw admin (development only), the browsable API, ReDoc."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "admin", "rest_framework", "import_export", "redoc"]


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names with hashes, kept once, packed with gzip only: Brotli took 50 of the 60 seconds of a first start."""

    keep_only_hashed_files = True

    def create_compressor(self, **kwargs: object) -> Compressor:
        return super().create_compressor(**kwargs, use_brotli=False)

"""Settings for both ways to run (``docs/architecture.md``): embedded (SQLite) and production (PostgreSQL, Redis).

Everything an installation may change comes from the environment, read once, here:

=========================  ==========================================================================
PORTAL_VAR                 folder for all run-time data (default ``var/`` beside manage.py)
PORTAL_SECRET_KEY          signing key; without it one is made and kept in ``$PORTAL_VAR/secret-key``
PORTAL_OLD_SECRET_KEYS     comma-separated earlier keys: signatures and second factors made with them still hold
PORTAL_CRYPTO_KEYS         keys of encrypted values, ``number:key`` separated by commas, the highest number encrypts;
                           without it one is made and kept in ``$PORTAL_VAR/crypto-keys``
PORTAL_DATABASE_URL        ``postgres://…``; without it SQLite under ``$PORTAL_VAR``
PORTAL_REDIS_URL           ``redis://…`` for broker, cache and locks; without it files and a database cache
PORTAL_ALLOWED_HOSTS       comma-separated host names (default: this machine only)
PORTAL_TRUSTED_ORIGINS     comma-separated origins for CSRF, with scheme
PORTAL_HTTPS               ``1`` when served behind TLS: secure cookies, HSTS
PORTAL_TRUST_PROXY         ``1`` when a proxy sets X-Forwarded-Proto and X-Forwarded-For
PORTAL_DEBUG               ``1`` for development only
PORTAL_EXPORT_AT_ONCE      rows up to which a list is exported within the request; longer ones by a job (default 2000)
PORTAL_STORAGE_URL         object storage that speaks S3, ``https://key:secret@host/bucket/folder?region=…&style=virtual``;
                           without it files lie in ``$PORTAL_VAR/media``
PORTAL_IDLE_MINUTES        minutes without a request after which a session ends (default 30)
PORTAL_MAIL_URL            ``smtp://user:password@host:587?tls=1`` or ``smtps://…``; without it no e-mail is sent
PORTAL_MAIL_FROM           sender of e-mails: an address, or ``name <address>``
PORTAL_SITE_URL            where people reach the portal (``https://host``); without it e-mails carry no links
PORTAL_LOW_DISK_MB         free space below which administrators are warned (default 2048)
PORTAL_WORKING_HOURS       when people may be told things (default ``09:00-17:30``, a proposal)
PORTAL_REPORT_COVERAGE     per cent of enterprises below which issuing a report is asked about (default 80, a proposal)
=========================  ==========================================================================
"""

import datetime
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from foundation.crypto.keyring import keyring_from_file, parse_keyring
from foundation.files.address import storage_options

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "") in {"1", "true", "yes"}


def _listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


VAR_DIR = Path(os.environ.get("PORTAL_VAR") or BASE_DIR / "var").resolve()
# Every process of the portal reads this file first: what it writes is its own user's alone.
os.umask(0o077)


def _secret_key() -> str:
    """The key from the environment, or one made at first start and kept readable by the owner only."""
    if key := os.environ.get("PORTAL_SECRET_KEY"):
        return key
    path = VAR_DIR / "secret-key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


DEBUG = _flag("PORTAL_DEBUG")
SECRET_KEY = _secret_key()
SECRET_KEY_FROM_FILE = not os.environ.get("PORTAL_SECRET_KEY")
SECRET_KEY_FALLBACKS = _listed("PORTAL_OLD_SECRET_KEYS")
_CRYPTO_KEYS = os.environ.get("PORTAL_CRYPTO_KEYS", "")
CRYPTO_KEYS_FROM_FILE = not _CRYPTO_KEYS
CRYPTO_KEYS = (
    parse_keyring(_CRYPTO_KEYS, "PORTAL_CRYPTO_KEYS") if _CRYPTO_KEYS else keyring_from_file(VAR_DIR / "crypto-keys")
)
ALLOWED_HOSTS = _listed("PORTAL_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _listed("PORTAL_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "reform_portal.staticfiles.PortalStaticFilesConfig",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "template_partials",
    "django_tables2",
    "django_filters",
    "import_export",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "foundation.ui",
    "foundation.textsearch",
    "foundation.calendar",
    "foundation.places",
    "foundation.facts",
    "foundation.accounts",
    "foundation.audit",
    "foundation.access",
    "foundation.jobs",
    "foundation.stored_files",
    "foundation.notify",
    "foundation.exchange",
    "foundation.saved_views",
    "foundation.search",
    "foundation.crud",
    "foundation.handbook",
    "enterprises",
    "workers",
    "policies",
    "notices",
    "records",
    "indicators",
    "skills",
    "ideology",
    "competitions",
    "rights",
    "services",
    "reporting",
    "backoffice",
    "api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "foundation.accounts.middleware.PatientSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "foundation.ui.middleware.HtmxLoginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "foundation.accounts.middleware.PrivateAnswersMiddleware",
    "foundation.accounts.middleware.IdleLogoutMiddleware",
    "foundation.accounts.middleware.ReturningLoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "foundation.ui.middleware.LeadBackMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "foundation.ui.middleware.StorableTextMiddleware",
    "foundation.ui.middleware.RememberTabMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foundation.access.middleware.WorkingPlaceMiddleware",
    "foundation.accounts.obligations.ObligationsMiddleware",
    "foundation.audit.middleware.RequestContextMiddleware",
    "foundation.ui.middleware.FaultMiddleware",
    "foundation.ui.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "reform_portal.urls"
WSGI_APPLICATION = "reform_portal.wsgi.application"
FORM_RENDERER = "foundation.ui.forms.PortalFormRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "foundation.ui.context_processors.navigation",
                "foundation.handbook.context_processors.help_here",
                "foundation.notify.context_processors.unread",
                "foundation.jobs.context_processors.warnings",
            ],
            "builtins": ["foundation.ui.templatetags.ui"],
        },
    },
]

# --- data ---------------------------------------------------------------------------------------

_SQLITE_OPTIONS = {
    # IMMEDIATE: a writer waits for the lock at BEGIN; DEFERRED fails when two readers upgrade at once.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;",
}


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / name,
        "OPTIONS": dict(_SQLITE_OPTIONS),
        # Tests use a file too: the in-memory database knows neither WAL nor two connections.
        "TEST": {"NAME": str(VAR_DIR / f"test-{name}")},
    }


DATABASE_URL = os.environ.get("PORTAL_DATABASE_URL", "")
REDIS_URL = os.environ.get("PORTAL_REDIS_URL", "")

DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)
    if DATABASE_URL
    else _sqlite("portal.sqlite3")
}
if not REDIS_URL:
    # Progress, heartbeats and cache change many times a second; in a file of their own they never
    # make a clerk's save wait.
    DATABASES["ephemeral"] = _sqlite("ephemeral.sqlite3")
    # The router lets no model in: tests need no migrations there, which would be run for nothing.
    DATABASES["ephemeral"]["TEST"]["MIGRATE"] = False
DATABASE_ROUTERS = ["foundation.jobs.routers.EphemeralRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}
}

MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("handbook", BASE_DIR / "docs" / "handbook" / "images")]
_STORAGE_URL = os.environ.get("PORTAL_STORAGE_URL", "")
STORAGES = {
    "default": {"BACKEND": "foundation.files.storage.ObjectStorage", "OPTIONS": storage_options(_STORAGE_URL)}
    if _STORAGE_URL
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "reform_portal.staticfiles.PortalStaticFilesStorage"},
}
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024
ATTACHMENTS_PER_RECORD = 20
ATTACHMENTS_TOTAL_BYTES = 100 * 1024 * 1024
#: A video where a record may have one; what all files of such a record may take together grows by it.
VIDEO_MAX_BYTES = int(os.environ.get("PORTAL_VIDEO_MAX_MB", "100")) * 1024 * 1024
EXPORT_AT_ONCE = int(os.environ.get("PORTAL_EXPORT_AT_ONCE", "2000"))
EXPORT_MOST = 300_000
LOW_DISK_BYTES = int(os.environ.get("PORTAL_LOW_DISK_MB", "2048")) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- people and security ------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "foundation.accounts.hashers.OneTimePasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "foundation.accounts.validators.SimilarityValidator"},
    {"NAME": "foundation.accounts.validators.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "foundation.accounts.validators.CommonValidator"},
    {"NAME": "foundation.accounts.validators.CharacterClassesValidator"},
    {"NAME": "foundation.accounts.validators.ReuseValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_FORMS = {"change_password": "foundation.access.passwords.ChangePasswordForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "foundation.accounts.adapter.PortalAccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Wrong passwords are counted by foundation.accounts.lockout; "login_failed" is left for codes of the second factor. A whole office
# signs in from one address at nine.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key", "login": "300/m/ip"}
MFA_ADAPTER = "foundation.accounts.second_factor.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Phones' clocks differ: the code before and after counts, too.
MFA_TOTP_TOLERANCE = 1
# Without TLS browsers know security keys on this machine only (localhost).
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _flag("PORTAL_HTTPS")
USERSESSIONS_ADAPTER = "foundation.access.signin.PortalSessionsAdapter"
SESSION_IDLE_SECONDS = int(os.environ.get("PORTAL_IDLE_MINUTES", "30")) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _flag("PORTAL_HTTPS"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 30 * 24 * 3600
if _flag("PORTAL_TRUST_PROXY"):
    # The lock-out and the audit log go by the caller's address, not the proxy's.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # ECharts positions its tooltips with style attributes.
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [SELF],
        "object-src": [NONE],
    }
}

# --- language and formats -----------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
#: What a filter says while it filters nothing.
FILTERS_EMPTY_CHOICE_LABEL = _("不限")
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["reform_portal.formats"]
USE_THOUSAND_SEPARATOR = False

# --- reports -------------------------------------------------------------------------------------

#: 待核定: no document names a share of enterprises that must have reported.
REPORT_LEAST_COVERAGE = int(os.environ.get("PORTAL_REPORT_COVERAGE", "80"))

# --- e-mail --------------------------------------------------------------------------------------


def _working_hours() -> tuple[datetime.time, datetime.time]:
    start, end = os.environ.get("PORTAL_WORKING_HOURS", "09:00-17:30").split("-")
    return datetime.time.fromisoformat(start.strip()), datetime.time.fromisoformat(end.strip())


_MAIL = urlsplit(os.environ.get("PORTAL_MAIL_URL", ""))
MAIL_IS_SET = bool(_MAIL.hostname)
EMAIL_HOST = _MAIL.hostname or ""
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = not EMAIL_USE_SSL and "tls=1" in _MAIL.query
EMAIL_PORT = _MAIL.port or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("PORTAL_MAIL_FROM", "") or "portal@localhost"
SITE_URL = os.environ.get("PORTAL_SITE_URL", "").rstrip("/")
WORKING_HOURS = _working_hours()

# --- long work ----------------------------------------------------------------------------------

CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object]
_BROKER_DIR = VAR_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # Longer than any task may run, or Redis delivers a running task a second time.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
else:
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "reform_portal.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER_DIR / "queue"),
        "data_folder_out": str(_BROKER_DIR / "queue"),
        "control_folder": str(_BROKER_DIR / "control"),
        "store_processed": False,
        # How soon a waiting worker sees a message; the default of one second is a fifth of what an approval may take.
        "polling_interval": 0.25,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_SOFT_TIME_LIMIT = 1700
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# Figures have a queue of their own: where it has a worker of its own, an approval does not wait behind an import.
CELERY_TASK_ROUTES = {"indicators.tasks.catch_up": {"queue": "figures"}}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "forget-messages": {"task": "foundation.notify.tasks.forget_old", "schedule": crontab(hour=3, minute=30)},
    "send-mail": {"task": "foundation.notify.tasks.send_mail", "schedule": 60.0},
    "forget-job-files": {"task": "foundation.jobs.tasks.forget_files", "schedule": crontab(hour=3, minute=5)},
    "sweep-jobs": {"task": "foundation.jobs.tasks.sweep", "schedule": 30.0},
    "catch-up-facts": {"task": "indicators.tasks.catch_up", "schedule": 60.0},
    "keep-calendar": {"task": "backoffice.tasks.keep_calendar", "schedule": 3600.0},
    "remind-of-notices": {"task": "notices.tasks.remind", "schedule": 1800.0},
    "send-unsent-notices": {"task": "notices.tasks.send_unsent", "schedule": 120.0},
    "end-stopped-batches": {"task": "records.tasks.end_stopped_batches", "schedule": 120.0},
    "sweep-files": {"task": "foundation.stored_files.tasks.sweep", "schedule": crontab(hour=3, minute=20)},
    "forget-imports": {"task": "foundation.exchange.tasks.forget_imports", "schedule": crontab(hour=3, minute=5)},
    "forget-selections": {"task": "records.tasks.forget_selections", "schedule": crontab(hour=3, minute=10)},
    "compare-figures": {"task": "indicators.tasks.nightly_rebuild", "schedule": crontab(hour=2, minute=30)},
    "find-findings": {"task": "reporting.tasks.find_findings", "schedule": crontab(hour=4, minute=0)},
}

# --- packages -----------------------------------------------------------------------------------

IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
DJANGO_TABLES2_TEMPLATE = "ui/table.html"
# HSTS for all subdomains and the browsers' preload list bind a whole domain, which is not the portal's to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.PortalTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "api.pagination.PortalCursorPagination",
    "PAGE_SIZE": 25,
    "EXCEPTION_HANDLER": "api.problems.exception_handler",
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "产业工人队伍建设改革工作平台 API",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # The fields of a kind are published as JSON Schema, which only 3.1 speaks whole.
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Several rooms have a field "status"; each set of values gets a name of its own.
    "ENUM_NAME_OVERRIDES": {
        "RecordStatusEnum": "records.core.models.record.Status",
        "JobStatusEnum": "foundation.jobs.models.Status",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"fontTools": {"level": "WARNING"}, "weasyprint": {"level": "ERROR"}},
}

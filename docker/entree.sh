#!/bin/sh
# Entry point of the hub's image: hands over the secret that is only read from a writable file, then becomes the process.
set -eu

# Airflow opens the file of its accounts for writing: it gets a private copy, in memory.
if [ -r /run/secrets/comptes_airflow ]; then
    (umask 077 && cat /run/secrets/comptes_airflow > "$AIRFLOW_HOME/comptes.json")
    export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE="$AIRFLOW_HOME/comptes.json"
fi

exec "$@"

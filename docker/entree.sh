#!/bin/sh
# Entry point of the hub's image: hands the secrets that are only read from the environment or from a writable file to the process, then becomes it.
set -eu

for fichier in /run/secrets/jeton_*; do
    [ -r "$fichier" ] || continue
    export "INTERCENTRE_JETON_${fichier##*/jeton_}=$(cat "$fichier")"
done

# Airflow opens the file of its accounts for writing: it gets a private copy, in memory.
if [ -r /run/secrets/comptes_airflow ]; then
    (umask 077 && cat /run/secrets/comptes_airflow > "$AIRFLOW_HOME/comptes.json")
    export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE="$AIRFLOW_HOME/comptes.json"
fi

exec "$@"

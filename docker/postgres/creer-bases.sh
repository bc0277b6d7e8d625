#!/bin/sh
# Run once by PostgreSQL, on an empty volume: two databases, each with its own role, neither readable by the other.
set -eu

for base in airflow intercentre; do
    psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 -v base="$base" -v fichier="/run/secrets/mot_de_passe_$base" \
        --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set mot_de_passe `cat :'fichier'`
CREATE ROLE :"base" LOGIN PASSWORD :'mot_de_passe';
CREATE DATABASE :"base" OWNER :"base";
REVOKE ALL ON DATABASE :"base" FROM PUBLIC;
SQL
done

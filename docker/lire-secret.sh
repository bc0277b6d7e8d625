#!/bin/sh
# lire-secret.sh NAME: the secret, without the line end that an editor leaves (Airflow takes the output of a command as it is).
set -eu
printf '%s' "$(cat "/run/secrets/$1")"

#!/bin/sh
# Creates the secrets that docker-compose.yml reads, each in a file of ./secrets; a file that exists is never replaced.
# The folder is closed (0700); the files in it are readable (0444) because containers read them under their own user.
set -eu
umask 077
cd "$(dirname "$0")/.."
mkdir -p secrets
chmod 700 secrets
cd secrets

hasard() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# ecrire NAME VALUE: the file holds the value, written under another name first.
ecrire() {
    printf '%s\n' "$2" > ".$1.tmp"
    chmod 444 ".$1.tmp"
    mv ".$1.tmp" "$1"
    echo "secrets/$1 : créé"
}
creer() { if [ -s "$1" ]; then echo "secrets/$1 : conservé"; else ecrire "$1" "$2"; fi; }
lire() { cat "$1"; }

for nom in mot_de_passe_postgres mot_de_passe_airflow mot_de_passe_intercentre mot_de_passe_redis \
    mot_de_passe_admin mot_de_passe_portail; do
    creer "$nom" "$(hasard 24)"
done
creer cle_jwt_airflow "$(hasard 64)"
creer cle_api_airflow "$(hasard 32)"
creer cle_fernet_airflow "$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n')"

# To use servers of your own, write their addresses in these three files before the first start.
creer url_airflow "postgresql+psycopg2://airflow:$(lire mot_de_passe_airflow)@postgres:5432/airflow"
creer url_registre "postgresql+psycopg2://intercentre:$(lire mot_de_passe_intercentre)@postgres:5432/intercentre"
creer url_redis "redis://:$(lire mot_de_passe_redis)@redis:6379/0"
creer comptes_airflow "{\"admin\": \"$(lire mot_de_passe_admin)\", \"portail\": \"$(lire mot_de_passe_portail)\"}"

# What each centre's endpoint expects from the hub: replace it by the value agreed with the centre.
for centre in CAI CERAIC CIMB CRIBW CRIC CRILUX CRIPEL CRVI; do
    creer "jeton_$centre" "$(hasard 32)"
done
echo "Secrets prêts. Conservez une copie de ce dossier en lieu sûr : il n'est dans aucune sauvegarde."

"""`intercentre sauvegarder` and `restaurer`: the hub's home as one file, and back."""

from __future__ import annotations

import argparse
from pathlib import Path

from intercentre.commands import OK, REFUSED, UsageError, say, the_hub
from intercentre.parser import Verbs, verb


def backup_verbs(verbs: Verbs) -> None:
    """What the help says of the two verbs."""
    one = verb(
        verbs,
        "sauvegarder",
        save,
        "garder le dossier du hub (INTERCENTRE_HOME) et son registre dans un seul fichier, relu et vérifié",
        "Le fichier contient les clés du hub : chiffrez-le et gardez-le ailleurs.\n"
        "Exemple : intercentre sauvegarder sauvegardes/intercentre-2026-11-26.tar",
    )
    one.add_argument("fichier", type=Path, metavar="FICHIER", help="fichier à écrire ; il ne doit pas exister")
    one = verb(
        verbs,
        "restaurer",
        bring_back,
        "remettre en place un dossier de hub sauvegardé, chaque fichier vérifié",
        "Exemple : INTERCENTRE_HOME=/srv/intercentre intercentre restaurer sauvegardes/intercentre-2026-11-26.tar",
    )
    one.add_argument("fichier", type=Path, metavar="FICHIER", help="ce que « sauvegarder » a écrit")


def save(options: argparse.Namespace) -> int:
    from intercentre.core.french import french_count, french_number
    from intercentre.operation.backup import back_up

    saved = back_up(the_hub(), options.fichier)
    files = french_count(saved.fichiers, "fichier")
    say(f"✓ Sauvegarde relue et complète : {files}, {french_number(saved.octets)} octets, dans {options.fichier}.")
    say("Elle contient les clés du hub : chiffrez-la, et gardez-la ailleurs que sur cette machine.")
    return OK


def bring_back(options: argparse.Namespace) -> int:
    from intercentre.core.french import french_count
    from intercentre.core.registry.store import verify_journal
    from intercentre.operation.backup import restore

    if not options.fichier.is_file():
        raise UsageError(f"{options.fichier} : fichier introuvable.")
    hub = the_hub()
    saved = restore(options.fichier, hub.home.root)
    say(f"✓ {french_count(saved.fichiers, 'fichier remis', 'fichiers remis')} dans {hub.home.root}, chacun vérifié.")
    lines, broken = verify_journal(hub.registry)
    if broken is not None:
        say(f"✗ Le journal de cette sauvegarde est rompu à la ligne {broken}.")
        return REFUSED
    say(f"✓ Journal intact : {french_count(lines, 'ligne')}. Suite : intercentre demarrer")
    return OK

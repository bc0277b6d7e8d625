"""Published figures that the simulated lives lean on, each with its source. The rest comes from reference files."""

from __future__ import annotations

# CAI 2021 (CAIstiques, discri.be): 1,046 persons, of whom 985 from outside the EU.
PART_HORS_UE = 985 / 1046
# The same: the two first nationalities among the 985. The others follow the census of 2011 (arrived since 2000).
EFFECTIFS_CAI_2021 = {"SYR": 81, "MAR": 73}
EFFECTIF_HORS_UE_CAI_2021 = 985
# The same: 578 women and 447 men, 21 persons whose sex is unknown.
FEMMES_CAI_2021, HOMMES_CAI_2021, SEXE_INCONNU_CAI_2021, PERSONNES_CAI_2021 = 578, 447, 21, 1046
# SPW, 2024 (bx1/Belga 2025): 3,498 attestations, 1,132 of them to obliged persons. The chances in admission.py and
# journey.py were set so that the simulated share comes near it; a test keeps it there.
ATTESTES_OBLIGES_2024, ATTESTES_2024 = 1132, 3498
# Statbel, population by commune on 1 January 2015: the last year with nationality in the product's own file.
ANNEE_POIDS = 2015

"""Sheets that the hub puts beside the tables in the workbooks it gives: they come back with what a centre deposits."""

from __future__ import annotations

NOTICE_SHEET, CODES_SHEET, LISTS_SHEET = "Lisez-moi", "codes", "listes"  # of the template
FINDINGS_SHEET = "Constats"  # of the annotated copy; further ones bear a number behind it
PARTIAL_SHEET = "depot_partiel"  # the manifest of a partial deposit

"""Harmonisation: one meaning for the rows of eight centres.

Reads: staged rows of each centre's last accepted deposit up to the period, official statistics, nomenclatures.
Writes: the common tables of the period (Z1), whole or not at all, the same bytes for the same deposits, and what two
centres must settle together; corrections.
Refuses: a period without any accepted deposit; a table that would lose or gain rows on its way; a territory with a hole
or an overlap.
"""

from intercentre.harmonisation.current import is_harmonised, periods_behind
from intercentre.harmonisation.harmonise import HarmonisationError, harmonise

__all__ = ["HarmonisationError", "harmonise", "is_harmonised", "periods_behind"]

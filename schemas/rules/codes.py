"""Every finding that no single table or rule file declares."""

from schemas.findings import FindingCode
from schemas.rules.codes_of_deposits import COLLECTION, CONTAINER, PARTIAL
from schemas.rules.codes_of_fields import FIELD, TOLERANCE
from schemas.rules.codes_of_plausibility import PLAUSIBILITY

CODES: tuple[FindingCode, ...] = (*COLLECTION, *CONTAINER, *PARTIAL, *FIELD, *TOLERANCE, *PLAUSIBILITY)

"""Every finding that no single table or rule file declares."""

from schemas.findings import FindingCode
from schemas.rules.codes_of_deposits import COLLECTION, CONTAINER
from schemas.rules.codes_of_fields import FIELD, TOLERANCE

CODES: tuple[FindingCode, ...] = (*COLLECTION, *CONTAINER, *FIELD, *TOLERANCE)

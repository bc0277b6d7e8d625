"""Every finding that no single table or rule file declares."""

from schemas.findings import FindingCode
from schemas.rules.codes_of_arrival import COLLECTION, CONTAINER
from schemas.rules.codes_of_deposits import DEPOSIT, PARTIAL
from schemas.rules.codes_of_fields import FIELD, TOLERANCE
from schemas.rules.codes_of_plausibility import PLAUSIBILITY
from schemas.rules.codes_of_regions import REGION

CODES: tuple[FindingCode, ...] = (
    *COLLECTION,
    *CONTAINER,
    *DEPOSIT,
    *PARTIAL,
    *FIELD,
    *TOLERANCE,
    *PLAUSIBILITY,
    *REGION,
)

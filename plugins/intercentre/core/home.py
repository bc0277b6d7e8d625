"""Where things lie in the hub's home. Zones: Z0 raw bytes, Z1 rows, Z2 protected aggregates, then releases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from schemas.period import Period


@dataclass(frozen=True)
class Home:
    """Paths under INTERCENTRE_HOME; nothing is created by asking."""

    root: Path

    @property
    def keys(self) -> Path:
        return self.root / "cles"

    @property
    def arrivals(self) -> Path:
        """Drop folder: arrivees/<CENTRE>/<file> is taken in as that centre's deposit; arrivees/STATBEL too."""
        return self.root / "arrivees"

    def custody(self, sha256: str) -> Path:
        """Z0: the encrypted bytes of one deposit."""
        return self.root / "z0" / sha256[:2] / f"{sha256}.age"

    def validated(self, depot_id: str) -> Path:
        """Z1: typed rows of one deposit with `ligne` and `retenue`, constats.parquet and verdict.json."""
        return self.root / "z1" / "valides" / depot_id

    def staged(self, centre: str, periode: Period | str, depot_id: str) -> Path:
        """Z1: <table>.parquet of retained rows; quarantaine/<table>.parquet of the others."""
        return self.root / "z1" / "extraits" / centre / str(periode) / depot_id

    def common(self, periode: Period | str) -> Path:
        """Z1: harmonised tables of the eight centres for the release period (intercentre.core.tables)."""
        return self.root / "z1" / "commun" / str(periode)

    def observations(self, periode: Period | str) -> Path:
        """Z1: observations before protection, observations.parquet."""
        return self.root / "z1" / "observations" / str(periode)

    def protected(self, periode: Period | str) -> Path:
        """Z2: protected observations, observations.parquet."""
        return self.root / "z2" / "observations" / str(periode)

    def anomalies(self, periode: Period | str) -> Path:
        """Z2: what the protected figures show that centres may want to talk about, anomalies.parquet."""
        return self.root / "z2" / "anomalies" / str(periode)

    @property
    def releases(self) -> Path:
        return self.root / "publications"

    @property
    def analysis(self) -> Path:
        return self.root / "analyse"

    @property
    def work(self) -> Path:
        """Scratch space on the same file system, so that a rename is atomic."""
        return self.root / "travail"

"""The one exception of this room: what is read cannot go on being read; it always ends as a finding."""

from __future__ import annotations


class RefusalError(Exception):
    """Reading stops here, with the code of the finding that says why.

    fichier  the file of the package that is at fault; None: the package itself, or the file being read
    """

    def __init__(self, code: str, fichier: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.fichier = fichier

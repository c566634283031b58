"""The forces that a document tells of, in reading order: whose "they", "another 600" and plain "soldiers" are."""

from __future__ import annotations

from kb.extract.moves import Deployment
from kb.model import Actor

FAR = 2  # sentences after which a force is no longer taken up by "they" or "another 600"
NEXT = 1  # sentences after which plain "soldiers" are no longer those of the force before


class Contingents:
    """The last force told of: whose it is, its unit, and the sentence that told it."""

    def __init__(self) -> None:
        self._owner: Actor | None = None
        self._unit: str | None = None
        self._line = -FAR

    def taken_up(self, finding: Deployment, line: int) -> bool:
        """Whether a finding that leaves its force open has one before it to take up; others need none."""
        return not finding.again or (line - self._line <= FAR and (self._owner is not None or self._unit is not None))

    def meant(
        self, finding: Deployment, deployer: Actor | None, unit: str | None, line: int
    ) -> tuple[Actor | None, str | None]:
        """Whose force and which unit a finding tells of, after what was told before."""
        if finding.again:
            return deployer or self._owner, unit or self._unit
        if deployer is None and not finding.contributors and line - self._line <= NEXT:
            return self._owner, unit
        return deployer, unit

    def told(self, deployer: Actor | None, unit: str | None, line: int) -> None:
        """Keep a force in mind."""
        self._owner, self._unit, self._line = deployer, unit, line

"""Roles, the record of a token, and the caller of a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Role(StrEnum):
    """What a token is for; each role may do all that those before it may."""

    READER = "reader"
    """Asks with limits of its own."""
    REVIEWER = "reviewer"
    """Decides on claims, and adds documents."""
    ADMIN = "admin"
    """Writes graphs and runs updates where the server allows them; sees and ends the queries of others."""

    def covers(self, other: Role) -> bool:
        """Whether who has this role may do what ``other`` may."""
        roles = list(Role)
        return roles.index(self) >= roles.index(other)


class TokenRecord(BaseModel):
    """One token as it is kept: never the token itself. ``digest`` is its SHA-256 in hexadecimal."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}$")
    role: Role
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    created: datetime


@dataclass(frozen=True)
class Caller:
    """Who sent a request: the name and role of a token, or nobody that we know."""

    name: str | None = None
    role: Role | None = None

    @property
    def anonymous(self) -> bool:
        """Whether no token came with the request."""
        return self.role is None

    @property
    def kind(self) -> str:
        """The class of callers, by which limits are set: ``anonymous``, ``reader``, ``reviewer`` or ``admin``."""
        return "anonymous" if self.role is None else self.role.value

    def may(self, role: Role) -> bool:
        """Whether the caller may do what needs ``role``."""
        return self.role is not None and self.role.covers(role)


ANONYMOUS = Caller()
"""A caller without a token."""

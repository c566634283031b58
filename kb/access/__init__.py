"""Who may do more than read: access tokens with a role, kept as hashes in the store's folder."""

from kb.access.record import ANONYMOUS, Caller, Role, TokenRecord
from kb.access.tokens import Tokens

__all__ = ["ANONYMOUS", "Caller", "Role", "TokenRecord", "Tokens"]

"""What the endpoint refuses: updates (LOAD among them) and federated queries (SERVICE).

The engine would send requests to whatever address a ``SERVICE`` names, so a query that holds one never reaches it. A
tokenizer of our own could be tricked into taking the keyword for part of a string. So the engine's parser decides: with
the word ``SERVICE`` spoilt everywhere, a query still parses exactly when each of them stood in a string, a comment, an
IRI or a name. The spoilt text is run over an empty store, never over the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kb.errors import SparqlError

_WORD = re.compile("service", re.IGNORECASE)
_KEYWORD = re.compile(r"(?<![\w?$:])service(?=[\s<?$:\w])(\s+silent\b)?", re.IGNORECASE)
_PROLOGUE = re.compile(r"(?:\s+|#[^\r\n]*|prefix\s+[^\s:]*:\s*<[^>]*>|base\s+<[^>]*>)*", re.IGNORECASE)
_UPDATE = re.compile(r"(?:insert|delete|load|clear|drop|create|copy|move|add|with)\b", re.IGNORECASE)


class RefusedError(Exception):
    """A request that is understood and not allowed here; the message says what and why."""


def refuse_updates(text: str) -> None:
    """Raises RefusedError if the text is a SPARQL update."""
    prologue = _PROLOGUE.match(text)
    found = _UPDATE.match(text, prologue.end() if prologue else 0)
    if found:
        raise RefusedError(
            f"This endpoint answers queries only; {found.group().upper()} is a SPARQL update. "
            "The store is changed with the command kb, for example kb add FILES."
        )


def refuse_service(text: str, parse: Callable[[str], None]) -> None:
    """Raises RefusedError if the query uses SERVICE.

    ``parse`` parses a query without running it on the data and raises SparqlError if it is malformed; that error is
    passed on here, so that no text with a live SERVICE ever leaves this function.
    """
    if not _WORD.search(text):
        return
    try:
        parse(_WORD.sub("sErViQz", text))
    except SparqlError:
        # GRAPH stands where SERVICE may stand: if the query parses with it, the keyword was what spoilt it.
        parse(_KEYWORD.sub(lambda match: "GRAPH".ljust(len(match.group())), text))
        raise RefusedError(
            "SERVICE is not allowed here: this endpoint sends no requests to other servers. "
            "Leave the SERVICE block out, or run it where you ask from."
        ) from None

"""The tokens of SPARQL text (SPARQL 1.1, section 19.8), as far as a guard and a binder need them.

Safety rests on seeing strings and comments exactly where the engine's parser does. They begin with a quote or a hash,
which the engine can meet elsewhere only inside an IRI; whether ``<`` begins one depends on the grammar, which tokens
know nothing of (``?a<'b>'`` compares, ``<'b>`` does not). So the decision is written into the text: a space behind what
is taken for an operator, escapes for quotes and hashes in what is taken for an IRI. Where the engine would have decided
otherwise, the query then does not parse, and nothing can hide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LOCAL = r"(?:[\w\-:·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>\#[^\n\r]*)
  | (?P<string>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*')
  | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
  | (?P<variable>[?$]\w+)
  | (?P<name>(?:[^\W\d][\w\-.·]*)?:(?:LOCAL|\.+(?=LOCAL))*)
  | (?P<tag>@[A-Za-z]+(?:-+[A-Za-z0-9]+)*)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d]\w*)
  | (?P<mark>.)
    """.replace("LOCAL", _LOCAL),
    re.VERBOSE | re.DOTALL,
)
# No operator can be read here: nothing but an IRI has "://" behind a name, and comparisons make no chain (a < ?b > c).
_ABSOLUTE = re.compile(r"<(?:[A-Za-z][\w+.-]*://[^']*|\?\w+)>")
# Two comparisons, by all likelihood: "?a<?b&&?c>?d", "(?a<'b>')".
_COMPARISONS = re.compile(r"<(?:['?$]|[^>]*&&|(?![A-Za-z][\w+.-]*:)[^>]*[()])")


@dataclass(slots=True)
class Token:
    """A stretch of the text: space, comment, string, iri, variable, name (prefixed), tag, number, word or mark."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        """The keyword in capitals, else an empty string."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(text: str) -> list[Token]:
    """The tokens of a query; their texts joined are the query, but for what makes an unusual ``<`` plain."""
    found: list[Token] = []
    at = 0
    take = _TOKEN.match
    while match := take(text, at):
        kind = match.lastgroup or ""
        token = Token(kind, match.group()) if kind != "iri" else _iri(match.group())
        at = match.end() if token.kind != "mark" else at + 1
        found.append(token)
    return found


def _iri(text: str) -> Token:
    if _ABSOLUTE.fullmatch(text):
        return Token("iri", text)
    if _COMPARISONS.match(text):
        return Token("mark", "< ")
    return Token("iri", text.replace("'", "\\u0027").replace("#", "\\u0023"))

"""Rows up to a limit: the engine is told to stop one row later, and that row is taken off again and said to be missing.

The engine writes a whole answer much faster than rows could be written one by one, so the cut is made in what it wrote.
"""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import pairwise

from kb.planner.tokens import Token, tokens

_FORMS = frozenset(["SELECT", "CONSTRUCT", "DESCRIBE", "ASK"])
_ROW = re.compile(rb"<result[\s/>]")
_COMMENTS = frozenset({"turtle", "trig", "ntriples", "nquads"})


def limited(text: str, rows: int) -> str:
    """A SELECT that the engine ends after ``rows`` rows, others as they are.

    Raises nothing: what is no well-formed query comes back as something that is none either.
    """
    found = tokens(text)
    start = next((at for at, token in enumerate(found) if token.word in _FORMS), None)
    if start is None or found[start].word != "SELECT":
        return text
    plain, depth, group = [], 0, False
    for at in range(start, len(found)):
        token = found[at]
        depth += (token.text in {"(", "{"}) - (token.text in {")", "}"})
        if group and depth == 0 and token.kind not in {"space", "comment"}:
            plain.append(at)
        group = group or (depth == 0 and token.text == "}")
    return _written(found, plain, rows)


def _written(found: list[Token], plain: list[int], rows: int) -> str:
    """``plain`` are the places of the tokens of the modifiers, outside all brackets."""
    clause = f"\nLIMIT {rows}\n"
    for at, following in pairwise(plain):
        if found[at].word == "LIMIT" and found[following].text.isdigit():
            found[following].text = str(min(int(found[following].text), rows))
            return "".join(token.text for token in found)
    for at in plain:
        if found[at].word == "VALUES":
            found[at].text = clause + found[at].text
            return "".join(token.text for token in found)
    return "".join(token.text for token in found) + clause


def cut(body: bytes, format_name: str, rows: int) -> bytes | None:
    """The first ``rows`` rows of results in a W3C format, with a note where there is room; None if that is all."""
    if format_name == "json":
        return _cut_json(body, rows)
    if format_name == "xml":
        return _cut_xml(body, rows)
    if format_name == "tsv":
        return _cut_tsv(body, rows)
    return _cut_csv(body, rows)


def _cut_json(body: bytes, rows: int) -> bytes | None:
    if body.count(b"},{") < rows:  # at least one between two rows
        return None
    found = json.loads(body)
    bindings = found.get("results", {}).get("bindings", [])
    if len(bindings) <= rows:
        return None
    del bindings[rows:]
    found["head"]["truncated"] = {"rows": rows}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _cut_xml(body: bytes, rows: int) -> bytes | None:
    for number, match in enumerate(_ROW.finditer(body)):
        if number == rows:
            return body[: match.start()] + f"</results><!-- {note(rows)} --></sparql>".encode()
    return None


def _cut_tsv(body: bytes, rows: int) -> bytes | None:
    lines = body.split(b"\n")  # a line break inside a term is escaped
    return b"\n".join(lines[: rows + 1]) + b"\n" if len(lines) > rows + 2 else None


def _cut_csv(body: bytes, rows: int) -> bytes | None:
    if body.count(b"\n") <= rows + 1:
        return None
    records = list(csv.reader(io.StringIO(body.decode("utf-8"), newline="")))
    if len(records) <= rows + 1:
        return None
    output = io.StringIO(newline="")
    csv.writer(output).writerows(records[: rows + 1])
    return output.getvalue().encode("utf-8")


def marked(body: bytes, format_name: str, rows: int) -> bytes:
    """A graph that was cut, with a comment that says so where the format has comments."""
    if format_name in _COMMENTS:
        return body + f"\n# {note(rows)}\n".encode()
    return body + f"\n<!-- {note(rows)} -->\n".encode() if format_name == "rdfxml" else body


def note(rows: int) -> str:
    """What a person is told."""
    return f"Truncated: there is more than these {rows:,}; add LIMIT and OFFSET, or ask for less."

"""Rows up to a limit: the engine is told to stop one row later, and that row is taken off again and said to be missing.

The engine writes a whole answer much faster than rows could be written one by one, so the cut is made in what it wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

_BRACE = re.compile(rb'(?:[^"{}]++|"(?:[^"\\]++|\\.)*+")*+([{}])', re.DOTALL)
_XML_ROW = re.compile(rb"<result[\s/>]")
_TSV_ROW = re.compile(rb"[^\n]*+\n")  # a line break inside a term is escaped
_CSV_ROW = re.compile(rb'(?:[^"\n]++|"[^"]*+")*+\n')
_BETWEEN = {"json": b"},{", "xml": b"<result", "tsv": b"\n", "csv": b"\n"}
_COMMENTS = frozenset({"turtle", "trig", "ntriples", "nquads"})
SAYS_IT_INSIDE = frozenset({"json", "xml", "ntriples", "nquads"})
"""Formats that are written row by row and say at their end that there was more."""


def counting(format_name: str, rows: int) -> Callable[[bytes], bool]:
    """A function that is told what is written, piece by piece, and says whether that may be ``rows`` rows by now."""
    mark, seen = _BETWEEN[format_name], 0

    def reached(data: bytes) -> bool:
        nonlocal seen
        seen += data.count(mark) + 1  # one may lie across the border
        return seen >= rows

    return reached


def cut(body: bytes, format_name: str, rows: int, *, begun: bool = False) -> bytes | None:
    """The first ``rows`` rows of results in a W3C format, with a note where there is room; None if that is all.

    JSON says it in its head, where every parser lets it pass; one whose beginning is on its way says it at its end.
    """
    if body.count(_BETWEEN[format_name]) < rows:
        return None
    end, tail = _ENDS[format_name](body, rows)
    if end is None:
        return None
    if format_name != "json":
        return body[:end] + tail
    said = b'"truncated":{"rows":%d}' % rows
    if begun:
        return body[:end] + b"]}," + said + b"}"
    return body[:end].replace(b'"head":{', b'"head":{' + said + b",", 1) + b"]}}"


def _json_end(body: bytes, rows: int) -> tuple[int | None, bytes]:
    found, depth = 0, 0
    at = body.find(b'"bindings":[') + 12
    for match in _BRACE.finditer(body, at):
        depth += 1 if match[1] == b"{" else -1
        if depth == 0:
            found += 1
            if found == rows:
                more = body[match.end() : match.end() + 1] == b","
                return match.end() if more else None, b""
    return None, b""


def _xml_end(body: bytes, rows: int) -> tuple[int | None, bytes]:
    match = next(islice(_XML_ROW.finditer(body), rows, None), None)
    return match and match.start(), f"</results><!-- {note(rows)} --></sparql>".encode()


def _tsv_end(body: bytes, rows: int) -> tuple[int | None, bytes]:
    return _line_end(_TSV_ROW, body, rows)


def _csv_end(body: bytes, rows: int) -> tuple[int | None, bytes]:
    return _line_end(_CSV_ROW, body, rows)


def _line_end(line: re.Pattern[bytes], body: bytes, rows: int) -> tuple[int | None, bytes]:
    match = next(islice(line.finditer(body), rows, None), None)  # the names of the columns come first
    return match.end() if match and match.end() < len(body) else None, b""


_ENDS = {"json": _json_end, "xml": _xml_end, "tsv": _tsv_end, "csv": _csv_end}


def marked(body: bytes, format_name: str, rows: int) -> bytes:
    """A graph that was cut, with a comment that says so where the format has comments."""
    if format_name in _COMMENTS:
        return body + f"\n# {note(rows)}\n".encode()
    return body + f"\n<!-- {note(rows)} -->\n".encode() if format_name == "rdfxml" else body


def note(rows: int) -> str:
    """What a person is told."""
    return f"Truncated: there is more than these {rows:,}; add LIMIT and OFFSET, or ask for less."

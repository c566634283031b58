"""Reading triple patterns: the abbreviations of Turtle taken apart, sequences of a path made into steps.

``?x a/b ?y`` is ``?x a ?new . ?new b ?y`` (SPARQL 1.1, 18.2.2.4), ``^a`` is ``a`` the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.planner.algebra import Fresh, NotUnderstoodError, Triple
from kb.planner.reader import Reader

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_ENDS = frozenset(".;]}")
_TERMS = frozenset({"iri", "name", "variable"})


class Triples:
    """Reads patterns from where the reader is; ``invented`` are the variables that the query does not have."""

    def __init__(self, reader: Reader, fresh: Fresh) -> None:
        self._reader = reader
        self._fresh = fresh
        self._found: list[Triple] = []
        self.invented: set[str] = set()

    def read(self) -> Iterator[Triple]:
        """The patterns about one subject."""
        self._found = []
        bare = self._reader.sees("[")
        subject = self._node()
        if not (bare and (self._reader.sees(".") or self._reader.sees("}"))):
            self._properties(subject)
        return iter(self._found)

    def term(self) -> str:
        """A variable or an IRI."""
        token = self._reader.next()
        if token.kind not in _TERMS:
            raise NotUnderstoodError(f"{token.text} where a term should stand")
        return "?" + token.text[1:] if token.kind == "variable" else token.text

    def _properties(self, subject: str) -> None:
        while True:
            path = _Path(self._reader)
            predicate = path.read()
            while True:
                self._add(subject, predicate, self._node())
                if not self._reader.take(","):
                    break
            if self._reader.sees("{"):
                raise NotUnderstoodError("an annotation")
            if not self._reader.take(";"):
                return
            while self._reader.take(";"):
                pass
            if not self._reader.done and self._reader.token.text in _ENDS:
                return

    def _add(self, subject: str, steps: list[_Step], about: str) -> None:
        for place, step in enumerate(steps):
            following = about if place == len(steps) - 1 else self._new()
            ends = (following, subject) if step.inverse else (subject, following)
            self._found.append(Triple(ends[0], step.text, ends[1], step.path, step.reflexive))
            subject = following

    def _new(self) -> str:
        name = self._fresh.name()
        self.invented.add(name)
        return name

    def _node(self) -> str:
        reader = self._reader
        if reader.take("["):
            node = self._new()
            if not reader.take("]"):
                self._properties(node)
                reader.need("]")
            return node
        if reader.take("("):
            return self._collection()
        token = reader.next()
        if token.kind == "name" and token.text.startswith("_:"):
            node = self._fresh.node(token.text)
            self.invented.add(node)
            return node
        if token.kind == "variable":
            return "?" + token.text[1:]
        if token.kind in _TERMS or token.kind == "number" or token.word in {"TRUE", "FALSE"}:
            return token.text
        if token.text in {"-", "+"} and reader.token.kind == "number":
            return token.text + reader.next().text
        if token.kind == "string":
            return token.text + self._literal_end()
        raise NotUnderstoodError(f"{token.text} where a node should stand")

    def _literal_end(self) -> str:
        reader = self._reader
        if not reader.done and reader.token.kind == "tag":
            return reader.next().text
        if reader.take("^", "^"):
            return "^^" + self.term()
        return ""

    def _collection(self) -> str:
        rdf = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#{}>"
        nodes = []
        while not self._reader.take(")"):
            nodes.append(self._node())
        head = following = self._new() if nodes else rdf.format("nil")
        for place, node in enumerate(nodes):
            at, following = following, self._new() if place < len(nodes) - 1 else rdf.format("nil")
            self._found.append(Triple(at, rdf.format("first"), node))
            self._found.append(Triple(at, rdf.format("rest"), following))
        return head


class _Step:
    def __init__(self, text: str, *, inverse: bool, path: bool, reflexive: bool) -> None:
        self.text, self.inverse, self.path, self.reflexive = text, inverse, path, reflexive


class _Path:
    """Reads a predicate or a property path (SPARQL 1.1, section 9.1)."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self) -> list[_Step]:
        reader = self._reader
        if reader.token.kind == "variable":
            return [_Step("?" + reader.next().text[1:], inverse=False, path=False, reflexive=False)]
        steps = self._sequence()
        if not reader.sees("|"):
            return steps
        alternatives = [_joined(steps)]
        while reader.take("|"):
            alternatives.append(_joined(self._sequence()))
        text = "|".join(each.text for each in alternatives)
        return [_Step(f"({text})", inverse=False, path=True, reflexive=any(each.reflexive for each in alternatives))]

    def _sequence(self) -> list[_Step]:
        steps = list(self._element())
        while self._reader.take("/"):
            steps += self._element()
        return steps

    def _element(self) -> list[_Step]:
        if self._reader.take("^"):
            steps = self._repeated()
            return [_turned(step) for step in reversed(steps)]
        return self._repeated()

    def _repeated(self) -> list[_Step]:
        steps = self._primary()
        for mark in "*+?":
            if self._reader.take(mark):
                whole = _joined(steps)
                reflexive = whole.reflexive or mark != "+"
                return [_Step(f"({whole.text}){mark}", inverse=False, path=True, reflexive=reflexive)]
        return steps

    def _primary(self) -> list[_Step]:
        reader = self._reader
        if reader.take("("):
            steps = self.read()
            reader.need(")")
            return steps
        if reader.take("!"):
            return [_Step(f"!{self._negated()}", inverse=False, path=True, reflexive=False)]
        if reader.token.text == "a" and reader.take("A"):
            return [_Step(_TYPE, inverse=False, path=False, reflexive=False)]
        token = reader.next()
        if token.kind not in {"iri", "name"}:
            raise NotUnderstoodError(f"{token.text} where a predicate should stand")
        return [_Step(token.text, inverse=False, path=False, reflexive=False)]

    def _negated(self) -> str:
        parts, depth, reader = [], 0, self._reader
        while True:
            token = reader.next()
            parts.append(token.text)
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0 and token.text != "^":
                return " ".join(parts)


def _turned(step: _Step) -> _Step:
    return _Step(step.text, inverse=not step.inverse, path=step.path, reflexive=step.reflexive)


def _joined(steps: list[_Step]) -> _Step:
    """Steps as one path."""
    if len(steps) == 1 and not steps[0].inverse:
        return steps[0]
    text = "/".join(f"^{step.text}" if step.inverse else step.text for step in steps)
    return _Step(f"({text})", inverse=False, path=True, reflexive=all(step.reflexive for step in steps))

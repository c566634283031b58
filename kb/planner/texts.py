"""Texts found through an index: ``kb:matches``, and filters that look for a text in quotes.

``?claim kb:matches "text"`` is ``?claim kb:quote ?quote FILTER(CONTAINS(LCASE(STR(?quote)), LCASE("text")))``. Such a
filter, and CONTAINS and REGEX of people's own, get the claims beside them that an index names. The filter stays, so the
index may name too many; it may not leave one out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from kb.planner.algebra import (
    Element,
    Expression,
    Filter,
    Fresh,
    Group,
    Minus,
    Optional,
    Select,
    Triple,
    Union,
    Values,
    is_variable,
)

_STRING = r""""(?:[^"\\\n]*)"|'(?:[^'\\\n]*)'"""
_CALLS = r"(?:(?:LCASE|UCASE|STR)\s*\(\s*)*"
_CONTAINS = re.compile(rf"CONTAINS\s*\(\s*{_CALLS}(\?\w+)[\s)]*,\s*{_CALLS}({_STRING})[\s)]*", re.IGNORECASE)
_REGEX = re.compile(
    rf"""REGEX\s*\(\s*{_CALLS}(\?\w+)[\s)]*,\s*("(?:[^"\n])*"|'(?:[^'\n])*')\s*(?:,\s*["']i?["']\s*)?[\s)]*""",
    re.IGNORECASE,
)
# What a regular expression demands literally is what remains of it without classes, escapes and repeated characters.
_LOOSE = re.compile(r"\[[^\]]*\]|\\+.|.(?:[?*]|\{[^}]*\})|[.^$+]")
_SHORTEST = 3
_ASKED = 3


class Texts(Protocol):
    """An index of the quotes of claims."""

    def containing(self, text: str) -> Sequence[str] | None:
        """The IRIs of all claims whose quote contains a text in any case, perhaps of more; None if it cannot tell."""
        ...


class Finder:
    """Puts what an index finds into a query; ``asked`` is whether there was something to ask it."""

    def __init__(self, texts: Texts | None, quote: str, matches: str, full: Callable[[str], str], fresh: Fresh) -> None:
        self.asked = False
        self._texts = texts
        self._quote = quote
        self._matches = matches
        self._full = full
        self._fresh = fresh

    def group(self, group: Group) -> Group:
        """The group with ``kb:matches`` written out and the claims that can match beside each filter."""
        elements = [each for element in group.elements for each in self._element(element)]
        return Group((*self._named(elements), *elements))

    def _element(self, element: Element) -> Iterator[Element]:
        match element:
            case Triple(subject=subject, predicate=predicate, object=text) if self._is(predicate, self._matches):
                name = self._fresh.name()
                yield Triple(subject, f"<{self._quote}>", name)
                condition = f"(CONTAINS(LCASE(STR({name})), LCASE({text})))"
                yield Filter(Expression((condition,), frozenset([name])))
            case Optional(group=group):
                yield Optional(self.group(group))
            case Minus(group=group):
                yield Minus(self.group(group))
            case Union(groups=groups):
                yield Union(tuple(self.group(group) for group in groups))
            case Select() as select:
                yield replace(select, group=self.group(select.group))
            case _:
                yield element

    def _named(self, elements: Sequence[Element]) -> Iterator[Values]:
        subjects = {
            each.object: each.subject
            for each in elements
            if isinstance(each, Triple) and is_variable(each.subject) and self._is(each.predicate, self._quote)
        }
        for element in elements:
            for name, demanded in _demands(element) if isinstance(element, Filter) and subjects else ():
                if name not in subjects:
                    continue
                self.asked = True
                claims = self._fewest(demanded)
                if claims is not None:
                    names = frozenset([subjects[name]])
                    listed = f"VALUES {subjects[name]} {{ {' '.join(f'<{iri}>' for iri in claims)} }}"
                    yield Values(listed, names, names, len(claims))

    def _fewest(self, demanded: Sequence[str]) -> Sequence[str] | None:
        found = [self._texts.containing(text) for text in demanded] if self._texts else []
        return min((claims for claims in found if claims is not None), key=len, default=None)

    def _is(self, predicate: str, iri: str) -> bool:
        return not is_variable(predicate) and self._full(predicate) == f"<{iri}>"


def _demands(element: Filter) -> Iterator[tuple[str, list[str]]]:
    """The variables that a filter holds only for if they contain some texts, and the texts."""
    text = "".join(part if isinstance(part, str) else "!" for part in element.expression.parts).strip()
    for each in text.removeprefix("(").removesuffix(")").split("&&"):
        if found := _CONTAINS.fullmatch(each.strip()):
            yield found[1], [found[2][1:-1]]
        elif found := _REGEX.fullmatch(each.strip()):
            pattern = found[2][1:-1]
            if not set("|()") & set(pattern):
                longest = sorted(_LOOSE.split(pattern), key=len)[-_ASKED:]
                if texts := [text for text in longest if len(text) >= _SHORTEST]:
                    yield found[1], texts

"""A search of the site as SPARQL: the query that people are shown as the one behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyoxigraph import Literal

from kb.rdf.terms import pascal
from kb.search import Wanted
from kb.web.claims import node, written

_WORD = re.compile(r"\w+")
_ROLES = "kb:source|kb:relay|kb:agent|kb:target|kb:victims|kb:deployer|kb:contributor|kb:group"
_TERMS = {"harm": "kb:harm", "phase": "kb:phase", "event_type": "kb:eventType", "modality": "kb:modality"}


def query_for(wanted: Wanted, limit: int) -> str:
    """The claims of a search, the newest first.

    The site finds words by their beginnings and forgives accents; the query looks for them anywhere in the quote.
    """
    kind = wanted.facets.get("kind")
    claim = f"?claim a kb:{pascal(kind)}Claim ; kb:quote ?quote" if kind else "?claim kb:quote ?quote"
    lines = [
        f"{claim} ; kb:document ?document .",
        "OPTIONAL { ?claim kb:source ?source }",
        "OPTIONAL { ?document dcterms:publisher ?publisher }",
        "OPTIONAL { ?document dcterms:issued ?published }",
        *(f"FILTER(CONTAINS(LCASE(?quote), {Literal(word.lower())}))" for word in _WORD.findall(wanted.text)),
        *(
            _facet(name, value, [value, *wanted.merged.get(value, ())])
            for name, value in wanted.facets.items()
            if name != "kind"
        ),
    ]
    if wanted.since:
        lines.append(f"FILTER(STR(?published) >= {Literal(wanted.since)})")
    if wanted.until:
        lines.append(f"FILTER(STR(?published) < {Literal(wanted.until + '~')})")
    if wanted.review:
        lines.append("?claim kb:needsReview true .")
    body = "\n".join(f"  {line}" for line in lines)
    return (
        f"SELECT DISTINCT ?claim ?quote ?source ?published ?document WHERE {{\n{body}\n}}\n"
        f"ORDER BY DESC(STR(?published)) DESC(?claim) LIMIT {limit}"
    )


def _facet(name: str, value: str, same: Sequence[str]) -> str:
    if name in _TERMS:
        return f"?claim {_TERMS[name]} kb:{pascal(value)} ."
    if name == "month":
        return f"FILTER(STRSTARTS(STR(?published), {Literal(value)}))"
    if name == "place":
        return f"VALUES ?around {{ {written(same)} }} ?claim (kb:place|kb:origin|kb:destination)/kb:within* ?around ."
    if name == "actor":
        return f"VALUES ?actor {{ {written(same)} }} ?claim {_ROLES} ?actor ."
    who = "COALESCE(?source, ?publisher)" if name == "source" else f"?{name}"
    return f"FILTER({who} IN ({', '.join(map(node, same))}))"

"""What the decisions in force say, looked up by claim and by node: the form in which tracking honours them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from kb.errors import UsageError
from kb.model import CLAIM, Claim, digest
from kb.review.decisions import Act, Decision, in_force

UNAMENDABLE = frozenset({"id", "document", "kind", "quote", "start", "end", "extractor", "rule", "confidence"})
"""Fields of a claim that say where it comes from: what a document says, and how it was read, is not decided on."""


@dataclass
class Standing:
    """The decisions in force of a store, as look-ups; made by ``standing`` and not changed after.

    ``rejected`` and ``accepted`` give the decision about a claim, ``amended`` all its amendments in order. ``merged``
    gives the node that a node has become, ``merged_by`` the decision, ``split`` the node that one claim means instead.
    ``together`` holds sets of claims whose events are one, ``apart`` those that are torn out of their event; ``spans``
    days of a country that are one episode, ``pinned_spans`` episodes that stay as they are, ``cuts`` the days on which
    an episode begins anew. ``views`` gives the view chosen for the figure of a claim, ``names`` what the event or
    episode of a claim is called.
    """

    rejected: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, str] = field(default_factory=dict)
    amended: dict[str, list[Decision]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    merged_by: dict[str, Decision] = field(default_factory=dict)
    split: dict[tuple[str, str], str] = field(default_factory=dict)
    together: list[tuple[str, ...]] = field(default_factory=list)
    apart: list[tuple[str, ...]] = field(default_factory=list)
    spans: list[tuple[str, str, str]] = field(default_factory=list)
    pinned_spans: list[tuple[str, str, str]] = field(default_factory=list)
    cuts: list[tuple[str, str]] = field(default_factory=list)
    views: dict[str, Decision] = field(default_factory=dict)
    names: dict[tuple[str, str], Decision] = field(default_factory=dict)

    def settled(self, claim: str) -> bool:
        """Whether a person has dealt with a claim."""
        return claim in self.rejected or claim in self.accepted or claim in self.amended

    def node(self, iri: str, claim: str = "") -> str:
        """The node that a node is, for a claim."""
        iri = self.split.get((claim, iri), iri)
        return self.merged.get(iri, iri)


def standing(decisions: Iterable[Decision], base: str) -> Standing:
    """What the decisions in force say."""
    made = Standing()
    for decision in in_force(list(decisions), base):
        kind = kind_of(decision.targets[0], base)
        if decision.act in (Act.ACCEPT, Act.REJECT, Act.AMEND):
            _claims(made, decision, base)
        elif decision.act is Act.MERGE:
            _merge(made, decision, kind)
        elif decision.act is Act.SPLIT:
            _split(made, decision, kind)
        elif decision.act is Act.PIN and kind == "episode":
            made.pinned_spans.append(_span(decision))
        elif decision.act is Act.PIN:
            made.views.update(dict.fromkeys(decision.claims, decision))
        elif decision.act is Act.NAME:
            made.names.update({(kind, claim): decision for claim in decision.claims})
    made.merged = {node: _end(node, made.merged_by) for node in made.merged_by}
    return made


def _claims(made: Standing, decision: Decision, base: str) -> None:
    for claim in decision.targets:
        if decision.act is Act.REJECT:
            made.accepted.pop(claim, None)
            made.rejected[claim] = decision.iri(base)
            continue
        made.rejected.pop(claim, None)
        if decision.act is Act.ACCEPT:
            made.accepted[claim] = decision.iri(base)
        else:
            made.amended.setdefault(claim, []).append(decision)


def _merge(made: Standing, decision: Decision, kind: str) -> None:
    if kind == "event":
        made.together.append(decision.claims)
    elif kind == "episode":
        made.spans.append(_span(decision))
    else:
        made.merged_by.update(dict.fromkeys(decision.targets, decision))


def _split(made: Standing, decision: Decision, kind: str) -> None:
    if kind == "event":
        made.apart.append(decision.claims)
    elif kind == "episode":
        made.cuts.append((decision.into or "", decision.value or ""))
    else:
        made.split.update({(claim, decision.targets[0]): decision.into or "" for claim in decision.claims})


def _span(decision: Decision) -> tuple[str, str, str]:
    first, _, last = (decision.value or "").partition("/")
    return (decision.into or "", first, last)


def _end(node: str, steps: Mapping[str, Decision]) -> str:
    seen = {node}
    while node in steps and steps[node].into not in seen:
        node = steps[node].into or node
        seen.add(node)
    return node


def kind_of(iri: str, base: str) -> str:
    """What kind of thing an IRI of a store stands for: "claim", "actor", "place", "event", "episode", "figure" …"""
    return iri.removeprefix(base).partition("/")[0]


def amend(claim: Claim, changes: Iterable[tuple[str, str]]) -> Claim:
    """The claim with fields changed: paths in its JSON ("count.minimum") and new values as JSON.

    It has an id of its own, made from that of the claim and the changes, and waits for no review. Raises UsageError for
    a field that there is not, one that may not be changed, or a value that the field cannot have.
    """
    changes = list(changes)
    content = claim.model_dump(mode="json", by_alias=True)
    for path, value in changes:
        _put(content, path, value)
    content |= {
        "id": digest("revision", claim.id, json.dumps(changes)),
        "needs_review": False,
        "review_reason": None,
    }
    try:
        return CLAIM.validate_python(content)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in error.errors())
        raise UsageError(f"the claim cannot be amended so: {faults}") from error


def _put(content: dict[str, object], path: str, value: str) -> None:
    *parents, name = path.split(".")
    if (parents or [name])[0] in UNAMENDABLE:
        raise UsageError(f"the field {path} says where the claim comes from and cannot be amended")
    at: object = content
    for parent in parents:
        if not isinstance(at, dict) or parent not in at:
            raise UsageError(f"a claim of this kind has no field {path}; it has {', '.join(amendable(content))}")
        if at[parent] is None:
            at[parent] = {}
        at = at[parent]
    if not isinstance(at, dict) or (name not in at and at is content):
        raise UsageError(f"a claim of this kind has no field {path}; it has {', '.join(amendable(content))}")
    at[name] = json.loads(value)


def amendable(content: Mapping[str, object]) -> list[str]:
    """The paths that may be amended."""
    found: list[str] = []
    for name, value in content.items():
        if name in UNAMENDABLE or name in ("needs_review", "review_reason"):
            continue
        found += [f"{name}.{part}" for part in value] if isinstance(value, dict) else [name]
    return sorted(found)


def as_json(value: str) -> str:
    """What a person typed for a field, as JSON: what is no JSON is a string, nothing is null."""
    if not value.strip():
        return "null"
    try:
        date.fromisoformat(value)
    except ValueError:
        try:
            return json.dumps(json.loads(value), ensure_ascii=False)
        except json.JSONDecodeError:
            pass
    return json.dumps(value, ensure_ascii=False)

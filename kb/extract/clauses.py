"""Where a list of people ends: at a phrase that has a verb or a word of harm of its own."""

from __future__ import annotations

from kb.extract.nodes import COUNT, PLAIN, Node
from kb.extract.voice import is_adverb


def told_apart(nodes: list[Node], at: int) -> bool:
    """Whether a number in a list has its own word of harm, or tells of nobody: "wounding six, no deaths"."""
    if nodes[at].kind != COUNT:
        return False
    following = nodes[at + 1] if at + 1 < len(nodes) else None
    return nodes[at].value.kind == "none" or (
        following is not None and following.has("harm-noun", "harm-adjective", "loss", "body", "wound", "lives")
    )


def starts_clause(nodes: list[Node], at: int) -> bool:
    """Whether the phrase is the subject of a verb behind it ("killing two people, police said")."""
    index = at + 1
    while index < len(nodes) and (
        (is_adverb(nodes[index]) and nodes[index].lower not in ("and", "or"))
        or nodes[index].kind == "place"
        or nodes[index].lower == "in"
    ):
        index += 1
    if index + 2 < len(nodes) and nodes[index].lower == "and" and nodes[index + 1].kind == "group":
        return nodes[index + 2].has("say") and nodes[index + 2].kind == PLAIN  # "a spokesman and witnesses said"
    if index >= len(nodes):
        return False
    node = nodes[index]
    if node.has("harm-verb") and not node.has("say"):
        return True
    return node.has("be", "have", "say", "modal-possible", "modal-future") and node.kind == PLAIN


def subject_next(nodes: list[Node], index: int, joint: int) -> bool:
    """Behind a mere comma, a phrase with a verb of its own ("the murder of X, newsmen waited …")."""
    following = nodes[joint + 1]
    return (
        joint == index + 2
        and following.kind == PLAIN
        and (
            (not following.tags and following.lower.endswith("ed"))
            or any(tag.lex == "event-verb" and tag.form == "past" for tag in following.tags)
        )
    )

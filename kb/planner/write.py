"""Patterns as SPARQL again, as they are."""

from __future__ import annotations

from collections.abc import Callable

from kb.planner.algebra import (
    Bind,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    NotUnderstoodError,
    Optional,
    Select,
    Triple,
    Union,
    Values,
)
from kb.planner.tokens import tokens

Inner = Callable[[Group], str]


def group_text(group: Group) -> str:
    """What stands between the braces."""
    return " ".join(element_text(element) for element in group.elements)


def element_text(element: Element) -> str:
    """One element."""
    match element:
        case Triple() | Values():
            return element.text
        case Filter(expression=expression):
            return f"FILTER{expression_text(expression, group_text)}"
        case Bind(expression=expression, name=name):
            return f"BIND({expression_text(expression, group_text)} AS {name})"
        case Optional(group=group):
            return f"OPTIONAL {{ {group_text(group)} }}"
        case Minus(group=group):
            return f"MINUS {{ {group_text(group)} }}"
        case Union(groups=groups):
            return " UNION ".join(f"{{ {group_text(group)} }}" for group in groups)
        case Graph(term=term, group=group):
            return f"GRAPH {term} {{ {group_text(group)} }}"
        case Select() as each:
            return f"{{ {each.head}{{ {group_text(each.group)} }} {each.tail} }}"
    raise NotUnderstoodError(f"{element!r} cannot be written")


def expression_text(expression: Expression, inner: Inner) -> str:
    """An expression, its groups written by ``inner``."""
    return "".join(_part(part, inner) for part in expression.parts)


def _part(part: str | Exists, inner: Inner) -> str:
    if isinstance(part, str):
        return part
    return f" {'NOT ' if part.negated else ''}EXISTS {{ {inner(part.group)} }}"


def laid_out(text: str) -> str:
    """A query with a line for each pattern, indented by its braces; it means the same."""
    lines, depth, line = [""], 0, ""
    for token in tokens(text):
        if token.kind == "mark" and token.text in "{}":
            if token.text == "{":
                lines[-1] += f"{line.strip()} {{" if line.strip() else "{"
                depth += 1
            else:
                if line.strip():
                    lines[-1] += line.strip()
                    lines.append("  " * (depth - 1))
                depth -= 1
                lines[-1] = "  " * depth + "}"
            lines.append("  " * depth)
            line = ""
        elif token.kind == "mark" and token.text == "." and depth:
            lines[-1] += f"{line.strip()} ."
            lines.append("  " * depth)
            line = ""
        elif token.kind == "space" and "\n" in token.text and not depth:
            lines[-1] += line.strip()
            lines.append("")
            line = ""
        else:
            line += " " if token.kind == "space" else token.text
    lines[-1] += line.strip()
    return "\n".join(each.rstrip() for each in lines if each.strip()) + "\n"

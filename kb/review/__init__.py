"""Decisions of people on what was read: with who, when and why, appended, undoable, honoured by tracking."""

from kb.review.deciding import Desk
from kb.review.decisions import UNTOUCHED, Act, Decision
from kb.review.graph import GRAPH, recorded
from kb.review.standing import Standing, amend, standing

__all__ = ["GRAPH", "UNTOUCHED", "Act", "Decision", "Desk", "Standing", "amend", "recorded", "standing"]

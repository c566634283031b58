"""A planner in front of the engine: a query in, a query out that means the same and is answered faster."""

from kb.planner.cost import UNKNOWN, Counts, Guesses, Predicate
from kb.planner.plan import Plan, plan
from kb.planner.texts import Texts

__all__ = ["UNKNOWN", "Counts", "Guesses", "Plan", "Predicate", "Texts", "plan"]

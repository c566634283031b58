"""Factline: a fact-tracking knowledge base for conflict and unrest news."""

__version__ = "0.1.0"

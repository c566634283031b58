"""What the ontology implies: classes and properties above, defined classes, the terms of SEM and PROV."""

from kb.reason.graph import Inferred, forget, infer

__all__ = ["Inferred", "forget", "infer"]

"""Checks of what is stored: the shapes, the evidence against the text, links to nodes that nobody describes.

The shapes are ``ontology/shapes/data.ttl``; a fault carries the message of the shape that it breaks. Whether the
ontology contradicts itself is another question, for ``kb.validate.consistency``; that imports the reasoner, so it is
not imported here.
"""

from kb.validate.facts import Facts
from kb.validate.fault import Fault
from kb.validate.shapes import Shapes, compile_shapes, data_shapes
from kb.validate.stored import Report, check, validate

__all__ = ["Facts", "Fault", "Report", "Shapes", "check", "compile_shapes", "data_shapes", "validate"]

"""Documents and claims as RDF, and back: one table drives both directions."""

from kb.rdf.nodes import Node
from kb.rdf.reading import Graph
from kb.rdf.settle import settle
from kb.rdf.writing import claim_facts, document_quads, graph_iri

__all__ = ["Graph", "Node", "claim_facts", "document_quads", "graph_iri", "settle"]

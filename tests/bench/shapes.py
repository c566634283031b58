"""The fourteen questions that the endpoint is measured by, as one who does not know the engine writes them."""

from __future__ import annotations

from kb.resources import DEFAULT_BASE, NAMESPACE

PROLOGUE = f"""PREFIX kb: <{NAMESPACE}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
BASE <{DEFAULT_BASE}>
"""

_SHAPES = {
    "claims of an event, optional counts": """SELECT ?claim ?quote ?minimum ?maximum ?source WHERE {
  ?claim kb:event <event/e7> ; kb:quote ?quote .
  OPTIONAL { ?claim kb:minimum ?minimum ; kb:maximum ?maximum }
  OPTIONAL { ?claim kb:source ?who . ?who rdfs:label ?source }
}""",
    "casualty series of a country, by source and day": """SELECT ?day ?source (SUM(?minimum) AS ?n) WHERE {
  ?claim a kb:CasualtyClaim ; kb:harm kb:Killed ; kb:place ?place ; kb:earliest ?day ; kb:minimum ?minimum .
  ?place kb:within* <place/kz> .
  OPTIONAL { ?claim kb:source ?who . ?who rdfs:label ?source }
} GROUP BY ?day ?source ORDER BY ?day""",
    "deployments to a country, summed by actor": """SELECT ?actor (SUM(?minimum) AS ?n) WHERE {
  ?claim a kb:DeploymentClaim ; kb:destination <place/ua> ; kb:contributor ?who ; kb:minimum ?minimum .
  ?who rdfs:label ?actor .
} GROUP BY ?actor ORDER BY DESC(?n)""",
    "events by type and day": """SELECT ?type ?day (COUNT(?event) AS ?n) WHERE {
  ?event a kb:Event ; kb:eventType ?type ; kb:earliest ?day .
} GROUP BY ?type ?day""",
    "CONTAINS on quotes": """SELECT ?claim ?quote WHERE {
  ?claim kb:quote ?quote . FILTER(CONTAINS(LCASE(?quote), "near block 123"))
} LIMIT 100""",
    "REGEX on quotes": """SELECT ?claim ?quote WHERE {
  ?claim kb:quote ?quote . FILTER(REGEX(?quote, "block 12[34]\\\\d with 7 others", "i"))
}""",
    "top 20 by count with labels": """SELECT ?claim ?minimum ?place ?source WHERE {
  ?claim a kb:CasualtyClaim ; kb:minimum ?minimum ; kb:place ?where .
  ?where rdfs:label ?place .
  OPTIONAL { ?claim kb:source ?who . ?who rdfs:label ?source }
} ORDER BY DESC(?minimum) ?claim LIMIT 20""",
    "contradictions": """SELECT ?a ?b ?low ?high ?source WHERE {
  ?a kb:figure ?figure ; kb:maximum ?high ; kb:source ?one .
  ?b kb:figure ?figure ; kb:minimum ?low ; kb:source ?other .
  ?figure kb:countedAt <place/kz/city-0> .
  FILTER(?low > ?high && ?one != ?other)
  FILTER NOT EXISTS { ?later kb:figure ?figure ; kb:rank 13 . ?later kb:modality kb:Denied }
  OPTIONAL { ?b kb:document ?document . ?document dcterms:publisher ?by . ?by rdfs:label ?source }
}""",
    "CONSTRUCT one event": """CONSTRUCT { ?event ?p ?o . ?claim ?q ?r } WHERE {
  VALUES ?event { <event/e9> } ?event ?p ?o . OPTIONAL { ?claim kb:event ?event . ?claim ?q ?r }
}""",
    "type with subClassOf*": """SELECT ?place ?type WHERE {
  ?place a ?type ; kb:within <place/kz> . ?type rdfs:subClassOf* kb:Place .
}""",
    "as known on a day": """SELECT ?claim ?minimum ?published WHERE {
  ?claim a kb:CasualtyClaim ; kb:place <place/kz/city-0> ; kb:document ?document ; kb:minimum ?minimum .
  ?document dcterms:issued ?published . FILTER(?published <= "2022-02-01"^^xsd:date)
}""",
    "framing by source": """SELECT ?source ?words (COUNT(?claim) AS ?n) WHERE {
  ?claim kb:victims <actor/kz-protesters> ; kb:victimsText ?words ; kb:source ?who . ?who rdfs:label ?source
} GROUP BY ?source ?words ORDER BY DESC(?n)""",
    "history of a figure": """SELECT ?rank ?claim ?finding ?minimum ?maximum ?source ?published WHERE {
  ?claim kb:figure <figure/f11> ; kb:rank ?rank ; kb:finding ?finding ; kb:document ?document .
  ?document dcterms:issued ?published .
  OPTIONAL { ?claim kb:minimum ?minimum } OPTIONAL { ?claim kb:maximum ?maximum }
  OPTIONAL { ?claim kb:source ?who . ?who rdfs:label ?source }
} ORDER BY ?rank""",
    "page of a document with its claims": """SELECT ?title ?claim ?type ?quote ?place ?source ?actor ?role WHERE {
  ?document dcterms:identifier "generated-5" ; dcterms:title ?title .
  ?claim kb:document ?document ; a ?type ; kb:quote ?quote ; kb:start ?start .
  OPTIONAL { ?claim kb:place ?where . ?where rdfs:label ?place }
  OPTIONAL { ?claim kb:source ?who . ?who rdfs:label ?source }
  OPTIONAL { ?claim kb:participation ?part . ?part kb:actor ?actor ; kb:role ?role }
} ORDER BY ?start""",
}

SHAPES = {name: PROLOGUE + text for name, text in _SHAPES.items()}
"""The whole queries, by what they ask."""

POINT = PROLOGUE + "SELECT ?p ?o WHERE { <claim/3-1> ?p ?o }"
ROWS = PROLOGUE + "SELECT ?claim ?quote WHERE { ?claim kb:quote ?quote } LIMIT 10000"

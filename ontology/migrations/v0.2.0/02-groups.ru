# Groups of people have a country and a label that reads: "policeman (Kazakhstan)" for "kz policeman"
#
# Documents that were recorded before groups had one carry the last part of the IRI as label (actor/kz-policeman: "kz
# policeman") and no country, so that no query by country finds them.

PREFIX kb:   <https://w3id.org/factline/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE { GRAPH ?g { ?group rdfs:label ?slug } }
INSERT { GRAPH ?g { ?group rdfs:label ?label ; kb:country ?country } }
WHERE {
  GRAPH ?g {
    ?group a kb:Group ; rdfs:label ?slug .
    FILTER NOT EXISTS { ?group kb:country ?any }
  }
  BIND(STRAFTER(STR(?group), STR(<actor/>)) AS ?local)
  FILTER(REGEX(?local, "^[a-z]{2}-.") && STR(?slug) = REPLACE(?local, "-", " "))
  BIND(IRI(CONCAT(STR(<place/>), SUBSTR(?local, 1, 2))) AS ?country)
  GRAPH <graph/reference> { ?country a kb:Country ; rdfs:label ?name }
  BIND(STRLANG(CONCAT(SUBSTR(STR(?slug), 4), " (", STR(?name), ")"), "en") AS ?label)
}

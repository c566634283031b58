# What events are only ever done to is an object, no longer an actor of unknown kind
#
# kb:Object came with 0.2.0. Before, a town hall on fire was a kb:Actor and stood among people and organisations in
# lists. What has ever spoken, acted or been hurt stays what it is.

PREFIX kb: <https://w3id.org/factline/ontology#>

DELETE { GRAPH ?g { ?thing a kb:Actor } }
INSERT { GRAPH ?g { ?thing a kb:Object } }
WHERE {
  GRAPH ?g { ?thing a kb:Actor }
  FILTER(STRSTARTS(STR(?g), STR(<document/>)))
  FILTER EXISTS { ?claim a kb:EventClaim ; kb:target ?thing }
  FILTER NOT EXISTS {
    ?other kb:source|kb:relay|kb:agent|kb:victims|kb:deployer|kb:contributor|kb:group ?thing
  }
}

# Event types that people defined are matched with SKOS: 0.2.0 took kb:acledType, kb:ploverType and kb:cameoCode back
#
# Until 0.1.0 a type named its counterpart in a literal ("Battles / Armed clash", "PROTEST", "145"). Since then the types
# of ACLED, PLOVER and CAMEO are concepts (ontology/alignments), which skos:closeMatch and its like lead to. Which of
# these holds was not said before, so the careful one is written. The types that ship come with the reference data.

PREFIX kb:   <https://w3id.org/factline/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE { GRAPH ?g { ?type ?old ?words } }
INSERT { GRAPH ?g { ?type skos:closeMatch ?theirs } }
WHERE {
  VALUES (?old ?scheme) { (kb:acledType "acled") (kb:ploverType "plover") (kb:cameoCode "cameo") }
  GRAPH ?g { ?type ?old ?words }
  FILTER(?g != <graph/reference>)
  # "Battles / Armed clash" is the concept acled:ArmedClash.
  BIND(REPLACE(STR(?words), "^.* / ", "") AS ?last)
  OPTIONAL {
    VALUES (?last ?name) {
      ("Battles" "Battles") ("Government regains territory" "GovernmentRegainsTerritory")
      ("Non-state actor overtakes territory" "NonStateActorOvertakesTerritory") ("Armed clash" "ArmedClash")
      ("Protests" "Protests") ("Excessive force against protesters" "ExcessiveForceAgainstProtesters")
      ("Protest with intervention" "ProtestWithIntervention") ("Peaceful protest" "PeacefulProtest")
      ("Riots" "Riots") ("Violent demonstration" "ViolentDemonstration") ("Mob violence" "MobViolence")
      ("Explosions/Remote violence" "ExplosionsRemoteViolence") ("Chemical weapon" "ChemicalWeapon")
      ("Air/drone strike" "AirDroneStrike") ("Suicide bomb" "SuicideBomb")
      ("Shelling/artillery/missile attack" "ShellingArtilleryMissileAttack")
      ("Remote explosive/landmine/IED" "RemoteExplosiveLandmineIed") ("Grenade" "Grenade")
      ("Violence against civilians" "ViolenceAgainstCivilians") ("Sexual violence" "SexualViolence")
      ("Attack" "Attack") ("Abduction/forced disappearance" "AbductionForcedDisappearance")
      ("Strategic developments" "StrategicDevelopments") ("Agreement" "Agreement") ("Arrests" "Arrests")
      ("Change to group/activity" "ChangeToGroupActivity") ("Disrupted weapons use" "DisruptedWeaponsUse")
      ("Headquarters or base established" "HeadquartersOrBaseEstablished")
      ("Looting/property destruction" "LootingPropertyDestruction")
      ("Non-violent transfer of territory" "NonViolentTransferOfTerritory") ("Other" "Other")
    }
  }
  BIND(IF(?scheme = "acled", ?name, ENCODE_FOR_URI(STR(?words))) AS ?local)
  # What names no type of theirs stays as it is.
  FILTER(BOUND(?local))
  BIND(IRI(CONCAT("https://w3id.org/factline/ontology/", ?scheme, "#", ?local)) AS ?theirs)
}

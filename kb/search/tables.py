"""The tables of the index.

Everything in them is derived from the store and can be deleted: the index is made again from the published revision.
IRIs are whole. A missing day is the empty text, so that rows without one have their place in the order.
"""

FORMAT = 4
"""A file of another format is made anew."""

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE document (
  iri TEXT PRIMARY KEY, title TEXT, publisher TEXT, day TEXT NOT NULL, language TEXT, recorded TEXT NOT NULL,
  claims INTEGER NOT NULL
);
CREATE INDEX document_by_day ON document (day, iri);
CREATE INDEX document_by_publisher ON document (publisher, day, iri);

CREATE TABLE claim (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, document TEXT NOT NULL, kind TEXT NOT NULL, harm TEXT, phase TEXT,
  event_type TEXT, modality TEXT, day TEXT NOT NULL, place TEXT, source TEXT, publisher TEXT, low INTEGER, high INTEGER,
  review INTEGER NOT NULL, start INTEGER NOT NULL, quote TEXT NOT NULL
);
CREATE INDEX claim_by_day ON claim (day, iri);
CREATE INDEX claim_by_kind ON claim (kind, harm, day, iri);
CREATE INDEX claim_by_phase ON claim (kind, phase) WHERE phase IS NOT NULL;
CREATE INDEX claim_by_document ON claim (document, start);
CREATE INDEX claim_by_source ON claim (source, day, iri);
CREATE INDEX claim_by_publisher ON claim (publisher, day, iri);
CREATE INDEX claim_by_review ON claim (review, day, iri) WHERE review;

-- A claim's places with all that contains them; "exact" marks those that it names itself.
CREATE TABLE claim_place (
  place TEXT NOT NULL, day TEXT NOT NULL, claim INTEGER NOT NULL, role TEXT NOT NULL, exact INTEGER NOT NULL,
  PRIMARY KEY (place, day, claim, role)
) WITHOUT ROWID;
-- Which of these places lies in which, itself included.
CREATE TABLE inside (around TEXT NOT NULL, place TEXT NOT NULL, PRIMARY KEY (around, place)) WITHOUT ROWID;
CREATE TABLE claim_actor (
  actor TEXT NOT NULL, speaks INTEGER NOT NULL, day TEXT NOT NULL, claim INTEGER NOT NULL, role TEXT NOT NULL,
  PRIMARY KEY (actor, speaks, day, claim, role)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE quote_words USING fts5 (
  quote, content = 'claim', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
CREATE VIRTUAL TABLE quote_grams USING fts5 (quote, content = 'claim', content_rowid = 'id', tokenize = 'trigram');
CREATE VIRTUAL TABLE quote_vocabulary USING fts5vocab (quote_words, 'row');

CREATE TABLE node (
  iri TEXT PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, claims INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE name (id INTEGER PRIMARY KEY, node TEXT NOT NULL, text TEXT NOT NULL, language TEXT);
CREATE INDEX name_by_node ON name (node);
CREATE VIRTUAL TABLE name_words USING fts5 (
  text, content = 'name', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);
CREATE VIRTUAL TABLE name_grams USING fts5 (text, content = 'name', content_rowid = 'id', tokenize = 'trigram');
CREATE VIRTUAL TABLE name_vocabulary USING fts5vocab (name_words, 'row');
-- The words of both, to find near ones among: by how long they are.
CREATE TABLE vocabulary (term TEXT NOT NULL, letters INTEGER NOT NULL, number INTEGER NOT NULL);
CREATE INDEX vocabulary_by_letters ON vocabulary (letters, term, number);

-- What tracking says; replaced whole.
CREATE TABLE tracked (
  claim TEXT PRIMARY KEY, event TEXT, figure TEXT, finding TEXT, rank INTEGER, reason TEXT, compared TEXT,
  episode TEXT, day TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX tracked_by_episode ON tracked (episode, day, claim) WHERE finding <> 'repeats';
CREATE INDEX tracked_by_figure ON tracked (figure, rank);
CREATE INDEX tracked_by_event ON tracked (event, claim);
CREATE TABLE figure (
  iri TEXT PRIMARY KEY, label TEXT NOT NULL, episode TEXT, measure TEXT, people TEXT, place TEXT, event TEXT,
  low INTEGER, best INTEGER, high INTEGER, lowest INTEGER, highest INTEGER, conservative INTEGER,
  independent INTEGER NOT NULL, disputed INTEGER NOT NULL, claims INTEGER NOT NULL, last TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX figure_by_episode ON figure (episode, claims, iri);
CREATE INDEX figure_by_claims ON figure (claims, iri);
CREATE INDEX figure_by_place ON figure (place, claims);
CREATE TABLE contradiction (
  iri TEXT PRIMARY KEY, figure TEXT NOT NULL, earlier TEXT NOT NULL, later TEXT NOT NULL, reason TEXT NOT NULL,
  day TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX contradiction_by_day ON contradiction (day, iri);
CREATE INDEX contradiction_by_figure ON contradiction (figure, day);
CREATE INDEX contradiction_by_earlier ON contradiction (earlier);
CREATE INDEX contradiction_by_later ON contradiction (later);
CREATE TABLE episode (
  iri TEXT PRIMARY KEY, label TEXT NOT NULL, place TEXT, first TEXT NOT NULL, last TEXT NOT NULL,
  figures INTEGER NOT NULL, claims INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX episode_by_claims ON episode (claims, iri);
CREATE TABLE event (
  iri TEXT PRIMARY KEY, label TEXT NOT NULL, type TEXT, place TEXT, earliest TEXT NOT NULL, latest TEXT NOT NULL,
  claims INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX event_by_day ON event (earliest, iri);
CREATE INDEX event_by_place ON event (place, earliest, iri);
"""

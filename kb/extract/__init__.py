"""From a document's text to claims: a finite-state cascade over our own tokens, with rules and lexicons as data."""

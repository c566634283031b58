"""The site and the SPARQL endpoint: routes, pages and content negotiation over a store."""

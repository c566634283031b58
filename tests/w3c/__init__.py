"""The W3C's SPARQL test suites against the endpoint; ``python -m tests.w3c`` writes ``docs/conformance.md``."""

"""A query as code to copy: curl, Python, R."""

from __future__ import annotations


def snippets(sparql: str, root: str) -> list[tuple[str, str]]:
    """The same question from the command line, from Python (two ways) and from R; ``root`` is the site's address."""
    endpoint = root + "sparql"
    graph = sparql.lstrip().upper().startswith(("CONSTRUCT", "DESCRIBE"))
    body = sparql.strip()
    accept = "text/turtle" if graph else "text/csv"
    return [
        ("curl", _curl(endpoint, accept, body)),
        ("Python, SPARQLWrapper", _wrapper(endpoint, body, graph=graph)),
        ("Python, rdflib", _rdflib(endpoint, accept, body, graph=graph)),
        ("R", _r(endpoint, accept, body, graph=graph)),
    ]


def _curl(endpoint: str, accept: str, body: str) -> str:
    return f"""curl --header 'Accept: {accept}' \\
  --header 'Content-Type: application/sparql-query' \\
  --data-binary @- '{endpoint}' <<'SPARQL'
{body}
SPARQL
"""


def _wrapper(endpoint: str, body: str, *, graph: bool) -> str:
    kind, shown = ("TURTLE", "print(answer.decode())") if graph else ("JSON", 'print(answer["results"]["bindings"])')
    return f'''from SPARQLWrapper import {kind}, POST, SPARQLWrapper

endpoint = SPARQLWrapper("{endpoint}")
endpoint.setMethod(POST)
endpoint.setReturnFormat({kind})
endpoint.setQuery(r"""
{body}
""")
answer = endpoint.query().convert()
{shown}
'''


def _rdflib(endpoint: str, accept: str, body: str, *, graph: bool) -> str:
    """The endpoint knows its prefixes and base, rdflib's parser does not: it is left to the endpoint."""
    if graph:
        reading = 'from rdflib import Graph\n\nprint(len(Graph().parse(data=answer, format="turtle")))'
    else:
        reading = (
            "from io import BytesIO\nfrom rdflib.query import Result\n\n"
            'for row in Result.parse(BytesIO(answer), format="csv"):\n    print(row)'
        )
    return f'''from urllib.request import Request, urlopen

headers = {{"Accept": "{accept}", "Content-Type": "application/sparql-query"}}
query = r"""
{body}
"""
answer = urlopen(Request("{endpoint}", query.encode(), headers)).read()

{reading}
'''


def _r(endpoint: str, accept: str, body: str, *, graph: bool) -> str:
    reading = "cat(content(answer, as = 'text'))" if graph else "read.csv(text = content(answer, as = 'text'))"
    return f"""library(httr)

query <- r"---(
{body}
)---"
answer <- POST("{endpoint}", body = query,
               content_type("application/sparql-query"), accept("{accept}"))
{reading}
"""

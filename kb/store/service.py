"""What the data say of themselves, for editors: prefixes, example queries, the dataset with its classes and properties.

Prefixes are ``sh:declare`` and examples ``sh:SPARQLExecutable`` (SHACL, section 5.2; SHACL Advanced Features, 2017),
the dataset is in VoID with one partition a class and property, as the ontology has them. Sizes change with each
document: these are told at ``/.well-known/void``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml
from pyoxigraph import Literal, NamedNode, Triple

from kb import resources
from kb.resources import NAMESPACE, ONTOLOGY

_SH = "http://www.w3.org/ns/shacl#"
_VOID = "http://rdfs.org/ns/void#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATATYPES = "http://ldf.fi/void-ext#"
_TYPE = NamedNode(_RDF + "type")
_COMMENT = NamedNode(_RDFS + "comment")
_SCHEMA = "https://schema.org/"
_TARGET = NamedNode(_SCHEMA + "target")
_HEADER = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_FORM = re.compile(r"^\s*(SELECT|CONSTRUCT|ASK|DESCRIBE)\b", re.MULTILINE)
_VOCABULARIES = (ONTOLOGY, "http://www.w3.org/2004/02/skos/core#", "http://purl.org/dc/terms/")


def fingerprint() -> str:
    """A hash of the example queries and of how all this is written."""
    state = hashlib.sha256(b"1")  # count this up when what is written changes
    for path in sorted(resources.folder("queries").glob("*.rq")):
        state.update(path.name.encode() + path.read_bytes())
    return state.hexdigest()


def described(base: str, prefixes: Mapping[str, str], reference: set[Triple]) -> Iterator[Triple]:
    """The triples for a store with this base, whose ontology and shapes are among the triples ``reference``."""
    yield from _prefixes(base, prefixes)
    yield from _examples(base)
    yield from _dataset(base, reference)


def _prefixes(base: str, prefixes: Mapping[str, str]) -> Iterator[Triple]:
    ontology = NamedNode(ONTOLOGY)
    for prefix, namespace in prefixes.items():
        node = NamedNode(f"{base}sparql#prefix-{prefix}")
        yield Triple(ontology, NamedNode(_SH + "declare"), node)
        yield Triple(node, _TYPE, NamedNode(_SH + "PrefixDeclaration"))
        yield Triple(node, NamedNode(_SH + "prefix"), Literal(prefix))
        yield Triple(node, NamedNode(_SH + "namespace"), Literal(namespace, datatype=NamedNode(_XSD + "anyURI")))


def _examples(base: str) -> Iterator[Triple]:
    for path in sorted(resources.folder("queries").glob("*.rq")):
        text = path.read_text("utf-8")
        header = yaml.safe_load("\n".join(_HEADER.findall(text)))
        body = _HEADER.sub("", text).strip() + "\n"
        form = _FORM.search(body)
        kind = (form[1] if form else "SELECT").capitalize()
        node = NamedNode(f"{base}queries/{path.stem}")
        yield Triple(node, _TYPE, NamedNode(_SH + "SPARQLExecutable"))
        yield Triple(node, _TYPE, NamedNode(f"{_SH}SPARQL{kind}Executable"))
        yield Triple(node, _COMMENT, Literal(str(header["summary"]), language="en"))
        yield Triple(node, NamedNode(_SH + "prefixes"), NamedNode(ONTOLOGY))
        yield Triple(node, NamedNode(_SH + kind.lower()), Literal(body))
        yield Triple(node, _TARGET, NamedNode(base + "sparql"))


@dataclass
class _Schema:
    """Which classes have which classes above them, and what properties say of what."""

    above: dict[str, set[str]] = field(default_factory=dict)
    domain: dict[str, set[str]] = field(default_factory=dict)
    range: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, reference: set[Triple]) -> _Schema:
        """That of the ontology among these triples."""
        found = cls()
        kinds = {
            _RDFS + "subClassOf": found.above,
            _RDFS + "domain": found.domain,
            _RDFS + "range": found.range,
        }
        for triple in reference:
            subject, about = triple.subject, triple.object
            if not (isinstance(subject, NamedNode) and isinstance(about, NamedNode)):
                continue
            if not subject.value.startswith(NAMESPACE):
                continue
            name = triple.predicate.value
            if name in kinds:
                kinds[name].setdefault(subject.value, set()).add(about.value)
            elif triple.predicate == _TYPE and about.value == _OWL + "Class":
                found.above.setdefault(subject.value, set())
        found.learn(reference)
        return found

    def learn(self, shapes: set[Triple]) -> None:
        """Takes in what SHACL shapes say: a class has the properties of a shape that targets it."""
        by_name: dict[str, dict[object, set[object]]] = {}
        for triple in shapes:
            if triple.predicate.value.startswith(_SH):
                name = triple.predicate.value.removeprefix(_SH)
                by_name.setdefault(name, {}).setdefault(triple.subject, set()).add(triple.object)
        for shape, classes in by_name.get("targetClass", {}).items():
            for place in by_name.get("property", {}).get(shape, ()):
                for used in by_name.get("path", {}).get(place, ()):
                    if isinstance(used, NamedNode) and used.value.startswith(NAMESPACE):
                        self.domain.setdefault(used.value, set()).update(map(_value, classes))
                        for name in ("class", "datatype"):
                            values = by_name.get(name, {}).get(place, ())
                            self.range.setdefault(used.value, set()).update(map(_value, values))

    def with_above(self, name: str) -> set[str]:
        """A class and all above it."""
        found, todo = {name}, [name]
        while todo:
            fresh = self.above.get(todo.pop(), set()) - found
            found |= fresh
            todo += fresh
        return found


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _dataset(base: str, reference: set[Triple]) -> Iterator[Triple]:
    place = f"{base}.well-known/void"
    dataset = NamedNode(f"{place}#dataset")
    yield Triple(dataset, _TYPE, NamedNode(_VOID + "Dataset"))
    yield Triple(
        dataset, NamedNode("http://purl.org/dc/terms/title"), Literal("Factline knowledge base", language="en")
    )
    yield Triple(dataset, NamedNode(_VOID + "sparqlEndpoint"), NamedNode(base + "sparql"))
    yield Triple(dataset, NamedNode(_VOID + "uriSpace"), Literal(base))
    for vocabulary in _VOCABULARIES:
        yield Triple(dataset, NamedNode(_VOID + "vocabulary"), NamedNode(vocabulary))
    schema = _Schema.of(reference)
    for name in sorted(schema.above):
        part = NamedNode(f"{place}#class-{name.removeprefix(NAMESPACE)}")
        yield Triple(dataset, NamedNode(_VOID + "classPartition"), part)
        yield Triple(part, NamedNode(_VOID + "class"), NamedNode(name))
        classes = schema.with_above(name)
        for used in sorted(each for each, domain in schema.domain.items() if domain & classes):
            yield from _property(part, used, schema)


def _property(part: NamedNode, used: str, schema: _Schema) -> Iterator[Triple]:
    own = NamedNode(f"{part.value}-{used.removeprefix(NAMESPACE)}")
    yield Triple(part, NamedNode(_VOID + "propertyPartition"), own)
    yield Triple(own, NamedNode(_VOID + "property"), NamedNode(used))
    for target in sorted(schema.range.get(used, ())):
        value = NamedNode(f"{own.value}-of")
        if target.startswith((_XSD, _RDF)):
            yield Triple(own, NamedNode(_DATATYPES + "datatypePartition"), value)
            yield Triple(value, NamedNode(_DATATYPES + "datatype"), NamedNode(target))
        else:
            yield Triple(own, NamedNode(_VOID + "classPartition"), value)
            yield Triple(value, NamedNode(_VOID + "class"), NamedNode(target))

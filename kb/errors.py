"""The exceptions that Factline raises on purpose.

::

    FactlineError                 exit code 1: something in the data was wrong
    ├── DocumentError             a file or a line of it that cannot be read as a document
    ├── RuleError                 a rule or lexicon file that cannot be used
    ├── StoreError                the store cannot be opened, read or written
    │   ├── StoreLockedError      another process holds the store for writing
    │   └── StoreMissingError     there is no store where one was asked for
    ├── ConflictError             someone else has decided meanwhile
    ├── ValidationError           a graph breaks a shape
    └── UsageError                exit code 2: wrong usage
        ├── UnknownQueryError     no named query of that name
        ├── ParameterError        a parameter that the query does not have, or a value of the wrong type
        └── SparqlError           SPARQL that does not parse

Every message names the place (file, line, parameter) and the way out.
"""

from __future__ import annotations


class FactlineError(Exception):
    """Something in the data was wrong; the message says where and what to do."""

    exit_code = 1


class DocumentError(FactlineError):
    """A file, or one line of a file, cannot be read as a document."""


class RuleError(FactlineError):
    """A rule or lexicon file cannot be used."""


class StoreError(FactlineError):
    """The store cannot be opened, read or written."""


class StoreLockedError(StoreError):
    """Another process holds the store for writing."""


class StoreMissingError(StoreError):
    """There is no store where one was asked for."""


class ConflictError(FactlineError):
    """Someone else has decided meanwhile on what was to be decided; the message says who, what and the new state."""


class ValidationError(FactlineError):
    """A graph breaks a shape; the message is the shape's own."""


class UsageError(FactlineError):
    """The command, the URL or the query was used wrongly."""

    exit_code = 2


class UnknownQueryError(UsageError):
    """There is no named query of that name."""


class ParameterError(UsageError):
    """A parameter that the query does not have, or a value of the wrong type."""


class SparqlError(UsageError):
    """SPARQL text that does not parse."""

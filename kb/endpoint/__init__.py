"""Arbitrary SPARQL in worker processes: limited in time, rows, bytes and memory, without a network, and killable."""

from kb.endpoint.errors import (
    BusyError,
    EndedError,
    LimitError,
    MemoryLimitError,
    RateError,
    SizeLimitError,
    TimeLimitError,
)
from kb.endpoint.evaluate import EXPLANATION, Answer, FormError, Job, evaluate
from kb.endpoint.named import Named
from kb.endpoint.pool import Pool
from kb.endpoint.settings import ANONYMOUS, NAMED, Limits, Settings, Updates
from kb.endpoint.ticket import Ticket
from kb.endpoint.write import Write, writer_pool

__all__ = [
    "ANONYMOUS",
    "EXPLANATION",
    "NAMED",
    "Answer",
    "BusyError",
    "EndedError",
    "FormError",
    "Job",
    "LimitError",
    "Limits",
    "MemoryLimitError",
    "Named",
    "Pool",
    "RateError",
    "Settings",
    "SizeLimitError",
    "Ticket",
    "TimeLimitError",
    "Updates",
    "Write",
    "evaluate",
    "writer_pool",
]

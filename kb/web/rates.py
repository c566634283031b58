"""How often each caller may ask: a token by its name, others by their address."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Mapping

import limits
from fastapi import Request
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from kb.access import Caller
from kb.endpoint import RateError
from kb.endpoint.settings import CLASSES
from kb.errors import UsageError


class Rates:
    """Counts requests; ``rates`` gives by the class of callers how often ("600/minute"), and none means no limit.

    A caller without a token that asks from this very machine is not counted: it is the operator, or a proxy that does
    not say for whom it asks. Raises UsageError for what is no rate.
    """

    def __init__(self, rates: Mapping[str, str]) -> None:
        self._items = {name: _read(name, rate) for name, rate in rates.items() if rate}
        self._limiter = MovingWindowRateLimiter(MemoryStorage()) if self._items else None

    def count(self, request: Request, caller: Caller) -> None:
        """Counts one request; raises RateError when it is one too many."""
        item = self._items.get(caller.kind)
        who = caller.name or _address(request)
        if item is None or self._limiter is None or who is None:
            return
        if not self._limiter.hit(item, caller.kind, who):
            until = self._limiter.get_window_stats(item, caller.kind, who).reset_time
            seconds = max(1, math.ceil(until - time.time()))
            raise RateError(
                f"More than {item.amount} requests in {item.get_expiry()} seconds; try again in {seconds} seconds.",
                {"Retry-After": str(seconds)},
            )


def _read(name: str, rate: str) -> limits.RateLimitItem:
    if name not in CLASSES:
        raise UsageError(f"{name!r} is no class of callers; they are {', '.join(CLASSES)}")
    try:
        return limits.parse(rate)
    except ValueError:
        raise UsageError(f"{rate!r} is no rate; write it like 600/minute") from None


def _address(request: Request) -> str | None:
    """Who asks, without a token: an address, or the network of one in IPv6; None for this machine."""
    if request.client is None:
        return None
    try:
        address = ipaddress.ip_address(request.client.host.partition("%")[0])
    except ValueError:
        return request.client.host
    if address.is_loopback:
        return None
    if address.version == 6:  # one subscriber has a whole /64
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)

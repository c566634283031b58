"""From claims to events: what several documents say of one happening, side by side."""

from kb.track.events import events
from kb.track.graph import track, tracked
from kb.track.records import Event, Mention

__all__ = ["Event", "Mention", "events", "track", "tracked"]

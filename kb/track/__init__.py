"""From claims to events and figures: what several documents say of one happening, side by side."""

from kb.track.events import events
from kb.track.records import Event, Mention
from kb.track.tracking import forget, track

__all__ = ["Event", "Mention", "events", "forget", "track"]

"""Owns events between their commit and their handlers: at least once, in order per record.
Does not know who listens (config/events) nor what an event means."""

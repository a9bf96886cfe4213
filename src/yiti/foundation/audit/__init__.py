"""Owns the trail: who did or opened what, when, for which purpose, and what was refused.
Rows are only ever added. Is not application data: no room builds its behaviour on it."""

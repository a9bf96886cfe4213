"""Owns the motor of background work (procrastinate): what runs when, and the reaper of stalled jobs.
Owns no business fact: a job only wakes a command that looks at tables."""

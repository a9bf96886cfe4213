"""Pure Python that every room may lean on: who acts, what went wrong, ids, time, money,
Chinese identifiers, and the transition tables of a handoff.
Knows no Django, no database, no file and no network."""

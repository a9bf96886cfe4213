"""Owns handoffs: who asked whom for what, whose turn it is, by when, and every step anybody took.
One function moves a handoff; work lists, clocks, alerts and the bell all read what it wrote.
Does not own what a kind of handoff is about: referrals and others declare a table and keep details."""

"""Attacks and accidents as tables: what is tried, and the answer that is expected."""

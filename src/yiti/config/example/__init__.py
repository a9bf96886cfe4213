"""The invented people of an example county: who they are and what happened to them in twelve months.

Pure and repeatable: the same seed and the same day make the same county. Numbers carry the fictitious
region code 999826, so that no resident number here can be anybody's.
"""

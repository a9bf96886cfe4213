"""Owns the words of the house: code systems (ICD-10, WS and GB tables, our own lists) and their concepts.
Published codes are never renamed, reused or deleted; wording for people comes from here.
Does not own drugs and prices (supply), institutions (facilities) or limits and thresholds (rules)."""

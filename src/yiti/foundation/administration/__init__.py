"""Owns the pages of the three administrators: who did what, and which rules are in force.
Owns no table: it reads the rooms of the foundation."""

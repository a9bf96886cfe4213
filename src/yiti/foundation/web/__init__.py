"""Owns the shell every page stands in: pages, errors, tables, forms, icons, tokens, health.
Does not know any registry or care; rooms bring their own templates and register menu and panels."""

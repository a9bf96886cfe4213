"""Owns what a person has typed and not yet submitted, so that no lost line and no timeout eats it.
A draft is raw text of one form by one user about one subject; only its writer ever sees it."""

"""Owns permissions by name and the scope of a transaction: whose eyes the database looks through.
Does not own users, roles or postings (accounts, staff), nor who may open which record (residents)."""

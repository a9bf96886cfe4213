"""Owns people at work: who they are, their licences, dated postings and teams.
Does not own accounts and roles (accounts) nor the places they work at (facilities)."""

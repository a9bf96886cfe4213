"""Owns users, how they sign in, roles and the permissions that make a role.
Does not own people at work, their postings or teams (staff), nor what a scope is (access)."""

"""Owns courses of care across institutions: episodes, their visits, and what is written in them.
Does not own who may open a record (residents), referrals and other handoffs, beds, or prescriptions.
Facts are only added; a correction is a new row that names the one it replaces."""

"""Owns the two-way referral: the way up with bed and transport, the way down with a plan, and the closing.
Does not own states, clocks and work lists (handoffs), beds (facilities), nor visits (episodes)."""

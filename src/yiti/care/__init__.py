"""Care that crosses institutions: referrals first."""

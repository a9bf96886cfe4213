"""Owns where care happens: regions, institutions, departments, beds and their use, dated consortium and
alliance membership, and what each institution can treat.
Does not own who works there (staff), who lies in a bed (episodes), nor why a bed is held (handoffs)."""

"""Long proofs through the real pages: people at desks write, and what they stand on is killed or cut."""

"""Owns who lives in the county: index card, record, identifiers, household, allergies, risk marks, and who
may open a record until when. Does not own what happens to a person (episodes, handoffs), plans or contracts.
The card is for the whole county; the record opens only to institutions with a live `RecordAccess`."""

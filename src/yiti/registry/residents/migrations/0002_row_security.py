"""Who may read and change which rows (decisions 11 to 13), and what nobody may change at all.

A record is open to an institution with a live row in `residents_recordaccess`. The institution is
the transaction-local setting `yiti.institution`; set nowhere, it opens nothing. An insert may use an
access of this very moment even if the clock of the pages runs ahead of the database's, so the check
of new rows does not ask for `valid_from`.
"""

from django.db import migrations

# Table, and the column that says whose record a row belongs to.
GUARDED = (
    ("residents_resident", "id"),
    ("residents_residentchange", "person_id"),
    ("residents_identifier", "person_id"),
    ("residents_allergy", "person_id"),
    ("residents_riskmark", "person_id"),
    ("residents_breakglass", "person_id"),
    ("residents_householdmember", "person_id"),
    ("residents_merge", "kept_id"),
)

OPEN = """EXISTS (
        SELECT 1 FROM residents_recordaccess AS access
        WHERE access.person_id = {table}.{column}
          AND access.institution_id = NULLIF(current_setting('yiti.institution', true), '')::uuid
          AND (access.valid_until IS NULL OR access.valid_until > statement_timestamp()){from_now}
    )"""
FROM_NOW = "\n          AND access.valid_from <= statement_timestamp()"

GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_open ON {table} TO yiti_app
    USING ({using})
    WITH CHECK ({check});
CREATE POLICY {table}_jobs ON {table} TO yiti_worker USING (true) WITH CHECK (true);
"""
UNGUARD = """
DROP POLICY {table}_jobs ON {table};
DROP POLICY {table}_open ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""

# A household is seen by those who may open its head or, by the policy above, any of its members.
MEMBER = """EXISTS (
        SELECT 1 FROM residents_householdmember AS member
        WHERE member.household_id = residents_household.id
    )"""


def guard() -> str:
    """The policies of every guarded table."""
    parts = []
    for table, column in GUARDED:
        using = OPEN.format(table=table, column=column, from_now=FROM_NOW)
        check = OPEN.format(table=table, column=column, from_now="")
        parts.append(GUARD.format(table=table, using=using, check=check))
    head = OPEN.format(table="residents_household", column="head_id", from_now="")
    parts.append(GUARD.format(table="residents_household", using=f"{head} OR {MEMBER}", check=f"{head} OR {MEMBER}"))
    return "".join(parts)


def unguard() -> str:
    """Takes the policies away again."""
    tables = ["residents_household", *(table for table, _ in GUARDED)]
    return "".join(UNGUARD.format(table=table) for table in tables)


# Facts are added, never changed; what ends has its end written once. Nothing is deleted.
KEEP = """
REVOKE UPDATE, DELETE, TRUNCATE ON
    residents_recordaccess, residents_residentchange, residents_identifier, residents_allergy, residents_riskmark,
    residents_breakglass, residents_householdmember, residents_merge
    FROM yiti_app, yiti_worker;
GRANT UPDATE (valid_until) ON residents_recordaccess TO yiti_app, yiti_worker;
GRANT UPDATE (ended_at) ON residents_identifier TO yiti_app, yiti_worker;
GRANT UPDATE (until_date, ended_at, ended_by) ON residents_riskmark TO yiti_app, yiti_worker;
GRANT UPDATE (left_at) ON residents_householdmember TO yiti_app, yiti_worker;
GRANT UPDATE (unmerged_at, unmerged_by) ON residents_merge TO yiti_app, yiti_worker;
REVOKE DELETE, TRUNCATE ON residents_card, residents_resident, residents_household FROM yiti_app, yiti_worker;
"""
UNKEEP = """
GRANT UPDATE, DELETE ON
    residents_recordaccess, residents_residentchange, residents_identifier, residents_allergy, residents_riskmark,
    residents_breakglass, residents_householdmember, residents_merge
    TO yiti_app, yiti_worker;
GRANT DELETE ON residents_card, residents_resident, residents_household TO yiti_app, yiti_worker;
"""

# Merging goes to a record that is not merged itself, so following `merged_into` always ends.
MERGE_ENDS = """
CREATE FUNCTION residents_merge_into_canonical() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM residents_card WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a card is merged only into one that is not merged itself: %', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER residents_card_merge_ends BEFORE INSERT OR UPDATE OF merged_into_id ON residents_card
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION residents_merge_into_canonical();
"""
MERGE_MAY_LOOP = """
DROP TRIGGER residents_card_merge_ends ON residents_card;
DROP FUNCTION residents_merge_into_canonical();
"""

COUNTY_NUMBER = """
CREATE SEQUENCE residents_county_number;
GRANT USAGE ON SEQUENCE residents_county_number TO yiti_app, yiti_worker, yiti_loader;
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0001_initial")]
    operations = [
        migrations.RunSQL(guard(), unguard()),
        migrations.RunSQL(KEEP, UNKEEP),
        migrations.RunSQL(MERGE_ENDS, MERGE_MAY_LOOP),
        migrations.RunSQL(COUNTY_NUMBER, "DROP SEQUENCE residents_county_number;"),
    ]

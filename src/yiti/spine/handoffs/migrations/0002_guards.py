"""What the database itself refuses: rows without scope, moves without an event, changed history."""

from django.db import migrations

OWN = "(SELECT NULLIF(current_setting('yiti.institution', true), '')::uuid)"
ME = "(SELECT NULLIF(current_setting('yiti.user', true), '')::uuid)"
OVERSEEN = "(SELECT NULLIF(current_setting('yiti.oversees', true), '')::uuid[])"
# whose act it is: somebody's of this institution, or the system's in the same transaction
ACTING = f"institution_id IN ({OWN}, '00000000-0000-0000-0000-000000000000')"
IS_PARTY = f"EXISTS (SELECT FROM handoffs_handoff h WHERE h.id = handoff_id AND {OWN} = ANY (h.parties))"
IS_SEEN = "EXISTS (SELECT FROM handoffs_handoff h WHERE h.id = handoff_id)"

TABLES = (
    "handoffs_handoff",
    "handoffs_handoffevent",
    "handoffs_handoffmessage",
    "handoffs_handoffnotice",
    "handoffs_bellmark",
)
APPEND_ONLY = TABLES[1:4]

POLICIES = f"""
CREATE POLICY handoffs_see ON handoffs_handoff FOR SELECT TO yiti_app USING (
    {OWN} = ANY (parties)
    OR parties && {OVERSEEN}
    OR EXISTS (SELECT FROM residents_recordaccess a
               WHERE a.person_id = handoffs_handoff.person_id AND a.institution_id = {OWN}
                 AND a.valid_from <= statement_timestamp()
                 AND (a.valid_until IS NULL OR a.valid_until > statement_timestamp())));
CREATE POLICY handoffs_ask ON handoffs_handoff FOR INSERT TO yiti_app
    WITH CHECK (requester_institution_id = {OWN});
CREATE POLICY handoffs_move ON handoffs_handoff FOR UPDATE TO yiti_app
    USING ({OWN} = ANY (parties)) WITH CHECK ({OWN} = ANY (parties));
CREATE POLICY handoffs_see ON handoffs_handoffevent FOR SELECT TO yiti_app USING ({IS_SEEN});
CREATE POLICY handoffs_add ON handoffs_handoffevent FOR INSERT TO yiti_app
    WITH CHECK ({ACTING} AND {IS_PARTY});
CREATE POLICY handoffs_see ON handoffs_handoffmessage FOR SELECT TO yiti_app USING ({IS_SEEN});
CREATE POLICY handoffs_add ON handoffs_handoffmessage FOR INSERT TO yiti_app
    WITH CHECK (institution_id = {OWN} AND {IS_PARTY});
CREATE POLICY handoffs_see ON handoffs_handoffnotice FOR SELECT TO yiti_app USING (institution_id = {OWN});
CREATE POLICY handoffs_add ON handoffs_handoffnotice FOR INSERT TO yiti_app WITH CHECK ({IS_PARTY});
CREATE POLICY handoffs_own ON handoffs_bellmark TO yiti_app USING (user_id = {ME}) WITH CHECK (user_id = {ME});
"""

SECURE = "".join(
    f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY handoffs_work ON {table} TO yiti_worker USING (true) WITH CHECK (true);
"""
    for table in TABLES
)

HISTORY = f"""
CREATE FUNCTION handoffs_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of handoffs is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM yiti_app, yiti_worker, yiti_loader;
CREATE TRIGGER handoffs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION handoffs_refuse_change();
"""
    for table in APPEND_ONLY
)

MOVES = """
REVOKE DELETE, TRUNCATE ON handoffs_handoff, handoffs_numberseries FROM yiti_app, yiti_worker, yiti_loader;
ALTER TABLE handoffs_handoff ADD CONSTRAINT handoffs_parties_see_it CHECK (
    CASE WHEN sent_at IS NULL THEN parties = ARRAY[requester_institution_id]
    ELSE parties @> array_remove(
        ARRAY[requester_institution_id, performer_institution_id, follower_institution_id], NULL)
    END);
CREATE FUNCTION handoffs_explained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.kind, NEW.number, NEW.chain_id, NEW.person_id, NEW.opened_at,
        NEW.requester_institution_id, NEW.between_institutions)
       IS DISTINCT FROM
       (OLD.id, OLD.kind, OLD.number, OLD.chain_id, OLD.person_id, OLD.opened_at,
        OLD.requester_institution_id, OLD.between_institutions) THEN
        RAISE EXCEPTION 'what a handoff is about never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.revision <> OLD.revision + 1 OR NOT EXISTS (
        SELECT FROM handoffs_handoffevent e
        WHERE e.handoff_id = NEW.id AND e.seq = NEW.revision
          AND e.from_state = OLD.state AND e.to_state = NEW.state) THEN
        RAISE EXCEPTION 'a handoff changes only together with the event that explains it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handoffs_explained BEFORE UPDATE ON handoffs_handoff
    FOR EACH ROW EXECUTE FUNCTION handoffs_explained();
"""

BACKWARD = (
    "DROP TRIGGER handoffs_explained ON handoffs_handoff; DROP FUNCTION handoffs_explained();"
    "ALTER TABLE handoffs_handoff DROP CONSTRAINT handoffs_parties_see_it;"
    + "".join(f"DROP TRIGGER handoffs_append_only ON {table};" for table in APPEND_ONLY)
    + "DROP FUNCTION handoffs_refuse_change();"
    + "".join(
        f"DROP POLICY IF EXISTS {policy} ON {table};"
        for table in TABLES
        for policy in ("handoffs_see", "handoffs_ask", "handoffs_move", "handoffs_add", "handoffs_own", "handoffs_work")
    )
    + "".join(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;" for table in TABLES)
)


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0001_initial"), ("residents", "0001_initial")]
    operations = [migrations.RunSQL(POLICIES + SECURE + HISTORY + MOVES, BACKWARD)]

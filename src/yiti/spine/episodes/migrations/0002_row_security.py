"""Who may read and change which rows, what nobody may change, and facts that stay with their visit.

A row is open to an institution with a live access to the record of its person (residents, migration
0002, where the words of the policy are explained). Without a scope nothing is open.
"""

from django.db import migrations

FACTS = (
    "episodes_vitalreading",
    "episodes_diagnosis",
    "episodes_note",
    "episodes_treatment",
    "episodes_discharge",
)
LISTS = ("episodes_medicationlist", "episodes_currentmedication")
COURSES = ("episodes_episode", "episodes_episodechain", "episodes_visit", "episodes_episodejoin")
GUARDED = (*COURSES, *FACTS, *LISTS)

OPEN = """EXISTS (
        SELECT 1 FROM residents_recordaccess AS access
        WHERE access.person_id = {table}.person_id
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


def guard() -> str:
    """The policies of every guarded table."""
    return "".join(
        GUARD.format(
            table=table,
            using=OPEN.format(table=table, from_now=FROM_NOW),
            check=OPEN.format(table=table, from_now=""),
        )
        for table in GUARDED
    )


# Facts are added, never changed. Of a visit only its episode, bed and end may change; of an episode
# all but whose it is, its number and where it began. Nothing is deleted.
APPEND_ONLY = ", ".join((*FACTS, *LISTS, "episodes_episodejoin"))
KEEP = f"""
REVOKE UPDATE, DELETE, TRUNCATE ON {APPEND_ONLY} FROM yiti_app, yiti_worker, yiti_loader;
REVOKE UPDATE, DELETE, TRUNCATE ON episodes_episode, episodes_visit, episodes_episodechain
    FROM yiti_app, yiti_worker;
GRANT UPDATE (episode_id, bed_id, ended_at, ended_by, revision) ON episodes_visit TO yiti_app, yiti_worker;
GRANT UPDATE (episode_id, until) ON episodes_episodechain TO yiti_app, yiti_worker;
GRANT UPDATE (opened_at, state, last_active_at, closed_at, closed_by, close_reason, merged_into_id, revision)
    ON episodes_episode TO yiti_app, yiti_worker;
REVOKE DELETE, TRUNCATE ON episodes_episodemonth FROM yiti_app, yiti_worker;
"""
UNKEEP = f"""
GRANT UPDATE, DELETE ON {APPEND_ONLY} TO yiti_app, yiti_worker, yiti_loader;
GRANT UPDATE, DELETE ON episodes_episode, episodes_visit, episodes_episodechain, episodes_episodemonth
    TO yiti_app, yiti_worker;
"""

TIE = """
ALTER TABLE {table} ADD CONSTRAINT {table}_{what} FOREIGN KEY ({columns})
    REFERENCES {target} ({target_columns});
"""
UNTIE = "ALTER TABLE {table} DROP CONSTRAINT {table}_{what};\n"


def ties() -> list[dict[str, str]]:
    """A fact is of the person of its visit, and a correction of the visit of what it corrects."""
    of_visit = {"what": "person_of_visit", "columns": "visit_id, person_id", "target": "episodes_visit"}
    found = [{"table": t, **of_visit, "target_columns": "id, person_id"} for t in (*FACTS, LISTS[0], COURSES[3])]
    found += [
        {
            "table": table,
            "what": "corrects_same_visit",
            "columns": "replaces_id, visit_id",
            "target": table,
            "target_columns": "id, visit_id",
        }
        for table in FACTS
    ]
    found.append(
        {
            "table": LISTS[1],
            "what": "person_of_list",
            "columns": "list_id, person_id",
            "target": LISTS[0],
            "target_columns": "id, person_id",
        }
    )
    return found


class Migration(migrations.Migration):
    dependencies = [("episodes", "0001_initial"), ("residents", "0002_row_security")]
    operations = [
        migrations.RunSQL(guard(), "".join(UNGUARD.format(table=table) for table in GUARDED)),
        migrations.RunSQL(KEEP, UNKEEP),
        migrations.RunSQL(
            "".join(TIE.format(**tie) for tie in ties()), "".join(UNTIE.format(**tie) for tie in ties())
        ),
    ]

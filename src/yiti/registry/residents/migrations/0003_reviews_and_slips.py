"""Reviews of emergency openings, and slips with which people see who looked at their record.

The auditor sees the openings themselves and writes the reviews, but no record (`yiti.audits`, set for those
who hold `audit.read`); who opened sees the opening and its review after the access has ended. A slip is
seen where the record is open, and by whoever holds its code: then `yiti.user` is the key of the slip.
"""

import django.db.models.deletion
import yiti.kernel.ids
import yiti.registry.residents.domain.glass
from django.db import migrations, models

ME = "(SELECT NULLIF(current_setting('yiti.user', true), '')::uuid)"
AUDITS = "(SELECT current_setting('yiti.audits', true) = 'on')"
NOW = "statement_timestamp()"
OPEN = f"""EXISTS (
        SELECT FROM residents_recordaccess AS access
        WHERE access.person_id = residents_lookedcode.person_id
          AND access.institution_id = (SELECT NULLIF(current_setting('yiti.institution', true), '')::uuid)
          AND (access.valid_until IS NULL OR access.valid_until > {NOW})
    )"""
GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_jobs ON {table} TO yiti_worker USING (true) WITH CHECK (true);
"""
TABLES = ("residents_glassreview", "residents_glassmark", "residents_lookedcode")
FORWARD = "".join(GUARD.format(table=table) for table in TABLES) + f"""
CREATE POLICY residents_breakglass_audited ON residents_breakglass FOR SELECT TO yiti_app USING ({AUDITS});
CREATE POLICY residents_breakglass_own ON residents_breakglass FOR SELECT TO yiti_app USING (opened_by = {ME});
CREATE POLICY residents_glassreview_read ON residents_glassreview FOR SELECT TO yiti_app
    USING (EXISTS (SELECT FROM residents_breakglass AS glass WHERE glass.id = glass_id));
CREATE POLICY residents_glassreview_add ON residents_glassreview FOR INSERT TO yiti_app
    WITH CHECK ({AUDITS} AND reviewed_by = {ME} AND EXISTS (
        SELECT FROM residents_breakglass AS glass WHERE glass.id = glass_id AND glass.opened_by <> {ME}));
CREATE POLICY residents_glassmark_own ON residents_glassmark TO yiti_app
    USING (user_id = {ME}) WITH CHECK (user_id = {ME});
CREATE POLICY residents_lookedcode_open ON residents_lookedcode TO yiti_app USING ({OPEN}) WITH CHECK ({OPEN});
CREATE POLICY residents_lookedcode_read ON residents_lookedcode FOR SELECT TO yiti_app USING (id = {ME});
CREATE POLICY residents_lookedcode_use ON residents_lookedcode FOR UPDATE TO yiti_app
    USING (id = {ME}) WITH CHECK (id = {ME});
REVOKE UPDATE, DELETE, TRUNCATE ON residents_glassreview, residents_lookedcode FROM yiti_app, yiti_worker;
REVOKE DELETE, TRUNCATE ON residents_glassmark FROM yiti_app, yiti_worker;
GRANT UPDATE (valid_until, wrong_tries, used_at, open_until) ON residents_lookedcode TO yiti_app;
"""
BACKWARD = """
DROP POLICY residents_breakglass_audited ON residents_breakglass;
DROP POLICY residents_breakglass_own ON residents_breakglass;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('facilities', '0002_facts_stay'),
        ('residents', '0002_row_security'),
    ]

    operations = [
        migrations.CreateModel(
            name='GlassMark',
            fields=[
                ('id', models.UUIDField(default=yiti.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField(unique=True)),
                ('read_until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='GlassReview',
            fields=[
                ('glass', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='review', serialize=False, to='residents.breakglass')),
                ('verdict', models.CharField(max_length=12)),
                ('note', models.CharField(max_length=200)),
                ('reviewed_at', models.DateTimeField()),
                ('reviewed_by', models.UUIDField()),
                ('reviewed_by_name', models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name='LookedCode',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('asks', models.CharField(max_length=6)),
                ('answer', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('issued_by', models.UUIDField()),
                ('issued_by_name', models.CharField(max_length=60)),
                ('valid_until', models.DateTimeField()),
                ('wrong_tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('open_until', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='breakglass',
            index=models.Index(fields=['-opened_at'], name='residents_break_glass_latest'),
        ),
        migrations.AddConstraint(
            model_name='glassreview',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', [yiti.registry.residents.domain.glass.Verdict['JUSTIFIED'], yiti.registry.residents.domain.glass.Verdict['UNJUSTIFIED']])), name='residents_glass_verdict'),
        ),
        migrations.AddConstraint(
            model_name='glassreview',
            constraint=models.CheckConstraint(condition=models.Q(('note__regex', '^.{5,}$')), name='residents_glass_review_says_why'),
        ),
        migrations.AddField(
            model_name='lookedcode',
            name='institution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='facilities.institution'),
        ),
        migrations.AddField(
            model_name='lookedcode',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='residents.card'),
        ),
        migrations.AddConstraint(
            model_name='lookedcode',
            constraint=models.CheckConstraint(condition=models.Q(('asks__in', ['number', 'birth'])), name='residents_looked_asks'),
        ),
        migrations.AddConstraint(
            model_name='lookedcode',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__gte', models.F('issued_at'))), name='residents_looked_period'),
        ),
        migrations.AddConstraint(
            model_name='lookedcode',
            constraint=models.CheckConstraint(condition=models.Q(('wrong_tries__lte', 5)), name='residents_looked_tries'),
        ),
        migrations.AddConstraint(
            model_name='lookedcode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('open_until__isnull', True), ('used_at__isnull', True)), models.Q(('open_until__gt', models.F('used_at')), ('used_at__isnull', False)), _connector='OR'), name='residents_looked_used'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

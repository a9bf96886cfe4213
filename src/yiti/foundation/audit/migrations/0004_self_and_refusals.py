"""People who look at who looked at their record have a purpose of their own; refusals have an index; the
worker counts what users did on finished days, and only it."""

from django.db import migrations, models

import yiti.kernel.ids

PURPOSES = ["care", "management", "audit", "emergency", "system", "self"]

GRANTS = """
REVOKE ALL ON audit_userdaycount FROM yiti_app, yiti_worker, yiti_loader;
GRANT SELECT ON audit_userdaycount TO yiti_app, yiti_worker, yiti_loader;
GRANT INSERT ON audit_userdaycount TO yiti_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_seals")]

    operations = [
        migrations.RemoveConstraint(model_name="auditentry", name="audit_purpose_known"),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", PURPOSES)), name="audit_purpose_known"
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("outcome", "refused")), fields=["-at"], name="audit_refused_at"
            ),
        ),
        migrations.CreateModel(
            name="UserDayCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=yiti.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("user_id", models.UUIDField()),
                ("day", models.DateField()),
                ("user_name", models.CharField(max_length=60)),
                ("institution_name", models.CharField(blank=True, max_length=120)),
                ("people", models.PositiveIntegerField()),
                ("searches", models.PositiveIntegerField()),
                ("night", models.PositiveIntegerField()),
                ("closed", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["user_id", "day"], name="audit_user_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "user_id"), name="audit_user_day_once")
                ],
            },
        ),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0010_notice_settled"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailServer",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("host", models.CharField(max_length=253)),
                ("port", models.PositiveIntegerField()),
                (
                    "tls",
                    models.CharField(
                        choices=[
                            ("starttls", "STARTTLS, usually port 587"),
                            ("implicit", "TLS from the first byte, usually port 465"),
                            ("none", "None: only to a relay in your own network"),
                        ],
                        max_length=10,
                    ),
                ),
                ("user", models.CharField(blank=True, max_length=254)),
                ("sealed_password", models.BinaryField(blank=True)),
                ("sender", models.CharField(max_length=320)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_mail_server")],
            },
        ),
    ]

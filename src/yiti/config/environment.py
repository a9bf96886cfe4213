"""What the surroundings decide: one frozen value, read once, refused when incomplete."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Literal

from psycopg.conninfo import conninfo_to_dict
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from yiti.foundation.accounts.domain import SecondFactor

ROOT = Path(__file__).resolve().parents[3]


class DatabaseRole(StrEnum):
    """The four database roles; a process connects as exactly one (decision 13)."""

    APP = "app"
    OWNER = "owner"
    WORKER = "worker"
    LOADER = "loader"


# What the server does to the pages that keep it waiting. A person gives up after a few seconds, and a
# thread that waits serves nobody. The worker, the loader and the owner work through whole tables and wait
# as long as it takes.
PATIENCE = {
    "statement_timeout": "5s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "30s",
}
ASKED_TWICE = 2  # and the plan of a statement is kept
CONNECT_SECONDS = "5"


class Environment(BaseSettings):
    """Environment variables of a Yiti process. `yiti serve` sets the database ones itself when it
    runs the embedded server."""

    model_config = SettingsConfigDict(frozen=True)

    database_url: str = Field("", validation_alias="DATABASE_URL")
    owner_url: str = Field("", validation_alias="YITI_OWNER_URL")
    worker_url: str = Field("", validation_alias="YITI_WORKER_URL")
    loader_url: str = Field("", validation_alias="YITI_LOADER_URL")
    role: DatabaseRole = Field(DatabaseRole.APP, validation_alias="YITI_DB_ROLE")
    secret_key: str = Field("", validation_alias="YITI_SECRET_KEY")
    metrics_token: str = Field("", validation_alias="YITI_METRICS_TOKEN")
    marks: str = Field("", validation_alias="YITI_MARKS")
    disk: str = Field("", validation_alias="YITI_DISK")
    log: Literal["", "json", "console", "debug"] = Field("", validation_alias="YITI_LOG")
    debug: bool = Field(default=False, validation_alias="YITI_DEBUG")
    https: bool = Field(default=False, validation_alias="YITI_HTTPS")
    hosts: str = Field("127.0.0.1,localhost", validation_alias="YITI_HOSTS")
    county: str = Field("", validation_alias="YITI_COUNTY")
    second_factor: SecondFactor = Field(SecondFactor.ADMINISTRATORS, validation_alias="YITI_SECOND_FACTOR")

    def database(self) -> dict[str, object]:
        """Django's DATABASES entry for the role of this process."""
        urls = {
            DatabaseRole.APP: self.database_url,
            DatabaseRole.OWNER: self.owner_url,
            DatabaseRole.WORKER: self.worker_url,
            DatabaseRole.LOADER: self.loader_url,
        }
        parts = conninfo_to_dict(urls[self.role])
        named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        entry: dict[str, object] = {named[k]: v for k, v in parts.items() if k in named}
        options = {k: v for k, v in parts.items() if k not in named}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": _of_pages(options) if self.role is DatabaseRole.APP else options,
            **entry,
        }


def _of_pages(options: Mapping[str, object]) -> dict[str, object]:
    """Connection options with our patience in them; what the address itself says comes last and wins.

    Pages ask the same few hundred questions all day: the server keeps the plan of each, which takes longer
    to make than to follow (row security looks into several tables).
    """
    ours = " ".join(f"-c {name}={value}" for name, value in PATIENCE.items())
    said = f"{ours} {options.get('options', '')}".strip()
    kept = {"server_side_binding": True, "prepare_threshold": ASKED_TWICE}
    return {"connect_timeout": CONNECT_SECONDS, **kept, **options, "options": said}

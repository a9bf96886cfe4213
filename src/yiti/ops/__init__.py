"""Runs Yiti on a machine: the embedded PostgreSQL, its roles, the processes, and the command `yiti`.
Owns no page, no table and no rule of care; it calls the rest through Django's management commands.
Linux only: it reads /proc, and the embedded server speaks through a UNIX socket."""

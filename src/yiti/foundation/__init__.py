"""What every room stands on: access, audit, outbox, jobs, rules, accounts, web.
Knows no registry: owners and records are (kind, id), people are an Actor that the edge built."""

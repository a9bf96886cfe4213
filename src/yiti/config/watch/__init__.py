"""What operators see of a running Yiti: a line a request, figures for Prometheus. Never anybody's data."""

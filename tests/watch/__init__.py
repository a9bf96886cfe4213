"""What operators see: log lines and figures."""

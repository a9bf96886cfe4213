"""What everything hangs on: episodes and handoffs."""

"""Yiti 一体: runs a tight-knit county medical consortium (紧密型县域医共体)."""

__version__ = "0.1.0"

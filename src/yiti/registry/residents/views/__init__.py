"""Pages of residents: parse, command, select, render."""

"""Owns the rulebook: dated rule data in YAML files, and which rule holds where and when.
Does not know what a rule is used for: the rooms that ask do the arithmetic.
Has no tables; who changes a rule changes a file, and starts Yiti again."""

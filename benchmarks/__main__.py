"""`python -m benchmarks [NAME ...]` measures (all, or those named); `--write-docs` makes the page of
figures."""

from __future__ import annotations

import argparse
from importlib import import_module

from benchmarks import measuring, page

NAMES = ("whole_county", "sending", "duplicates", "desk_check")


def main() -> None:
    """Measure and keep what was found; then write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--write-docs", action="store_true", help="only make docs/performance.md")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    for name in () if asked.write_docs else asked.names or NAMES:
        print(f"{name} ...")
        measuring.write(name, import_module(f"benchmarks.{name}").run())
    page.PATH.write_text(page.text(), encoding="utf-8")


if __name__ == "__main__":
    main()

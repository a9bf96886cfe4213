"""docs/reliability.md: what each long proof promised, did and found; `make prove` runs this at its end.

The figures come from docs/proofs, the words from the table here; a proof without words fails the tests.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.proofs import FOLDER

PAGE = FOLDER.parent / "reliability.md"
RUN = ("proof", "on", "seconds", "processors", "python")  # of every proof: which, when, on what

TOP = """\
# What Yiti promises, and how it was shown

Written by `python -m tests.reliability` from [docs/proofs](proofs), which `make prove` writes anew;
do not edit it by hand. Each proof has a control: the same detector looks at a planted fault and has
to see it, else the proof fails. A figure in seconds says what that machine did beside its other
work on that day; figures of zero are what counts.

What cannot be shown on one machine is not claimed: the loss of power (killing a process leaves what
it wrote in the memory of the kernel), a second server taking over, a county's own lines.
"""
NOT_YET = "It has not been run to its end since it was last changed."


@dataclass(frozen=True)
class Words:
    """What one proof is about."""

    title: str
    promised: str
    done: str
    control: str


PROOFS = {
    "kills-of-the-database": Words(
        "Killed database servers",
        "What somebody was told is saved stays saved, once, whatever dies; the house comes back by itself.",
        "Village doctors see and refer people, talk about them, and one after the other goes the whole "
        "way up with a bed and home again, through the real pages. Meanwhile every process of the "
        "database server is killed (SIGKILL) at random moments. Who got no answer sends the same form "
        "again. At the end each acknowledged deed is looked for by the words in it, all indexes are "
        "built anew, page checksums and the county's invariants are checked.",
        "The same with `synchronous_commit` off, which `yiti serve` refuses to start on, must lose "
        "something; a page of which one bit was turned must be found.",
    ),
    "kills-of-processes": Words(
        "Killed processes of the house",
        "The same, when a process of the pages, their master or the background worker is killed in the "
        "middle of its work; no event stays unhandled and no job stays in progress.",
        "The same people write while one process after the other is killed. Ten of twelve kills hit a "
        "process that answers for pages (the older of the two: one that dies twice within 5.5 s is taken "
        "for a crash loop and ends the master as well), one the master, one the worker. It counts as back "
        "when a new write is acknowledged and all processes run.",
        "The detector of loss and doubles is the one of the two other proofs here, shown red there.",
    ),
    "cut-lines": Words(
        "Cut lines",
        "Whoever sends a form again because the line broke has not sent it twice.",
        "A proxy between browsers and pages cuts connections on the way there, before the answer is "
        "delivered and in its middle, delays others and lets some fall silent. Sixteen village doctors, "
        "each with an account of their own because no account may write faster than a person, send "
        "referrals, visits and messages until each is acknowledged; the ids come from the browser and "
        "stay the same.",
        "Browsers that make a new id at each try must double something.",
    ),
    "database-crash": Words(
        "Killed database server, plain rows",
        "The embedded server as Yiti sets it up loses no row it has acknowledged.",
        "Four connections insert rows; every process of the server is killed at random moments and the "
        "server is started again.",
        "The same with `synchronous_commit` off must lose rows.",
    ),
    "disk-full": Words(
        "A full disk",
        "Nothing that was acknowledged is lost, everybody is told calmly, and it heals without a hand.",
        "People keep drafts while the disk of the server is filled to the last byte and emptied again.",
        "A disk that makes no request fail fails the proof.",
    ),
    "restore-to-a-moment": Words(
        "Restore to a moment",
        "A mass delete is undone to the second before it, from sealed backups that need two custodians.",
        "The example county is backed up, all residents are deleted, the county is restored to the "
        "second before and each table compared.",
        "The comparison must see the delete; a damaged log, a missing log and a damaged base must each "
        "be told.",
    ),
    "one-bed": Words(
        "One bed, sixteen hands",
        "A bed never has two holders.",
        "Sixteen nurses accept sixteen people into the same bed at the same moment, again and again.",
        "Without the exclusion constraint the bed gets sixteen holders, and the race sees it.",
    ),
    "handoff-plays": Words(
        "Plays of handoffs",
        "Every history is a path of its table, and open work stands in exactly one list of each side.",
        "Random plays of steps, refusals, repeats and waits, compared with the table after each step.",
        "A list that forgets the desk and an engine that keeps records open must both be noticed.",
    ),
    "second-wall": Words(
        "The second wall",
        "With every filter of the pages taken away the database still shows nobody what is not theirs, and "
        "a connection carries nobody's scope over to the next.",
        "Four places of one county write words that stand nowhere else. In the scope of everybody at work "
        "each guarded table is read without any condition, and every row is searched for words of others. "
        "Then one connection serves people of different institutions in turn.",
        "The same as a role that row security does not bind must show words of others; a scope set for "
        "the session instead of the transaction must be seen to stay.",
    ),
    "scope": Words(
        "Nobody is told what is not theirs, and the trail knows who asked",
        "No page, file or log line shows a word of another place's people, by whichever door one asks.",
        "Everybody of four places at every door of the house with the ids of all four; every answer is "
        "searched for words that were written elsewhere. Each request about a person must have left just one "
        "row in the trail, whatever the answer was.",
        "The same questions under a role that row security does not bind must leak, and a trail that leaves "
        "every tenth page out must be found short.",
    ),
    "strings": Words(
        "Strings that break careless programs",
        "Nothing that is typed breaks a page, runs in it, or shows the inside of a fault.",
        "Each string of the list is typed into each text field of each form.",
        "An answer as a careless program would give it must be found faulty.",
    ),
    "fuzz": Words(
        "Requests as no browser sends them",
        "Whatever is sent to whichever page, by whomever, is answered without a fault, and nothing of what "
        "was stored runs when it is read.",
        "Each route in turn is asked by people of every role: forms with fields missing, doubled, of another "
        "kind or endless, addresses with every parameter the house knows, odd methods and headers, and the "
        "strings of the list. Then every page is opened in a browser that notes each script that runs, and "
        "each that only the policy of the page has stopped.",
        "A page that runs a script, and one whose script the policy stops, must both be seen.",
    ),
    "divisions": Words(
        "The whole country's divisions",
        "A list of places goes in whole, and loading it again changes nothing.",
        "All provinces, cities, counties and townships of the country are loaded and compared, then "
        "loaded again.",
        "Places that are renamed, moved or left out must be found missing.",
    ),
    "trail-at-scale": Words(
        "The trail of half a year",
        "The auditor's pages stay usable over millions of entries.",
        "Five million entries of half a year are searched for what is unusual and what was refused; "
        "nothing is asserted about the milliseconds, they are written down.",
        "A planted burst of looks must be listed.",
    ),
}


def page() -> str:
    """The whole page."""
    return "\n".join([TOP, *(section(name, words) for name, words in PROOFS.items())])


def section(name: str, words: Words) -> str:
    """One proof."""
    path = FOLDER / f"{name}.json"
    lines = [
        f"## {words.title}\n",
        f"Promised: {words.promised}\n",
        f"Done: {words.done}\n",
        f"Control: {words.control}\n",
        found_in(path) if path.exists() else f"{NOT_YET}\n",
    ]
    return "\n".join(lines)


def found_in(path: Path) -> str:
    """The figures of one run, and which it was."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    which, on, seconds, processors, python = (found[name] for name in RUN)
    rows = [
        f"| {name.replace('_', ' ')} | {said(value)} |" for name, value in found.items() if name not in RUN
    ]
    ran = f"Run on {on} in {seconds} s, {processors} processors, Python {python}: `{which}`.\n"
    return "\n".join(["| found | |", "| --- | --- |", *rows, "", ran])


def said(value: int | str) -> str:
    """A figure, or several of them."""
    try:
        several = json.loads(str(value))
    except ValueError:
        return str(value)
    if not isinstance(several, dict):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return "; ".join(f"{name}: {number:,}" for name, number in several.items()) or "none"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""The processes of `yiti serve`: figures of all of them in one scrape, lines that programs can read."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.serving import RunningServer

TOKEN = "a token that only the watching machine knows"
MANY = 40


@pytest.fixture(scope="module", autouse=True)
def token() -> object:
    """Before the server starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YITI_METRICS_TOKEN", TOKEN)
        yield


def ask(server: RunningServer, path: str, **headers: str) -> tuple[int, bytes]:
    """On a connection of its own, so that both processes get some."""
    address = urlsplit(server.url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def test_one_scrape_counts_what_all_processes_have_answered(server: RunningServer) -> None:
    for _ in range(MANY):
        assert ask(server, "/sign-in")[0] == 200
    assert ask(server, "/metrics")[0] == 404
    status, text = ask(server, "/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    counts = {
        sample.labels["route"]: sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if sample.name == "yiti_requests_total" and sample.labels["status"] == "200"
    }
    assert counts["account_login"] == MANY
    lines = [json.loads(line) for line in server.log if line.startswith("{")]
    told = [line for line in lines if line.get("route") == "account_login"]
    assert len(told) == MANY
    assert {line["process"] for line in told} == {"pages"}


def raw(server: RunningServer, *parts: bytes) -> bytes:
    """Bytes as they are to the port; the beginning of what comes back."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as line:
        try:
            for part in parts:
                line.sendall(part)
        except OSError:
            pass  # it does not want to hear more: read what it has said
        return line.recv(65536)


HEAD = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
MEGABYTE = b"0" * 1_000_000
HOSTILE = {
    "50 MB": ((HEAD + b"Content-Length: 50000000\r\n\r\n", *[MEGABYTE] * 50), (b"413",)),
    "4 GB promised": ((HEAD + b"Content-Length: 4294967296\r\n\r\n",), (b"413",)),
    "two lengths": ((HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nlogin",), (b"400",)),
    "a length that is none": ((HEAD + b"Content-Length: five\r\n\r\nlogin",), (b"400",)),
    "headers of 1 MB": ((HEAD + b"X-Long: " + MEGABYTE + b"\r\n\r\n",), (b"431", b"400")),
    "an address of 100 kB": (
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",),
        (b"414", b"431"),
    ),
    "an address too long for us": (
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",),
        (b"414",),
    ),
    "no HTTP": ((b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",), (b"400",)),
    "another house": ((b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",), (b"400",)),
}


@pytest.mark.parametrize(("parts", "statuses"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_too_much_is_refused_and_the_pages_go_on(
    parts: tuple[bytes, ...], statuses: tuple[bytes, ...], server: RunningServer
) -> None:
    answer = raw(server, *parts)
    assert answer.split(b" ")[1] in statuses, answer[:200]
    assert ask(server, "/healthz")[0] == 200
    assert not any("ended with code" in line for line in server.log)


def test_a_body_that_never_says_how_long_it_is_is_not_read(server: RunningServer) -> None:
    chunk = b"f4240\r\n" + MEGABYTE + b"\r\n"
    answer = raw(server, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 20, b"0\r\n\r\n")
    assert answer.split(b" ")[1] in (b"403", b"411", b"413"), answer[:200]
    assert ask(server, "/healthz")[0] == 200


PASSWD = "/static/" + "../" * 12 + "etc/passwd"


@pytest.mark.parametrize(
    "path",
    [
        PASSWD,
        PASSWD.replace("../", "%2e%2e/"),
        PASSWD.replace("../", "..%2f"),
        "/static/../../pyproject.toml",
    ],
)
def test_no_path_leads_out_of_the_files(path: str, server: RunningServer) -> None:
    """As bytes, because a browser tidies up a path before it asks."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    answer = raw(server, head.encode())
    assert answer.split(b" ")[1] in (b"404", b"400")
    assert b"root:" not in answer

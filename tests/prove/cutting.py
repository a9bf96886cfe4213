"""A network that breaks: a proxy between the browsers and the pages that cuts, delays and falls silent."""

from __future__ import annotations

import asyncio
import random
import threading
from asyncio import StreamReader, StreamWriter
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import SimpleQueue

# What becomes of an exchange, and of how many in a hundred. In all but the first and the last the server has
# done its work when the line breaks.
FATES: Mapping[str, float] = {
    "cut on the way there": 0.01,
    "cut before the answer is delivered": 0.03,
    "cut in the middle of the answer": 0.02,
    "half-open": 0.002,
    "delayed": 0.02,
}
CUTS = frozenset(FATES) - {"delayed"}
CHUNK = 1 << 16
LONGEST_DELAY_SECONDS = 0.3


@dataclass
class Weather:
    """How often each fate is drawn, and how often each was."""

    chances: Mapping[str, float]
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)

    def draw(self) -> str:
        """The fate of the next exchange, "" for a quiet one."""
        drawn = self.chance.random()
        for fate, share in self.chances.items():
            drawn -= share
            if drawn < 0:
                self.counts[fate] += 1
                return fate
        return ""

    @property
    def cuts(self) -> int:
        """How many exchanges were not brought to their end."""
        return sum(self.counts[fate] for fate in CUTS)


@dataclass
class _Line:
    """One connection of a browser, carried on to the pages."""

    weather: Weather
    client: tuple[StreamReader, StreamWriter]
    server: tuple[StreamReader, StreamWriter]
    fate: str = ""

    async def carry(self) -> None:
        """Until either end leaves or the weather breaks it; both ends are dropped then."""
        ways = [asyncio.create_task(way) for way in (self._there(), self._back())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for _reader, writer in (self.client, self.server):
                writer.transport.abort()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _there(self) -> None:
        while sent := await self.client[0].read(CHUNK):
            self.fate = self.weather.draw()
            if self.fate == "cut on the way there":
                self.server[1].write(sent[: self.weather.chance.randrange(len(sent))])
                await self.server[1].drain()
                return
            self.server[1].write(sent)
            await self.server[1].drain()

    async def _back(self) -> None:
        while answer := await self.server[0].read(CHUNK):
            fate, self.fate = self.fate, ""
            if fate == "cut before the answer is delivered":
                return
            if fate == "half-open":
                await asyncio.Event().wait()  # until the browser has had enough
            if fate == "delayed":
                await asyncio.sleep(self.weather.chance.uniform(0, LONGEST_DELAY_SECONDS))
            cut = fate == "cut in the middle of the answer"
            self.client[1].write(answer[: self.weather.chance.randrange(1, len(answer))] if cut else answer)
            await self.client[1].drain()
            if cut:
                return


@contextmanager
def cutting(pages: tuple[str, int], weather: Weather) -> Iterator[tuple[str, int]]:
    """The address of the proxy, for the length of a block."""
    standing: SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Event, tuple[str, int]]] = SimpleQueue()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            server = await asyncio.open_connection(*pages)
        except OSError:
            writer.transport.abort()
            return
        with suppress(asyncio.CancelledError):  # the proxy is being closed
            await _Line(weather, (reader, writer), server).carry()

    async def stand() -> None:
        ending = asyncio.Event()
        listener = await asyncio.start_server(serve, "127.0.0.1", 0)
        standing.put((asyncio.get_running_loop(), ending, listener.sockets[0].getsockname()))
        await ending.wait()
        listener.close()

    thread = threading.Thread(target=lambda: asyncio.run(stand()))
    thread.start()
    loop, ending, address = standing.get()
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join()

"""What a person sees while the main job runs: a live table in a terminal, plain lines elsewhere."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table


class Progress:
    """Steps by name, each with what it does now and how long it has taken."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said: dict[str, str] = {}
        self._began: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._live = Live(console=console, get_renderable=self._table, refresh_per_second=2)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def say(self, step: str, words: str) -> None:
        """Note what a step does now."""
        self._began.setdefault(step, time.monotonic())
        if self._said.get(step) == words:
            return
        self._said[step] = words
        if not self._console.is_terminal:
            self._console.print(f"{step}: {words}", highlight=False, soft_wrap=True)

    def done(self, step: str, words: str) -> None:
        """Note how a step ended."""
        began = self._began.setdefault(step, time.monotonic())
        self._took.setdefault(step, time.monotonic() - began)
        self.say(step, words if self._console.is_terminal else f"{words} ({self._took[step]:.0f} s)")

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for step, words in self._said.items():
            took = self._took.get(step)
            seconds = took if took is not None else time.monotonic() - self._began[step]
            table.add_row("[green]✓[/]" if took is not None else "…", step, f"{seconds:.0f} s", words)
        return table

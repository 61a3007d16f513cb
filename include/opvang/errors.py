"""What can go wrong, and who acts on it.

OpvangError
├── ContractError        we mend the repository: a contract, its expectations or its parser is wrong
├── SourceUnavailable    wait: the inbox, or a source that this one needs, isn't there yet
├── LoadRefused          look at the delivery: it can't be read as what it claims to be
│   └── SourceChanged    ask the supplier: a column is missing, new or renamed
├── ServerError          look at the machine: a port, a disk, a service
└── UsageError           say it again: the call's words are off
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class OpvangError(Exception):
    """One clear line: what, where (source, delivery, line) and what to do next."""


class ContractError(OpvangError):
    """The repository is wrong: a contract, its expectations or its parser."""


class SourceUnavailable(OpvangError):
    """Something outside isn't there yet; trying again later may succeed."""


class LoadRefused(OpvangError):
    """The delivery can't be read as what it claims to be; it is refused whole."""


class SourceChanged(LoadRefused):
    """The delivery has other columns than the contract names."""


class ServerError(OpvangError):
    """The machine can't do it now: a port is taken, a disk is full, a service died."""


class UsageError(OpvangError):
    """The command was called in a way that has no meaning."""


def ends_in_one_line(function: Callable[P, R]) -> Callable[P, R]:
    """A task that an OpvangError ends with that one line: of every other exception Airflow's log shows the traceback."""

    @wraps(function)
    def task(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except OpvangError as error:
            sys.exit(str(error))

    return task

"""What can go wrong, and who acts on it.

OpvangError
├── ContractError        we mend the repository: a contract, its expectations or its parser is wrong
├── SourceUnavailable    wait: the inbox, or a source that this one needs, isn't there yet
├── LoadRefused          look at the delivery: it can't be read as what it claims to be
│   └── SourceChanged    ask the supplier: a column is missing, new or renamed
├── ServerError          look at the machine: a port, a disk, a service
└── UsageError           say it again: the call's words are off
"""


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

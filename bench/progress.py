"""How a long run says what it does."""

from collections.abc import Callable

Say = Callable[[str], None]

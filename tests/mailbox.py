"""A mail server of the tests' own: what is sent to it can be read."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string, policy
from email.message import EmailMessage
from typing import cast


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 ready")
        for line in self.rfile:
            command = line[:4].strip().upper()
            if command == b"DATA":
                self._say("354 go on")
                self._take()
            self._say("221 bye" if command == b"QUIT" else "250 ok")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def _take(self) -> None:
        lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
        mail = message_from_string("\n".join(lines), policy=policy.default)
        self.server.mails.append(mail)  # type: ignore[attr-defined]


@contextmanager
def mailbox() -> Iterator[tuple[int, list[EmailMessage]]]:
    """The port to send to, and the list of what came."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.mails = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], server.mails  # type: ignore[attr-defined]
        server.shutdown()


def words(mail: EmailMessage) -> str:
    """What a mail says."""
    return " ".join(cast("str", part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text")

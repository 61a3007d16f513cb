"""The API of the regions that answer themselves: the project's own server, in a process that may be killed."""

import json
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from opvang import region_api, settings

OPVANG = Path(sys.executable).with_name("opvang")
PATIENCE = 30


@dataclass
class Api:
    """A server, where the settings of this process say, of what lies in its folder."""

    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Returns when it answers."""
        self.process = subprocess.Popen([str(OPVANG), "region-api"])
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection((region_api.HOST, settings.region_api_port())):
                return
            time.sleep(0.02)
        raise AssertionError("the API doesn't start")

    def kill(self) -> None:
        """SIGKILL."""
        assert self.process
        self.process.kill()
        self.process.wait()


def connections() -> dict[str, str]:
    """Where fetch finds the regions, as Airflow reads its connections from the environment."""
    return {f"AIRFLOW_CONN_{one['connection_id'].upper()}": json.dumps(one) for one in region_api.connections()}

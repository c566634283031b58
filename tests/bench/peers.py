"""Other engines on the same data, in a virtual environment of their own that is thrown away."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGES = ("oxigraph", "maplib", "rdflib", "rdflib-endpoint", "uvicorn")

# Runs in that environment. It reads queries as lines of JSON, and says the median of three in milliseconds, or null.
_ASKER = """
import json, statistics, sys, time
kind, path, least = sys.argv[1], sys.argv[2], float(sys.argv[3])
if kind == "maplib":
    import maplib
    model = maplib.Model()
    model.read(path, format="ntriples")
    ask = lambda text: model.query(text)
else:
    import rdflib
    graph = rdflib.Graph()
    graph.parse(path, format="nt")
    ask = lambda text: list(graph.query(text))
print("ready", flush=True)
for line in sys.stdin:
    text, times = json.loads(line), []
    try:
        for _ in range(3):
            begun = time.perf_counter()
            ask(text)
            times.append(1000 * (time.perf_counter() - begun))
            if times[-1] > least:
                break
        print(json.dumps(statistics.median(times)), flush=True)
    except Exception:
        print("null", flush=True)
"""
_SLOW = 5_000.0  # milliseconds after which a query is not asked again
_SERVE = """
import sys, rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
graph = rdflib.Dataset(default_union=True)
graph.parse(sys.argv[1], format="nt")
uvicorn.run(SparqlEndpoint(graph=graph, path="/query"), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


class Peers:
    """The environment; ``missing`` says why there is none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder, with_pip=True)
        self.python = folder / "bin" / "python"
        ran = subprocess.run(
            [self.python, "-m", "pip", "install", "--quiet", *PACKAGES], capture_output=True, text=True, check=False
        )
        self.missing = ran.stderr.strip().splitlines()[-1] if ran.returncode else ""

    def times(self, kind: str, triples: Path, queries: dict[str, str]) -> dict[str, float | None]:
        """Milliseconds by the name of each query; None where the peer has no answer."""
        if self.missing:
            return dict.fromkeys(queries)
        with subprocess.Popen(
            [self.python, "-c", _ASKER, kind, str(triples), str(_SLOW)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("a process with pipes has its pipes")
            if process.stdout.readline().strip() != "ready":
                return dict.fromkeys(queries)
            found: dict[str, float | None] = {}
            for name, text in queries.items():
                process.stdin.write(json.dumps(text) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
                found[name] = json.loads(line) if line.strip() else None
            process.stdin.close()
            return found

    @contextmanager
    def oxigraph(self, triples: Path, folder: Path) -> Iterator[int]:
        """Oxigraph's own server on the triples; its port."""
        server = self.folder / "bin" / "oxigraph"
        subprocess.run([server, "load", "-l", folder, "-f", triples], check=True, capture_output=True)
        with served([server, "serve", "-l", folder, "-b", "127.0.0.1:{port}"]) as port:
            yield port

    @contextmanager
    def rdflib_endpoint(self, triples: Path) -> Iterator[int]:
        """rdflib-endpoint on the triples in memory; its port."""
        with served([self.python, "-c", _SERVE, triples, "{port}"]) as port:
            yield port


@contextmanager
def served(command: list[str | Path]) -> Iterator[int]:
    """A server on a free port, once it listens, for the length of the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [str(part).replace("{port}", str(port)) for part in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not start")

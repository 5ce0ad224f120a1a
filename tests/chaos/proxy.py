"""
A TCP proxy that fails when it is told to: ``proxy.py HOST PORT`` prints its port and the port of its control.

Orders are lines, one per connection to the control; each is answered by the state:

    frozen on|off           hold back what comes until further notice, both ways, also on new connections
    cut                     reset all connections
    cut_answers N|off       reset a connection when so many bytes of answers have passed, counted from now on
    cut_requests N|off      the same for requests; what has come until then is passed on
    lose_answers on|off     pass requests on; at the first answer to them reset the connection
    heal                    fail no more
    status
"""

import asyncio
import json
import socket
import struct
import sys
from typing import Any

state: dict[str, Any] = {
    "frozen": False,
    "lose_answers": False,
    "cut_answers": None,
    "cut_requests": None,
    "connections": 0,
    "passed": {"answers": 0, "requests": 0},
}
writers: set[asyncio.StreamWriter] = set()


def reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kind: str, both: Any) -> None:
    try:
        while data := await reader.read(65536):
            while state["frozen"]:
                await asyncio.sleep(0.01)
            if kind == "answers" and state["lose_answers"]:
                break
            limit = state["cut_" + kind]
            if limit is not None and state["passed"][kind] + len(data) > limit:
                writer.write(data[: max(0, limit - state["passed"][kind])])
                state["passed"][kind] = limit
                await writer.drain()
                await asyncio.sleep(0.005)
                break
            state["passed"][kind] += len(data)
            writer.write(data)
            await writer.drain()
        else:
            writer.close()
            return
    except OSError:
        pass
    for each in both:
        reset(each)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        far_reader, far_writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    except OSError:
        reset(writer)
        return
    both = (writer, far_writer)
    writers.update(both)
    state["connections"] += 1
    await asyncio.gather(
        pump(reader, far_writer, "requests", both), pump(far_reader, writer, "answers", both)
    )
    writers.difference_update(both)
    state["connections"] -= 1


async def control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    order, *arguments = (await reader.readline()).decode().split()
    if order in ("frozen", "lose_answers"):
        state[order] = arguments[0] == "on"
    elif order in ("cut_answers", "cut_requests"):
        state[order] = None if arguments[0] == "off" else int(arguments[0])
        state["passed"] = {"answers": 0, "requests": 0}
    elif order == "heal":
        state.update(frozen=False, lose_answers=False, cut_answers=None, cut_requests=None)
    elif order == "cut":
        for each in list(writers):
            reset(each)
    writer.write(json.dumps(state).encode() + b"\n")
    await writer.drain()
    writer.close()


async def main() -> None:
    servers = [await asyncio.start_server(each, "127.0.0.1", 0) for each in (serve, control)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.Event().wait()


asyncio.run(main())

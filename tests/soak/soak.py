# Loads an echo server in a guest for a long time, see toolchain/soak: many connections, storms of them, one after another,
# peers that never read, and a bad network. Memory and descriptors must stay flat.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# soak.py SECONDS COMMAND...     COMMAND runs the guest, its address is appended
import hashlib
import os
import random
import resource
import select
import signal
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import bad_network  # noqa: E402
from server import Server, check, check_flat, exchange, failures, reset, say  # noqa: E402

BURST = 200  # connections of a storm at once
FULL = 600  # seconds and more: everything at its full size


def busy(server, count, seconds):
    """Each of `count` connections sends its next message once the last one came back."""
    clients = {}
    poll = select.poll()
    for _number in range(count):
        client = server.connect()
        clients[client.fileno()] = [client, b"", b""]
    done, wrong, longest = 0, 0, 0.0
    end = time.monotonic() + seconds
    sent_at = {}

    def send(number):
        state = clients[number]
        state[1], state[2] = random.randbytes(random.choice((1, 64, 1000, 4000))), b""
        sent_at[number] = time.monotonic()
        state[0].sendall(state[1])

    for number in clients:
        poll.register(number, select.POLLIN)
        send(number)
    while time.monotonic() < end:
        ready = poll.poll(1000)
        for number, _ in ready:
            state = clients[number]
            more = state[0].recv(65536)
            state[2] += more
            if not more or not state[1].startswith(state[2]):
                wrong += 1
                poll.unregister(number)
            elif len(state[2]) == len(state[1]):
                done += 1
                longest = max(longest, time.monotonic() - sent_at[number])
                send(number)
    waiting = max((time.monotonic() - sent_at[number] for number, state in clients.items() if state[1] != state[2]), default=0)
    check(wrong == 0, f"busy: {done} answers on {count} connections ({done / seconds:.0f}/s), {wrong} wrong")
    check(max(longest, waiting) < 10, f"busy: the slowest answer took {max(longest, waiting) * 1000:.0f} ms")
    for state in clients.values():
        state[0].close()


def storms(server, seconds):
    """Bursts of connections that end at once, in every way there is."""
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        clients = []
        for _ in range(BURST):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex((server.address, server.port))
            clients.append(client)
        for client in clients:
            count += 1
            try:
                what = random.randrange(5)
                if what >= 2:
                    writable = select.poll()
                    writable.register(client, select.POLLOUT)
                    writable.poll(5000)
                    client.send(b"x" * random.choice((1, 3000)))
                if what == 3:
                    client.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            if what in (0, 4):
                reset(client)
            else:
                client.close()
    say(f"storms: {count} connections")


def in_sequence(server, count):
    # Ports in TIME-WAIT last for a minute: several addresses have enough of them.
    wrong = 0
    for number in range(count):
        client = server.connect(source=f"127.0.0.{2 + number % 8}")
        wrong += not exchange(client, b"sixteen bytes so")
        client.close()
    check(wrong == 0, f"in sequence: {count} connections, {wrong} without their answer")


def fill(server):
    """A peer that sends and never reads, until the guest takes no more."""
    client = server.connect(small=True)
    client.settimeout(1)
    sent = 0
    try:
        while sent < 64 << 20:
            sent += client.send(b"z" * 65536)
    except TimeoutError:
        pass
    check(sent < 64 << 20, f"never reading: the guest took {sent >> 10} KiB and stopped")
    return client


def bulk(server, size):
    """Sends `size` bytes and reads them back meanwhile; whether they are the same."""
    client = server.connect()
    client.settimeout(120)
    piece = random.randbytes(1 << 20)
    sent = hashlib.sha256()

    def send():
        left = size
        while left > 0:
            data = piece[: min(left, len(piece))]
            sent.update(data)
            client.sendall(data)
            left -= len(data)
        client.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    received, count = hashlib.sha256(), 0
    try:
        while data := client.recv(65536):
            received.update(data)
            count += len(data)
    except OSError as error:
        say(f"bulk: {error}")
    sender.join(10)
    client.close()
    return count == size and received.digest() == sent.digest(), count


def far_process(address, command, size, ours, theirs):
    """The guest's or the client's process: moves into a namespace, hands its TUN over, and does what it's told. Never returns."""
    status = 1
    try:
        ours.close()
        os.setsid()
        try:
            tun = bad_network.enter_namespace(address)
        except OSError as error:
            theirs.send(str(error).encode() or b"?")
            os._exit(0)
        socket.send_fds(theirs, [b"tun"], [tun])
        os.close(tun)
        go = theirs.recv(64).decode()
        status = serve_far(command, address, theirs) if go == "serve" else use_far(go, size, theirs)
    except BaseException as error:  # noqa: B902
        say(f"bad network: {error!r}")
    os._exit(status)


def bad_network_run(command, size, full):
    """The guest in one namespace, its client in another. Skipped, with the reason, where namespaces or TUNs can't be made."""
    problem, tuns, children = None, [], []
    ends = []
    for address in ("10.77.0.1", "10.77.0.2"):
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            far_process(address, command, size, ours, theirs)
        theirs.close()
        ends.append(ours)
        children.append(child)
        text, passed, _, _ = socket.recv_fds(ours, 300, 1)
        if passed:
            tuns += passed
        else:
            problem = text.decode()
    if problem:
        say(f"bad network: SKIPPED: {problem}")
        for end in ends:
            end.close()
        for child in children:
            os.waitpid(child, 0)
        return
    relay = bad_network.Relay(tuns, random.randrange(1 << 30), lost=0.01 if full else 0.003, doubled=0.01, damaged=0.003,
                              delay=0.01 if full else 0.002)
    relay.start()
    ends[0].send(b"serve")
    ends[1].send(ends[0].recv(64))
    began = time.monotonic()
    result = ends[1].recv(200).decode()
    took = time.monotonic() - began
    check(result.startswith("same"), f"bad network: {size >> 20} MB each way in {took:.0f} s: {result or 'the client broke off'}; packets: {relay.counts}")
    ends[0].send(b"end")
    ended = ends[0].recv(64).decode()
    check(ended == "ended", "bad network: the guest ends")
    for child in children:
        os.waitpid(child, 0)
    relay.stop()


def serve_far(command, address, channel):
    server = Server(command, address)
    channel.send(str(server.port).encode())
    channel.recv(16)
    channel.send(b"ended" if server.end(30) is not None else b"hangs")
    return 0


def use_far(port, size, channel):
    class Far:
        connect = Server.connect
        address = "10.77.0.1"

    Far.port = int(port)
    same, count = bulk(Far(), size)
    channel.send(b"same" if same else f"{count} bytes, not the same".encode())
    return 0


def main():
    seconds, command = int(sys.argv[1]), sys.argv[2:]
    full = seconds >= FULL
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    seed = random.SystemRandom().randrange(1 << 32)
    random.seed(seed)
    idle_count, busy_count = (4000, 200) if full else (1000, 50)
    sequence = 50000 if full else 2000
    if hard < 2 * idle_count + 1000:
        say(f"the limit of {hard} descriptors leaves room for {(hard - 1000) // 2} idle connections only")
        idle_count = (hard - 1000) // 2
    say(f"seed {seed}, limit of descriptors {hard}")

    server = Server(command)
    in_sequence(server, 100)
    began = time.monotonic()
    idle = [server.connect() for _ in range(idle_count)]
    say(f"{idle_count} connections in {time.monotonic() - began:.1f} s")
    start = server.settled(idle_count)
    part = seconds / 6
    busy(server, busy_count, part)
    storms(server, part / 2)
    settled = server.settled(idle_count)
    again = time.monotonic() + (part if full else 0)
    while True:
        busy(server, busy_count, part / 4)
        storms(server, part / 4)
        if time.monotonic() > again:
            break
    # The whole of a burst may pile up or not, with a buffer of 16K each: a guest's memory never gets smaller.
    check_flat(settled, server.settled(idle_count), "busy and storms, once more", room=BURST * 16384)
    check(all(exchange(client, b"still here") for client in idle), "all idle connections still answer")
    for client in idle:
        client.close()
    empty = server.settled(0)
    say(f"{idle_count} idle connections cost {(start[0] - empty[0]) // idle_count} bytes of the guest's memory each, or it keeps it")

    in_sequence(server, sequence // 10)
    before = server.settled(0)
    in_sequence(server, sequence)
    check_flat(before, server.settled(0), "in sequence")

    same, _ = bulk(server, (50 if full else 10) << 20)
    check(same, "bulk over loopback comes back the same")
    stuck = [fill(server) for _ in range(3)]
    other = server.connect()
    check(exchange(other, b"others go on"), "never reading: others are served")
    other.close()
    took = server.end(40)
    check(took is not None and took < 30, "never reading: the guest " + ("hangs at its end" if took is None else f"ends within {took:.1f} s"))
    for client in stuck:
        client.close()

    bad_network_run(command, (50 if full else 2) << 20, full)
    say(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

"""What connections cost that do nothing, or only harm: parts of `tests/bench/edge`."""
import os, re, resource, selectors, socket, ssl, time

KIB, MIB = 1 << 10, 1 << 20
IDLE, IDLE_TLS, READERS, HANDSHAKES, TRICKLES = 8000, 2000, 200, 10000, 500
GET = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"
# The begin of a record that holds a handshake, and of the handshake in it.
HALF_HELLO = bytes.fromhex("160301020001")


def raise_limit():
    """As many descriptors as this machine lets the run have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (65536, hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, hard)))
            return wanted
        except (ValueError, OSError):
            pass
    return hard


def memory(gateway):
    """Resident, in bytes."""
    with open(f"/proc/{gateway.process.pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * KIB


def seconds_of_cpu(gateway):
    with open(f"/proc/{gateway.process.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def metric(gateway, line):
    with socket.create_connection(("127.0.0.1", gateway.health), 5) as stream:
        stream.sendall(b"GET /metrics HTTP/1.1\r\nhost: health\r\nconnection: close\r\n\r\n")
        text = b"".join(iter(lambda: stream.recv(65536), b"")).decode()
    return int(float(re.search(rf"^{re.escape(line)} (\S+)", text, re.M)[1]))


def settled(gateway):
    """Its memory, once it grows no more."""
    last = memory(gateway)
    while True:
        time.sleep(0.5)
        now = memory(gateway)
        if now <= last + 256 * KIB:
            return now
        last = now


def wait_for(what, holds, seconds=30):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit(f"never: {what}")
        time.sleep(0.05)


def connect(port):
    stream = socket.create_connection(("127.0.0.1", port), 15)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return stream


def ask(stream, request=GET):
    """One request on a connection that goes on; the status."""
    stream.sendall(request)
    head = b""
    while b"\r\n\r\n" not in head:
        piece = stream.recv(4096)
        if not piece:
            return None
        head += piece
    head, body = head.split(b"\r\n\r\n", 1)
    length = int(re.search(rb"content-length: (\d+)", head, re.I)[1])
    while len(body) < length:
        body += stream.recv(length - len(body))
    return int(head[9:12])


def client_context(authority):
    context = ssl.create_default_context(cafile=str(authority.cert))
    return context


def per_connection(figure, name, grown, count, bar):
    each = grown / count / KIB
    figure(f"{name}, {count} of them, memory of each", f"{each:.1f} KiB", f"<= {bar} KiB", each <= bar)


def idle(figure, start, authority):
    gateway = start()
    port = gateway.ports["open"]
    with connect(port) as stream:
        ask(stream)
    before = settled(gateway)
    streams = [connect(port) for _ in range(IDLE)]
    wait_for("all are accepted", lambda: metric(gateway, "gw_connections") >= IDLE)
    per_connection(figure, "connections that say nothing", memory(gateway) - before, IDLE, 16)
    answered = sum(ask(stream) == 200 for stream in streams)
    per_connection(figure, "connections kept after a request", memory(gateway) - before, IDLE, 16)
    figure("requests on them that were answered", f"{answered}", f"{IDLE}", answered == IDLE)
    for stream in streams:
        stream.close()
    gateway.stop()

    gateway = start()
    context = client_context(authority)
    shake = lambda: context.wrap_socket(connect(gateway.ports["public"]), server_hostname="localhost")
    with shake() as stream:
        ask(stream)
    before = settled(gateway)
    streams = [shake() for _ in range(IDLE_TLS)]
    wait_for("all are accepted", lambda: metric(gateway, "gw_connections") >= IDLE_TLS * 0.99)
    per_connection(figure, "TLS, connections that say nothing", memory(gateway) - before, IDLE_TLS, 32)
    for stream in streams:
        stream.close()
    wait_for("all are closed", lambda: metric(gateway, "gw_connections") <= 1)
    gateway.stop()

    gateway = start()
    with shake() as stream:
        ask(stream)
    before = settled(gateway)
    streams = []
    for _ in range(IDLE_TLS):
        streams.append(shake())
        ask(streams[-1])
    per_connection(figure, "TLS, connections kept after a request", memory(gateway) - before, IDLE_TLS, 32)
    for stream in streams:
        stream.close()
    gateway.stop()


def descriptors(figure, start, _authority):
    """The process may have no more descriptors than it has, for three seconds."""
    gateway = start()
    port, pid = gateway.ports["open"], gateway.process.pid
    kept = connect(port)
    ask(kept)
    limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    open_now = len(os.listdir(f"/proc/{pid}/fd"))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_now + 40, limits[1]))
    streams = [connect(port) for _ in range(200)]
    before = seconds_of_cpu(gateway)
    time.sleep(3)
    status = ask(kept)
    spent = seconds_of_cpu(gateway) - before
    figure("out of descriptors for 3 s, CPU", f"{spent:.2f} s", "<= 0.3 s", spent <= 0.3)
    figure("a request that needs a connection meanwhile", str(status), "503", status == 503)
    for stream in streams:
        stream.close()
    begun = time.monotonic()
    with connect(port) as stream:
        status = ask(stream)
    figure("the next request, once others have left", f"{status} in {time.monotonic() - begun:.2f} s", "200 in < 1 s",
           status == 200 and time.monotonic() - begun < 1)
    shortages = metric(gateway, "gw_socket_shortages_total")
    said = gateway.said().count("no socket for another connection")
    figure("shortages counted, and told on stderr", f"{shortages}, {said}", "1, 1", (shortages, said) == (1, 1))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
    gateway.stop()


def readers(figure, start, _authority):
    """Clients that ask for much and read nothing."""
    gateway = start()
    port = gateway.ports["open"]
    with connect(port) as stream:
        ask(stream)
    before = settled(gateway)
    streams = []
    for _ in range(READERS):
        stream = socket.socket()
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stream.connect(("127.0.0.1", port))
        stream.sendall(b"GET /blob HTTP/1.1\r\nhost: localhost\r\n\r\n")
        streams.append(stream)
    wait_for("all are asked for", lambda: metric(gateway, "http_server_active_requests") >= READERS)
    grown = settled(gateway) - before
    figure(f"{READERS} clients that read nothing of 5 MB, memory", f"{grown / MIB:.1f} MiB", "<= 32 MiB", grown <= 32 * MIB)
    with connect(port) as stream:
        status = ask(stream)
    figure("others meanwhile", str(status), "200", status == 200)
    for stream in streams:
        stream.close()
    gateway.stop()


def handshakes(figure, start, authority):
    """Half handshakes, as many as there are places, and held."""
    gateway = start()
    room = metric_of_status(gateway)
    count = min(HANDSHAKES, room)
    if count < HANDSHAKES:
        print(f"  the limit of open files leaves room for {room} connections, so {count} are tried instead of {HANDSHAKES}")
    public, context = gateway.ports["public"], client_context(authority)
    with context.wrap_socket(connect(public), server_hostname="localhost") as stream:
        ask(stream)
    before, begun = settled(gateway), time.monotonic()
    streams = []
    for _ in range(count):
        stream = connect(public)
        stream.sendall(HALF_HELLO)
        streams.append(stream)
    taken = time.monotonic() - begun
    wait_for("all are accepted", lambda: metric(gateway, "gw_connections") >= count, seconds=5)
    per_connection(figure, "half handshakes", memory(gateway) - before, count, 16)
    asked = time.monotonic()
    with context.wrap_socket(connect(public), server_hostname="localhost") as stream:
        status = ask(stream)
    waited = time.monotonic() - asked
    figure("a good client meanwhile", f"{status} in {waited:.1f} s", "200 in <= 11 s", status == 200 and waited <= 11)
    wait_for("all are closed", lambda: metric(gateway, "gw_connections") <= 1, seconds=20)
    last = time.monotonic() - begun - taken
    figure("all are closed after the last one came", f"{last:.1f} s", "<= 12 s", last <= 12)
    for stream in streams:
        stream.close()
    gateway.stop()


def trickle(figure, start, _authority):
    """Heads that come a line every half second, on many connections."""
    gateway = start()
    port = gateway.ports["open"]
    streams = [connect(port) for _ in range(TRICKLES)]
    begun, ends, answers = time.monotonic(), [], {}
    watch = selectors.DefaultSelector()
    for stream in streams:
        stream.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n")
        watch.register(stream, selectors.EVENT_READ)
    served, asked = 0, 0
    while watch.get_map() and time.monotonic() - begun < 30:
        for key, _ in watch.select(0.5):
            status = key.fileobj.recv(12)[9:12].decode() or "closed"
            answers[status] = answers.get(status, 0) + 1
            ends.append(time.monotonic() - begun)
            watch.unregister(key.fileobj)
        for key in list(watch.get_map().values()):
            try:
                key.fileobj.sendall(b"x: y\r\n")
            except OSError:
                pass
        asked += 1
        with connect(port) as stream:
            served += ask(stream) == 200
    figure(f"{TRICKLES} heads that trickle: the last one is ended", f"{max(ends):.1f} s", "9.9 to 13 s",
           9.9 <= min(ends) and max(ends) <= 13 and len(ends) == TRICKLES)
    figure("what they are told", str(answers), "408", set(answers) == {"408"})
    figure("others meanwhile", f"{served} of {asked}", "all", served == asked)
    for stream in streams:
        stream.close()
    gateway.stop()


def metric_of_status(gateway):
    """Places for connections, as the process says when it starts."""
    return int(re.search(r"room for (\d+) connections", gateway.said())[1])


PARTS = {"idle": idle, "descriptors": descriptors, "readers": readers, "handshakes": handshakes, "trickle": trickle}

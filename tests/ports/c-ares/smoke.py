# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""adig over UDP, over TCP after a truncated answer, and against a silent server; ahost with /etc/hosts."""

import os
import re
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "..", "names")]
from dns_server import A, AAAA, CNAME, Server, answers_the_second_time, too_large_for_udp  # noqa: E402
from smoke import check, finish, run  # noqa: E402

adig, ahost = sys.argv[1:]
many = [f"10.0.{i // 250}.{i % 250}" for i in range(2000)]
server = Server("127.0.0.1", 0, {
    ("www.example", A): [(CNAME, "web.example"), ("web.example", A, "192.0.2.7")],
    ("www.example", AAAA): [(AAAA, "2001:db8::7")],
    ("many.example", A): too_large_for_udp([(A, address) for address in many]),
    ("slow.example", A): answers_the_second_time([(A, "192.0.2.9")]),
})
port = str(server.address[1])


def dig(name, kind="A"):
    done = run(adig, "-s", "127.0.0.1", "-T", port, "-U", port, "-t", kind, name)
    return re.findall(r"[ \t](?:A|AAAA|CNAME)[ \t]+(\S+)$", done.stdout.decode(), re.M)


check("an alias and its address", dig("www.example"), ["web.example.", "192.0.2.7"])
check("AAAA", dig("www.example", "AAAA"), ["2001:db8::7"])
check("over TCP", dig("many.example") == many, True)
check("asked again", dig("slow.example"), ["192.0.2.9"])
check("no such name", b"Domain name not found" in run(
    adig, "-s", "127.0.0.1", "-T", port, "-U", port, "none.example").stdout, True)
check("TCP was used", ("many.example", A, "tcp") in server.asked, True)
hosts = os.path.join(HERE, "..", "compat", "etc")
check("/etc/hosts", run(ahost, "-t", "a", "localhost", options=[f"--dir={hosts}::/etc"]).stdout.split()[-1:], [b"127.0.0.1"])
server.close()
finish()

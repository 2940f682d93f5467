# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cases about the files of /etc as text: what a line means, and what is passed over."""

from cases import SEARCH, address, case
from dns_server import A, TXT, too_large_for_udp

SERVER = "nameserver {server}\n"

# ---- /etc/hosts -----------------------------------------------------------------------------------------------------

case("hosts_the_loopback_of_ipv6_for_ipv4", "name4=a: a 127.0.0.1", "name6=a: a ::1", "name=a: a ::1", "byname=a: a 127.0.0.1",
     "byname6=a: a ::1", "mapped=a: a ::1",
     "mappedall=a: a ::1 ::ffff:127.0.0.1", "hosts=: a 127.0.0.1", "address=127.0.0.1: a", "address=::1: a", hosts="::1 a\n")
case("hosts_mapped_addresses", "name4=m: m 198.51.100.7 198.51.100.8", "name6=m: m ::ffff:198.51.100.7 2001:db8::1",
     "byname=m: m x y 198.51.100.7 198.51.100.8", "byname6=m: m x z ::ffff:198.51.100.7 2001:db8::1", "mapped=m: m 2001:db8::1",
     "hosts=: m x 198.51.100.7 | m y 198.51.100.8",
     "address=198.51.100.7: m", "address=::ffff:198.51.100.7: m",
     hosts="::ffff:198.51.100.7 m x\n198.51.100.8 m y\n2001:db8::1 m z\n")
case("hosts_localhost_in_both_families", "name4=localhost: localhost 127.0.0.1 127.0.0.1", "name6=localhost: localhost ::1",
     "byname=localhost: localhost ip6-localhost 127.0.0.1 127.0.0.1",
     "hosts=: localhost 127.0.0.1 | localhost ip6-localhost 127.0.0.1",
     hosts="127.0.0.1 localhost\n::1 localhost ip6-localhost\n")
case("hosts_a_dot_at_the_end", "name4=p.: EAI_NONAME", "name4=q: EAI_NONAME", "name4=q.: q. 192.0.2.2", "byname=q.: q. 192.0.2.2",
     "byname=r: r. r 192.0.2.3", "hosts=: p 192.0.2.1 | q. 192.0.2.2 | r. r 192.0.2.3", forward=True,
     hosts="192.0.2.1 p\n192.0.2.2 q.\n192.0.2.3 r. r\n")
case("hosts_scopes_and_prefixes_are_no_addresses", "hosts=:", "name6=z: EAI_NONAME", forward=True,
     hosts="fe80::1%lo z\nfe80::2%1 z\n192.0.2.4/24 z\n")
case("hosts_numbers_as_inet_pton_reads_them", "hosts=:", "name4=a: EAI_NONAME", "name4=b: EAI_NONAME", "name4=c: EAI_NONAME",
     "name4=d: EAI_NONAME", "name6=e: EAI_NONAME", "name6=f: f 2001:db8::1", "name6=g: g ::1.2.3.4",
     "name6=h: h 1:2:3:4:5:6:7:0", "name4=i: EAI_NONAME", "name4=j: EAI_NONAME", forward=True,
     hosts="192.0.2.01 a\n192.0.2 b\n0xc0.0.2.1 c\n192.0.2.1. d\n2001:db8::00001 e\n2001:DB8::1 f\n::1.2.3.4 g\n"
           "1:2:3:4:5:6:7:: h\n192.0.2.1x i\n3221225985 j\n")
case("hosts_blanks_comments_and_carriage_returns",
     "hosts=: a 192.0.2.1 | b 192.0.2.2 | c 192.0.2.3 | d e 192.0.2.4 | e 192.0.2.5 | g 192.0.2.6", "name4=b: b 192.0.2.2",
     hosts="192.0.2.1 a\r\n192.0.2.2\tb#c\n 192.0.2.3 c # d\n\t192.0.2.4\x0bd\x0ce\n#192.0.2.9 e\n192.0.2.5 e\0f\n\n192.0.2.6 g")
case("hosts_a_very_long_line", "byname=last: last 192.0.2.2", "name4=n29999: n0 192.0.2.1", "name4=n0: n0 192.0.2.1",
     hosts="192.0.2.1 " + " ".join(f"n{i}" for i in range(30000)) + "\n192.0.2.3\n192.0.2.2 last")
case("hosts_lines_of_one_name_put_together", "byname=a: a a1 a b a2 192.0.2.1 192.0.2.2 192.0.2.1",
     "byname6=a: a a3 a c 2001:db8::1 2001:db8::1", "host=192.0.2.1: a a1", "host=2001:db8::1: a a3",
     hosts="192.0.2.1 a a1\n192.0.2.2 b a\n192.0.2.1 a a2\n2001:db8::1 a a3\n2001:db8::1 c a\n")

# ---- /etc/resolv.conf -----------------------------------------------------------------------------------------------

case("resolv_words_begin_the_line", "state=: 1 server, ndots 1, timeout 5, attempts 2, sort 0 [one.test]",
     resolv=" nameserver {second}\nsearch one.test\n\tsearch two.test\n  options ndots:3\n" + SERVER)
case("resolv_signs_within_a_line_are_no_comments",
     "state=: 1 server, ndots 1, timeout 1, attempts 3, sort 0 [one.test#x # two;y]",
     resolv=SERVER + "search one.test#x # two;y\noptions timeout:1#x attempts:3;y\n#options rotate\n;options rotate\n")
case("resolv_an_empty_search_changes_nothing", "state=: 1 server, ndots 1, timeout 5, attempts 2, sort 0 [one.test]",
     "search=www: 192.0.2.1",
     resolv=SERVER + "search one.test\nsearch\nsearch \ndomain\ndomain\t\n", zone=address("www.one.test", "192.0.2.1"))
case("resolv_the_root_as_a_domain", "state=: 1 server, ndots 1, timeout 5, attempts 2, sort 0 [one.test. . .two.test]",
     "search=www: 192.0.2.1", "search=none: HOST_NOT_FOUND", "search=a.b: 192.0.2.3", asked=9,
     resolv=SERVER + "search one.test. . .two.test\n", zone={**address("www", "192.0.2.1"), **address("www.two.test",
     "192.0.2.2"), **address("a.b.two.test", "192.0.2.3")})
case("resolv_numbers_without_digits", "state=: 1 server, ndots 0, timeout 0, attempts 0, sort 0 []",
     resolv=SERVER + "options ndots:x timeout: attempts:-\n")
case("resolv_numbers_below_zero", "state=: 1 server, ndots 15, timeout -1, attempts -1, sort 0 []",
     resolv=SERVER + "options ndots:-1 timeout:-1 attempts:-1\n")
case("resolv_large_numbers", "state=: 1 server, ndots 15, timeout 1, attempts 5, sort 0 []",
     resolv=SERVER + "options ndots:99 timeout:4294967297 attempts:99\n")
case("resolv_numbers_with_junk", "state=: 1 server, ndots 2, timeout 3, attempts 4, sort 0 []",
     resolv=SERVER + "options timeout:3s, attempts:4,\noptions ndots:2;x\n")
case("resolv_numbers_of_zero", "state=: 1 server, ndots 0, timeout 0, attempts 0, sort 0 []", "query=www.test: TRY_AGAIN",
     resolv=SERVER + "options ndots:0 timeout:0 attempts:0\n", asked=0)
case("resolv_flags",
     "state=: 1 server, ndots 1, timeout 5, attempts 2, use-vc rotate edns0 single-request single-request-reopen no-tld-query no-reload trust-ad sort 0 []", resolv=SERVER + "options rotate edns0 single-request-reopen single-request no_tld_query no-reload use-vc trust-ad\n")
case("resolv_flags_by_how_they_begin",
     "state=: 1 server, ndots 1, timeout 5, attempts 2, use-vc rotate edns0 no-tld-query sort 0 []",
     resolv=SERVER + "options no-tld-query,rotate edns0x xuse-vc Rotate debug\noptions\trotate\tuse-vc\nOptions trust-ad\n")
case("resolv_carriage_returns", "state=: 1 server, ndots 1, timeout 2, attempts 2, rotate sort 0 []",
     resolv="nameserver {server}\r\nnameserver {server} \r\noptions timeout:2 rotate\r\n")
case("resolv_servers_with_something_behind", "state=: 2 servers, ndots 1, timeout 5, attempts 2, sort 0 []",
     resolv="nameserver\t{server}\nnameserver {server}#x\nnameserver {server};x\nnameserver {server} # y\n")
case("resolv_servers_in_odd_forms", "state=: 3 servers, ndots 1, timeout 5, attempts 2, sort 0 []",
     resolv="nameserver 10.1\nnameserver fe80::1%nosuch\nnameserver 1.2.3.4%1\nnameserver 1.2.3.4.5\nnameserver ::1%1\n")
case("resolv_more_servers_than_there_is_room_for", "state=: 3 servers, ndots 1, timeout 5, attempts 2, sort 0 []",
     resolv=SERVER * 5)
case("resolv_more_domains_than_there_is_room_for",
     "state=: 1 server, ndots 1, timeout 1, attempts 1, sort 0 [d0.test d1.test d2.test d3.test d4.test d5.test]",
     "search=www: 192.0.2.1", "search=www.sub: 192.0.2.2", "name4=www: www.d8.test 192.0.2.1", forward=True,
     resolv=SERVER + "search " + " ".join(f"d{i}.test" for i in range(10)) + "\noptions timeout:1 attempts:1\n",
     zone={**address("www.d8.test", "192.0.2.1"), **address("www.sub.d9.test", "192.0.2.2")})
case("resolv_domain_takes_one", "state=: 1 server, ndots 1, timeout 5, attempts 2, sort 0 [one.test]",
     resolv=SERVER + "search three.test\ndomain one.test two.test\n")
case("resolv_sortlist", "state=: 1 server, ndots 1, timeout 5, attempts 2, sort 3 []",
     "byname=s.test: s.test 192.0.2.70 192.0.2.1 198.51.100.1", forward=True, zone={("s.test", A): [(A, "198.51.100.1"), (A,
     "192.0.2.1"), (A, "192.0.2.70")]},
     resolv=SERVER + "sortlist 192.0.2.64/255.255.255.192 192.0.2.0 x 10.0.0.0/8\n")
case("resolv_no_newline_at_the_end", "state=: 1 server, ndots 1, timeout 5, attempts 2, sort 0 [one.test]",
     resolv=SERVER + "search one.test")
case("resolv_nothing_behind_a_nul", "state=: 1 server, ndots 1, timeout 5, attempts 2, rotate sort 0 [a]",
     resolv=SERVER + "options rotate\0 edns0\nsearch a\0b c\n")
case("resolv_an_empty_file", "state=: 1 server, ndots 1, timeout 5, attempts 2, sort 0 []", resolv="")
case("resolv_no_file", "state=: 1 server, ndots 1, timeout 5, attempts 2, rotate sort 0 [a b]", resolv=None,
     environment={"LOCALDOMAIN": "a b", "RES_OPTIONS": "rotate"})
case("resolv_options_of_the_environment", "state=: 1 server, ndots 3, timeout 7, attempts 4, rotate sort 0 []",
     resolv=SERVER + "options timeout:2\n", environment={"RES_OPTIONS": "rotate  timeout:7\tattempts:4,x ndots:3"})
case("resolv_domains_of_the_environment", "state=: 1 server, ndots 1, timeout 5, attempts 2, sort 0 [a b c]",
     resolv=SERVER + "search x\ndomain y\n", environment={"LOCALDOMAIN": "a  b\tc\nd"})
case("resolv_no_domains_in_the_environment", "state=: 1 server, ndots 1, timeout 5, attempts 2, sort 0 []",
     resolv=SERVER + "search x\n", environment={"LOCALDOMAIN": ""})
case("resolv_long_lines_of_others", "state=: 1 server, ndots 1, timeout 5, attempts 2, sort 0 [a]",
     resolv="; " + "x" * 100000 + "\n" + SERVER + "unknown " + "x" * 100000 + "\nsearch a\n")
case("resolv_no_tld_query", "name4=www: EAI_NONAME", "search=www: HOST_NOT_FOUND", "name4=www.sub: www.sub 192.0.2.2",
     forward=True, resolv=SEARCH + "options no-tld-query\n",
     zone={**address("www", "192.0.2.1"), **address("www.sub", "192.0.2.2")})
case("resolv_rotate", "query=www.test: 192.0.2.1", "query=www.test: 192.0.2.1",
     resolv="nameserver {server}\nnameserver {second}\noptions rotate\n", asked=1,
     zone=address("www.test", "192.0.2.1"), second=address("www.test", "192.0.2.1"))


def extensions(server, query, send, peer):
    send(query.reply([(TXT, query.message[12 + len(query.question):])]))


case("resolv_edns0", "text=www.test: 11 bytes", resolv=SERVER + "options edns0\n", zone={("www.test", TXT): extensions})
case("resolv_trust_ad", "question=www.test: 26 0120", "question=.: 17 0120", "question=a..b: -1",
     resolv=SERVER + "options trust-ad edns0\n")

ALIASES = "# c\nwww web.test x\n w x\ntab\tweb.test\nw.w web.test\nend"
case("resolv_hostaliases", "name4=www: web.test 192.0.2.1", "name4=WWW: web.test 192.0.2.1", "byname=www: web.test 192.0.2.1",
     "search=www: 192.0.2.1", "search=tab: 192.0.2.1", "query=www: HOST_NOT_FOUND", "name4=w.w: EAI_NONAME",
     "search=end: HOST_NOT_FOUND",
     forward=True, resolv=SERVER + "options timeout:1 attempts:1\n", environment={"HOSTALIASES": "/etc/host.aliases"},
     files={"host.aliases": ALIASES},
     zone=address("web.test", "192.0.2.1"))
case("resolv_hostaliases_that_is_not_there", "name4=www: www 192.0.2.1", forward=True,
     environment={"HOSTALIASES": "/etc/no.such.aliases"},
     zone=address("www", "192.0.2.1"))

BIG = {("www.test", A): [(A, f"192.0.2.{i}") for i in range(10)],
       ("cut.test", A): too_large_for_udp([(A, f"192.0.2.{i}") for i in range(100)])}
case("records_little_room", "room=www.test:0: -1 TRY_AGAIN", "room=www.test:11: -1 TRY_AGAIN", "room=www.test:12: 12",
     "room=www.test:25: 25", "room=www.test:27: 27", "room=www.test:185: 185",
     "room=www.test:186: 186", "room=www.test:600: 186", zone=BIG)
case("records_little_room_over_tcp", "room=cut.test:11: -1 TRY_AGAIN", "room=cut.test:12: 1626 cut", "room=cut.test:25: 1626 cut",
     "room=cut.test:27: 1626 cut", "room=cut.test:600: 1626 cut", "room=cut.test:2000: 1626", zone=BIG)

# ---- /etc/services, protocols, networks, ethers ---------------------------------------------------------------------

case("services_lines", "service=http: http 81/tcp www", "service=www: http 81/tcp www", "service=smtp: smtp 26/udp",
     "service=nope:", "service=nope2: nope2 12/", "service=nope3: nope3 12/", "service=big: big 4464/tcp", "service=neg:",
     "service=hex: hex 16/tcp", "service=plus: plus 5/tcp",
     "service=junk:", "service=nl: nl 77/tcp", "service=cr: cr 78/tcp al", "service=nul: nul 79/tcp a", "service=b:",
     "service=sp:", "service=odd: odd 81/foo", "service=two: two 1/tcp", "service=oct: oct 8/tcp", "service=space: space 90/ tcp",
     "service=z: last 99/tcp z",
     "service=HTTP:",
     files={"services": "# c\nhttp 81/tcp www # x\n smtp\t26/udp\nnope\nnope2 12\nnope3 12/\nbig 70000/tcp\nneg -1/tcp\nhex 0x10/tcp\nplus +5/tcp\njunk 5x/tcp\n"
                        "nl 77/tcp#c\ncr 78/tcp al\r\nnul 79/tcp a\0b c\nsp 80 /tcp\nodd 81/foo\ntwo 1/tcp\ntwo 2/udp\noct 0010/tcp\nspace 90/ tcp\nlast 99/tcp z"})
case("protocols_lines", "protocol=one: one 201 ONE", "protocol=ONE: one 201 ONE", "protocol=One:", "protocol=tab: tab 202 TAB",
     "protocol=bad:", "protocol=bad2:", "protocol=bad3:", "protocol=big: big 256", "protocol=huge:", "protocol=neg:",
     "protocol=hex:", "protocol=zeros: zeros 10", "protocol=plus: plus 7", "protocol=CR: cr 9 CR", "protocol=hash:",
     "protocol=L: last 12 L",
     files={"protocols": "# c\none 201 ONE\n tab\t202 TAB # c\nbad\nbad2 x\nbad3 6x\nbig 256\nhuge 99999999999\nneg -1\nhex 0x11\nzeros 010\nplus +7\ncr 9 CR\r\nhash#x 3\nlast 12 L"})
case("networks_lines", "network=link: link a9fe0000 al", "network=al: link a9fe0000 al", "network=LINK: link a9fe0000 al",
     "network=one: one 0a000000", "network=bad: bad ffffffff", "network=bad2: bad2 ffffffff", "network=oct: oct 08010000",
     "network=hex: hex 0a010000", "network=big: big ffffffff", "network=long: long ffffffff",
     "network=full: full 01020304", "network=CR: cr 0b000000 CR", "network=dot: dot ffffffff", "network=zero: zero 00000000",
     "network=L: last 0d000000 L",
     files={"networks": "# c\nlink 169.254 al\n one 10\nbad\nbad2 x\noct 010.1\nhex 0x0a.1\nbig 300.1\nlong 1.2.3.4.5\nfull 1.2.3.4\ncr 11.0 CR\r\ndot 12.\nzero 0\nlast 13 L"})
case("ethers_lines", "ether=pal: 8:0:20:0:61:ca", "ether=PAL: 8:0:20:0:61:ca", "ether=pan: 8:0:20:0:61:cb", "ether=dash:",
     "ether=long:", "ether=short:", "ether=cr: 8:0:20:0:61:cf", "ether=hash:", "ether=wide: 8:0:20:0:61:d1", "ether=b:",
     "ether=last: 8:0:20:0:61:d3",
     "etherof=8:0:20:0:61:ca: pal", "etherof=8:0:20:0:61:cc: ", "etherof=8:0:20:0:61:d2: a",
     files={"ethers": "# c\n08:00:20:00:61:CA pal # x\n 8:0:20:0:61:cb pan\n08:00:20:00:61:cc\n08-00-20-00-61-cd dash\n08:00:20:00:61:ce:01 long\n08:00:20:00:61 short\n"
                      "08:00:20:00:61:cf cr\r\n08:00:20:00:61:d0#x hash\n008:00:20:00:61:d1 wide\n08:00:20:00:61:d2 a b\n08:00:20:00:61:d3 last"})

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names to addresses: those that the host refuses unasked, what a name server says of them, and the order of addresses."""

from cases import SEARCH, address, case
from dns_server import (A, AAAA, CNAME, FORMERR, NOTIMP, REFUSED, SERVFAIL, TXT, after_a_spoofer, after_strangers, fails, raw, silent,
                        too_large_for_udp)

# ---- asked by the library itself ------------------------------------------------------------------------------------

ONE = [(A, "192.0.2.1")]
case("own_a_number_at_the_top", "name4=node.1: node.1 192.0.2.1", "byname=node.1: node.1 192.0.2.1",
     "name=x.123: x.123 192.0.2.2", "name4=1.2.3.4.5: 1.2.3.4.5 192.0.2.3", "byname=1.2.3.4.5: HOST_NOT_FOUND",
     "byname=0x1: 0x1 192.0.2.4", forward=True,
     zone={**address("node.1", "192.0.2.1"), **address("x.123", "192.0.2.2"), **address("1.2.3.4.5", "192.0.2.3"),
     **address("0x1", "192.0.2.4")})
case("own_odd_idna", "name4=xn--a.test: xn--a.test 192.0.2.1", "byname=xn--a.test: xn--a.test 192.0.2.1",
     "name4=xn--zzzzz.test: xn--zzzzz.test 192.0.2.1", forward=True,
     zone={("xn--a.test", A): ONE, ("xn--zzzzz.test", A): ONE})
case("own_no_host_names", "name4=a b.test: EAI_NONAME", "name4=-a.test: EAI_NONAME", "name4=a*.test: EAI_NONAME",
     "name4=[::1]: EAI_NONAME", "name4=a%41.test: EAI_NONAME", "name4=a..b: EAI_NONAME", "name4=.a: EAI_NONAME",
     "name4=.: EAI_NONAME", "byname=a b.test: HOST_NOT_FOUND",
     "name4=bücher.test: EAI_NONAME", "name4=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.test: EAI_NONAME",
     forward=True, zone={(name, A): ONE for name in ("a b.test", "-a.test", "a*.test", "[::1]", "a%41.test",
     "xn--bcher-kva.test")})
case("own_a_final_dot", "name4=a.b.: a.b 192.0.2.1", "name4=node.1.: node.1 192.0.2.1", "byname=a.b.: a.b 192.0.2.1",
     forward=True, zone={("a.b", A): ONE, ("node.1", A): ONE})
case("own_no_data_beside_no_name", "name=nd.test: EAI_NODATA", "name4=nd.test: EAI_NODATA", "name6=nd.test: EAI_NODATA",
     "byname=nd.test: NO_DATA", "name4=none.test: EAI_NONAME", "byname=none.test: HOST_NOT_FOUND", "name6=node.1: EAI_NODATA",
     "byname6=node.1: NO_DATA", forward=True,
     zone={("nd.test", TXT): [(TXT, b"\1x")], ("node.1", A): ONE})
case("own_both_families", "name=both.1: both.1 ::1 127.0.0.9", "name6=both.1: both.1 ::1", "name4=only6.1: EAI_NODATA",
     "name=only6.1: only6.1 ::1", "mapped=only4.1: only4.1 ::ffff:127.0.0.9", "mapped=both.1: both.1 ::1", forward=True,
     zone={**address("both.1", "127.0.0.9"), **address("both.1", "::1"), **address("only6.1", "::1"), **address("only4.1",
     "127.0.0.9")})
case("own_failures_are_temporary", "name4=sf.1: EAI_AGAIN", "name=sf.1: EAI_NODATA", "name4=rf.1: EAI_AGAIN",
     "name=broken.test: EAI_AGAIN", "byname=sf.1: TRY_AGAIN", forward=True,
     zone={("sf.1", A): fails(SERVFAIL), ("rf.1", A): fails(REFUSED), ("broken.test", A): fails(SERVFAIL), ("broken.test",
     AAAA): fails(SERVFAIL)})
case("own_one_family_fails", "name=half.1: half.1 192.0.2.1", "name6=half.1: EAI_AGAIN", "name4=other.1: EAI_AGAIN",
     "name=other.1: other.1 2001:db8::2", forward=True,
     zone={("half.1", A): ONE, ("half.1", AAAA): fails(SERVFAIL), ("other.1", A): fails(SERVFAIL), ("other.1", AAAA): [(AAAA,
     "2001:db8::2")]})
case("own_a_silent_server", "name4=si.1: EAI_AGAIN", "byname=si.1: TRY_AGAIN", forward=True, zone={("si.1", A): silent})
case("own_nobody_there", "name4=node.1: EAI_AGAIN", "byname=node.1: TRY_AGAIN", forward=True,
     resolv="nameserver {nobody}\noptions timeout:1 attempts:1\n")
case("own_the_second_server", "name4=node.1: node.1 192.0.2.1", forward=True,
     resolv="nameserver {server}\nnameserver {second}\noptions timeout:1 attempts:1\n",
     zone={("node.1", A): fails(SERVFAIL)}, second={("node.1", A): ONE})
case("own_aliases", "name4=c.1: e.test 192.0.2.20", "byname=c.1: e.test c.1 d.test 192.0.2.20", "name4=cl.1: EAI_NONAME",
     "name4=ct.1: EAI_NONAME", forward=True,
     zone={("c.1", A): [(CNAME, "d.test"), ("d.test", CNAME, "e.test"), ("e.test", A, "192.0.2.20")], ("cl.1", A): [(CNAME,
     "cm.1"), ("cm.1", CNAME, "cl.1")], ("ct.1", A): [(CNAME, "d.test")]})
case("own_an_alias_that_is_no_host_name", "name4=cb.1: cb.1 192.0.2.21", "byname=cb.1: cb.1 192.0.2.21", forward=True,
     zone={("cb.1", A): [(CNAME, "b;d.test"), ("b;d.test", A, "192.0.2.21")]})
case("own_records_of_others", "name4=oo.1: oo.1 192.0.2.1", "name4=ty.1: ty.1 192.0.2.1", "name4=ot.1: EAI_NONAME", forward=True,
     zone={("oo.1", A): [("zz.test", A, "192.0.2.66")] + ONE, ("ty.1", A): [(AAAA, "2001:db8::66"), (TXT, b"\1x")] + ONE, ("ot.1",
     A): [("zz.test", A, "192.0.2.66")]})
case("own_over_tcp_when_cut", "name4=tc.1: tc.1 192.0.2.1", forward=True, zone={("tc.1", A): too_large_for_udp([(A,
     "192.0.2.1")])})
case("own_a_spoofer_is_ignored", "name4=node.1: node.1 192.0.2.1", forward=True, zone={("node.1", A): after_a_spoofer(ONE, [(A,
     "192.0.2.66")])})
case("own_strangers_are_ignored", "name4=node.1: node.1 192.0.2.1", forward=True, zone={("node.1", A): after_strangers(ONE, [(A,
     "192.0.2.66")])},
     linux="glibc gives up at a datagram without a header")
case("own_a_loop_of_pointers", "name4=node.1: EAI_AGAIN", forward=True, linux="glibc: no such name",
     zone={("node.1", A): raw(lambda query: query.reply([(CNAME, b"\x01a\xc0" + bytes([12 + len(query.question) + 12]))]))})
case("own_a_cut_message", "name4=node.1: EAI_AGAIN", forward=True, linux="glibc: no such name",
     zone={("node.1", A): raw(lambda query: query.reply(ONE)[:-2])})
case("own_addresses_of_odd_sizes", "name4=node.1: node.1 192.0.2.1", forward=True, linux="glibc: a failure for good",
     zone={("node.1", A): raw(lambda query: query.reply([(TXT, b"\1x")] + ONE))})
case("own_what_a_server_says", "name4=formerr.1: EAI_NONAME", "byname=formerr.1: NO_RECOVERY", "name4=notimp.1: EAI_AGAIN",
     "byname=c.1: NO_RECOVERY", "name4=c.1: EAI_NONAME", forward=True,
     zone={("formerr.1", A): fails(FORMERR), ("notimp.1", A): fails(NOTIMP), ("c.1", A): [(CNAME, "d.test")]})
case("own_many_addresses", "byname=many.1: many.1" + "".join(f" 192.0.{i // 250}.{i % 250}" for i in range(1000)), forward=True,
     zone={("many.1", A): too_large_for_udp([(A, f"192.0.{i // 250}.{i % 250}") for i in range(1000)])})
case("own_a_name_in_the_servers_case", "name4=node.1: NODE.1 192.0.2.1", forward=True, zone={("node.1",
     A): raw(lambda query: query.reply(ONE, question=query.question.upper()))})
case("own_no_aaaa", "state=: 1 server, ndots 1, timeout 1, attempts 1, no-aaaa sort 0 []", "query6=both.1: NO_DATA", "name=both.1: both.1 192.0.2.1",
     "name6=both.1: EAI_NODATA", "query=both.1: 192.0.2.1", forward=True, resolv="nameserver {server}\noptions timeout:1 attempts:1 no-aaaa\n",
     zone={**address("both.1", "192.0.2.1"), **address("both.1", "2001:db8::1")})
case("own_without_resolv_conf", "name4=node.1: EAI_NONAME", forward=True, resolv=None, linux="glibc asks this machine then",
     zone={("node.1", A): ONE}, asked=0)
case("own_search_stops_at_silence", "name4=www: EAI_NONAME", "search=www: HOST_NOT_FOUND", forward=True, resolv=SEARCH,
     zone={("www.one.test", A): silent, **address("www.two.test", "192.0.2.1")},
     guest=None)
case("own_search_goes_on_after_a_failure", "name4=www: www.two.test 192.0.2.1", "search=www: 192.0.2.1", forward=True,
     resolv=SEARCH, zone={("www.one.test", A): fails(SERVFAIL), **address("www.two.test", "192.0.2.1")})
case("own_search_stops_at_a_refusal", "name4=www: EAI_NONAME", "search=www: HOST_NOT_FOUND", forward=True, resolv=SEARCH,
     zone={("www.one.test", A): fails(REFUSED), **address("www.two.test", "192.0.2.1")})

# ---- the order of addresses -----------------------------------------------------------------------------------------

HERE = ("192.0.2.2/24", "fd00::2/64")
GLOBAL = ("192.0.2.2/24", "2001:db8::2/64")
LOCAL = "127.0.0.1 localhost\n"


def hosts(**names):
    return LOCAL + "".join(f"{text} {name}.test\n" for name, texts in names.items() for text in texts.split())


FOUR = "192.0.2.1 127.0.0.1 198.51.100.1 10.0.0.1 169.254.1.1 192.0.2.77"
SIX = "2001:db8::1 fd00::9 ::1 2002:c000:201::1 2001::5 fec0::5 3ffe::1 fd00:1::1 fd00::2:0:0:1"
BOTH = "192.0.2.1 2001:db8::1 fd00::9 127.0.0.1 ::1 10.1.2.3"
case("order_ipv4", "name4=four.test: four.test 127.0.0.1 192.0.2.1 192.0.2.77 198.51.100.1 10.0.0.1 169.254.1.1",
     "name=four.test: four.test 127.0.0.1 192.0.2.1 192.0.2.77 198.51.100.1 10.0.0.1 169.254.1.1",
     "byname=four.test: four.test 192.0.2.1 127.0.0.1 198.51.100.1 10.0.0.1 169.254.1.1 192.0.2.77",
     "name4=other.test: other.test 198.51.100.1 203.0.113.1 192.0.3.1 193.0.2.1", addresses=HERE, hosts=hosts(four=FOUR,
     other="198.51.100.1 203.0.113.1 192.0.3.1 193.0.2.1"))
case("order_ipv6_of_unique_local",
     "name6=six.test: six.test ::1 fd00::9 fd00::2:0:0:1 fd00:1::1 2001:db8::1 2001::5 3ffe::1 2002:c000:201::1 fec0::5",
     "name=six.test: six.test ::1 fd00::9 fd00::2:0:0:1 fd00:1::1 2001:db8::1 2001::5 3ffe::1 2002:c000:201::1 fec0::5",
     addresses=HERE, hosts=hosts(six=SIX))
case("order_ipv6_of_global",
     "name6=six.test: six.test ::1 2001:db8::1 3ffe::1 2001::5 fd00::9 fd00:1::1 fd00::2:0:0:1 2002:c000:201::1 fec0::5",
     addresses=GLOBAL, hosts=hosts(six=SIX))
case("order_both_families_of_unique_local", "name=both.test: both.test ::1 fd00::9 127.0.0.1 192.0.2.1 10.1.2.3 2001:db8::1",
     "mappedall=both.test: both.test ::1 fd00::9 ::ffff:127.0.0.1 ::ffff:127.0.0.1 ::ffff:192.0.2.1 ::ffff:10.1.2.3 2001:db8::1",
     "name=x.test: x.test 198.51.100.1 2001:db8::1", "name=u.test: u.test fd01::9 198.51.100.1", addresses=HERE,
     hosts=hosts(both=BOTH, x="2001:db8::1 198.51.100.1", u="198.51.100.1 fd01::9"))
case("order_both_families_of_global", "name=both.test: both.test ::1 2001:db8::1 127.0.0.1 192.0.2.1 10.1.2.3 fd00::9",
     "name=x.test: x.test 2001:db8::1 198.51.100.1", "name=u.test: u.test 198.51.100.1 fd01::9", addresses=GLOBAL,
     hosts=hosts(both=BOTH, x="198.51.100.1 2001:db8::1", u="198.51.100.1 fd01::9"))



case("order_gai_conf_precedence", "name=both.test: both.test 127.0.0.1 192.0.2.1 10.1.2.3 ::1 fd00::9 2001:db8::1",
     "name=six.test: six.test ::1 fd00::9 fd00::2:0:0:1 fd00:1::1 2001:db8::1 2002:c000:201::1 2001::5 3ffe::1 fec0::5",
     addresses=HERE, hosts=hosts(six=SIX, both=BOTH), files={"gai.conf": "precedence ::ffff:0:0/96 100\n"})
case("order_gai_conf_label", "name=both.test: both.test ::1 fd00::9 2001:db8::1 127.0.0.1 192.0.2.1 10.1.2.3",
     "name=six.test: six.test ::1 fd00::9 fd00::2:0:0:1 fd00:1::1 2001:db8::1 2001::5 3ffe::1 2002:c000:201::1 fec0::5",
     addresses=HERE, hosts=hosts(six=SIX, both=BOTH), files={"gai.conf": "label ::1/128 0\nlabel ::/0 1\nlabel fc00::/7 1\n"})
case("order_gai_conf_scopes_of_ipv4", "name=both.test: both.test ::1 fd00::9 127.0.0.1 192.0.2.1 2001:db8::1 10.1.2.3",
     "name4=four.test: four.test 127.0.0.1 192.0.2.1 192.0.2.77 169.254.1.1 10.0.0.1 198.51.100.1", addresses=HERE,
     hosts=hosts(four=FOUR, both=BOTH),
     files={"gai.conf": "scopev4 10.0.0.0/8 2\nscopev4 ::ffff:198.51.100.0/120 5\nscopev4 ::ffff:0.0.0.0/96 14\n"})
case("order_gai_conf_odd_lines", "name=both.test: both.test 127.0.0.1 ::1 192.0.2.1 fd00::9 10.1.2.3 2001:db8::1",
     "name=six.test: six.test ::1 fd00::9 fd00::2:0:0:1 fd00:1::1 2002:c000:201::1 2001::5 3ffe::1 2001:db8::1 fec0::5",
     addresses=HERE, hosts=hosts(six=SIX, both=BOTH),
     files={"gai.conf": " precedence\t2001:db8::/32 # x\n\tprecedence 2001:db8::/32 200 # y\nreload yes\nPRECEDENCE ::1/128 1\nprecedence fd00::/8 -1\nprecedence fd00::/8 4294967296\n"
                        "precedence fd00::/8x 5\nprecedence fd00::/129 5\nprecedence ::/0 1\r\nprecedence ::/0 2 3\n"})

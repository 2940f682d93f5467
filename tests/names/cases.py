# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The cases: what is in /etc, what is looked up, what comes out. They run on Linux too, whose C library says what is right.

{server} and {second} in a resolv.conf are the tests' name servers, {nobody} an address where nobody listens.
"""

import struct

from dns_server import (A, AAAA, CNAME, FORMERR, NOTIMP, PTR, REFUSED, SERVFAIL, TXT, after_a_spoofer, after_strangers,
                        answers_the_second_time, cut_everywhere, fails, raw, reverse, silent, too_large_for_udp)

CASES = {}


def case(name, *lookups, resolv="nameserver {server}\noptions timeout:1 attempts:1\n", hosts="127.0.0.1 localhost\n",
         zone=None, second=None, forward=False, linux=None, asked=None, environment=None, network=True,
         guest=None, files=None, addresses=()):
    """`lookups`: "KIND=KEY: EXPECTED"; `guest`: what differs in a guest. `zone`, `second`: of the two servers. `forward`: the host's resolver is asked, so
    its files must be ours, too. `linux`: why Linux isn't asked; `asked`: how many questions reach the first server.
    `files`: further ones of /etc. `addresses`: those that this machine has, each with its prefix, in a network without others."""
    assert name not in CASES
    CASES[name] = dict(lookups=lookups, resolv=resolv, hosts=hosts, zone=zone or {}, second=second, forward=forward,
                       linux=linux, asked=asked, environment=environment or {}, network=network, guest=guest or lookups,
                       files=files or {}, addresses=addresses)


def ptr(address, *names):
    return {(reverse(address), PTR): [(PTR, name) for name in names]}


def acting(address, act):
    return {(reverse(address), PTR): act}


ONE = "192.0.2.1"
NOT_FOUND = ("address=192.0.2.1: EAI_NONAME 192.0.2.1", "host=192.0.2.1: HOST_NOT_FOUND")
AGAIN = ("address=192.0.2.1: EAI_AGAIN EAI_AGAIN", "host=192.0.2.1: TRY_AGAIN")

# ---- addresses to names -----------------------------------------------------------------------------------------

case("reverse_a_name", "address=192.0.2.1: one.example", "host=192.0.2.1: one.example", zone=ptr(ONE, "one.example"),
     asked=2)
case("reverse_ipv6", "address=2001:db8::1f: six.example", "host=2001:db8::1f: six.example",
     zone=ptr("2001:db8::1f", "six.example"))
case("reverse_a_mapped_address", "address=::ffff:192.0.2.1: one.example", zone=ptr(ONE, "one.example"))
case("reverse_the_first_of_several_names", "host=192.0.2.1: one.example", "address=192.0.2.1: one.example", zone=ptr(ONE,
     "one.example", "two.example", "three.example"))
case("reverse_upper_case", "address=192.0.2.1: One.EXAMPLE", zone=ptr(ONE, "One.EXAMPLE"))
case("reverse_by_an_alias", "address=192.0.2.1: one.example", zone={
    (reverse(ONE), PTR): [(CNAME, "1.0-25.2.0.192.in-addr.arpa"), ("1.0-25.2.0.192.in-addr.arpa", PTR, "one.example")]})
case("reverse_hosts_file_first", "address=192.0.2.1: file.example", "host=192.0.2.1: file.example alias",
     hosts="192.0.2.1 file.example alias\n", zone=ptr(ONE, "one.example"), asked=0)
case("reverse_no_such_name", *NOT_FOUND)
case("reverse_nothing_there", "address=192.0.2.1: EAI_NONAME 192.0.2.1", zone={(reverse(ONE), PTR): []})
case("reverse_without_resolv_conf", "address=192.0.2.1: EAI_NONAME 192.0.2.1", resolv=None, zone=ptr(ONE, "one.example"),
     asked=0, linux="glibc asks this machine then")
case("reverse_server_failure", *AGAIN, zone=acting(ONE, fails(SERVFAIL)))
case("reverse_refused_by_the_server", *AGAIN, zone=acting(ONE, fails(REFUSED)))
case("reverse_the_second_server_answers", "address=192.0.2.1: one.example",
     resolv="nameserver {server}\nnameserver {second}\noptions timeout:1 attempts:1\n", zone=acting(ONE, fails(SERVFAIL)),
     second=ptr(ONE, "one.example"), asked=1)
case("reverse_after_a_silent_server", "address=192.0.2.1: one.example",
     resolv="nameserver {server}\nnameserver {second}\noptions timeout:1 attempts:1\n", zone=acting(ONE, silent),
     second=ptr(ONE, "one.example"), asked=1)
case("reverse_after_an_unreachable_server", "address=192.0.2.1: one.example",
     resolv="nameserver {nobody}\nnameserver {server}\noptions timeout:1 attempts:1\n", zone=ptr(ONE, "one.example"))
case("reverse_a_denial_is_final", "address=192.0.2.1: EAI_NONAME 192.0.2.1",
     resolv="nameserver {server}\nnameserver {second}\n", second=ptr(ONE, "one.example"))
case("reverse_nobody_there", "address=192.0.2.1: EAI_AGAIN EAI_AGAIN",
     resolv="nameserver {nobody}\noptions timeout:1 attempts:1\n")
case("reverse_asks_again", "address=192.0.2.1: one.example", resolv="nameserver {server}\noptions timeout:1 attempts:2\n",
     zone=acting(ONE, answers_the_second_time([(PTR, "one.example")])), asked=2)
case("reverse_options_of_the_environment", "address=192.0.2.1: one.example", resolv="nameserver {server}\n",
     environment={"RES_OPTIONS": "timeout:1 attempts:2"},
     zone=acting(ONE, answers_the_second_time([(PTR, "one.example")])), asked=2)
case("reverse_gives_up", "address=192.0.2.1: EAI_AGAIN EAI_AGAIN", zone=acting(ONE, silent), asked=2)
case("reverse_truncated_goes_on_over_tcp", "address=192.0.2.1: host0.example",
     zone=acting(ONE, too_large_for_udp([(PTR, f"host{i}.example") for i in range(300)])), asked=2)
case("reverse_only_over_tcp", "address=192.0.2.1: one.example",
     resolv="nameserver {server}\noptions use-vc timeout:1 attempts:1\n",
     zone=acting(ONE, too_large_for_udp([(PTR, "one.example")])), asked=1)
case("reverse_truncated_over_tcp_too", "address=192.0.2.1: EAI_NONAME 192.0.2.1", zone=acting(ONE, cut_everywhere),
     linux="glibc: not tried")
case("reverse_strangers_are_ignored", "address=192.0.2.1: one.example",
     zone=acting(ONE, after_strangers([(PTR, "one.example")], [(PTR, "wrong.example")])),
     linux="glibc takes the fourth, of another type")
case("reverse_a_spoofer_is_ignored", "address=192.0.2.1: one.example",
     zone=acting(ONE, after_a_spoofer([(PTR, "one.example")], [(PTR, "wrong.example")])), asked=1)
NO_USE = ("address=192.0.2.1: EAI_NONAME 192.0.2.1", "host=192.0.2.1: NO_RECOVERY")
case("reverse_no_host_name", *NO_USE, zone=ptr(ONE, "one;two.example"))
case("reverse_the_server_finds_fault", *NO_USE, zone=acting(ONE, fails(FORMERR)))
case("reverse_an_address_is_no_name", *NO_USE, zone=ptr(ONE, "127.0.0.1"), linux="glibc gives it")
case("reverse_records_of_others_are_ignored", "address=192.0.2.1: one.example", zone={
    (reverse(ONE), PTR): [("other.example", PTR, "wrong.example"), (PTR, "one.example")]})
case("reverse_a_loop_of_pointers", "address=192.0.2.1: EAI_AGAIN EAI_AGAIN",
     zone=acting(ONE, raw(lambda query: query.reply([(PTR, b"\x01a\xc0" + bytes([12 + len(query.question) + 12]))]))),
     linux="glibc: a failure for good")
case("reverse_a_cut_message", "address=192.0.2.1: EAI_AGAIN EAI_AGAIN",
     zone=acting(ONE, raw(lambda query: query.reply([(PTR, "one.example")])[:-4])), linux="glibc: a failure for good")
case("reverse_more_answers_than_there_are", "address=192.0.2.1: one.example",
     zone=acting(ONE, raw(lambda query: query.reply([(PTR, "one.example")], answers=7))),
     linux="glibc: a failure for good")
case("reverse_a_data_length_that_lies", "address=192.0.2.1: EAI_AGAIN EAI_AGAIN", zone=acting(
    ONE, raw(lambda query: query.reply(answers=1) + b"\xc0\x0c" + struct.pack("!HHIH", PTR, 1, 60, 600) + b"\x01a\0")),
    linux="glibc: a failure for good")
case("reverse_no_network", "address=192.0.2.1: EAI_SYSTEM EACCES EAI_SYSTEM EACCES", "host=192.0.2.1: Permission denied",
     network=False, linux="it has one")
case("reverse_port_as_openbsd_has_it", "address=192.0.2.1: one.example",
     resolv="nameserver [{address}]:{port}\n", zone=ptr(ONE, "one.example"), linux="glibc has no ports")
case("reverse_odd_lines_are_passed_over", "address=192.0.2.1: one.example",
     resolv="; a comment\n# another\nnameserver\nnameserver x\nsortlist 1.2.3.4\noptions\noptions ndots:x timeout:\n"
            "nameserver {server} behind\n", zone=ptr(ONE, "one.example"))

# ---- names to addresses: the search list --------------------------------------------------------------------------


def address(name, text):
    return {(name, AAAA if ":" in text else A): [(AAAA if ":" in text else A, text)]}


SEARCH = "nameserver {server}\nsearch one.test two.test\noptions timeout:1 attempts:1\n"
case("search_a_short_name", "name4=www: www.two.test 192.0.2.80", resolv=SEARCH, forward=True,
     zone=address("www.two.test", "192.0.2.80"))
case("search_the_first_domain_that_has_it", "name4=www: www.one.test 192.0.2.81", resolv=SEARCH, forward=True,
     zone={**address("www.one.test", "192.0.2.81"), **address("www.two.test", "192.0.2.80"),
           **address("www", "192.0.2.82")})
case("search_the_name_itself_comes_last", "name4=www: www 192.0.2.82", resolv=SEARCH, forward=True,
     zone=address("www", "192.0.2.82"))
case("search_with_a_dot_the_name_itself_comes_first", "name4=www.sub: www.sub 192.0.2.82", resolv=SEARCH, forward=True,
     zone={**address("www.sub", "192.0.2.82"), **address("www.sub.one.test", "192.0.2.80")})
case("search_with_a_dot_goes_on", "name4=www.sub: www.sub.one.test 192.0.2.80", resolv=SEARCH, forward=True,
     zone=address("www.sub.one.test", "192.0.2.80"))
case("search_ndots", "name4=www.sub: www.sub.one.test 192.0.2.80", resolv=SEARCH + "options ndots:2\n", forward=True,
     zone={**address("www.sub", "192.0.2.82"), **address("www.sub.one.test", "192.0.2.80")})
case("search_not_for_a_complete_name", "name4=www.: EAI_NONAME", resolv=SEARCH, forward=True,
     zone=address("www.one.test", "192.0.2.80"))
case("search_domain_line", "name4=www: www.two.test 192.0.2.80", forward=True,
     resolv="nameserver {server}\nsearch one.test\ndomain two.test\n",
     zone={**address("www.one.test", "192.0.2.81"), **address("www.two.test", "192.0.2.80")})
case("search_domain_of_the_environment", "name4=www: www.two.test 192.0.2.80", resolv=SEARCH, forward=True,
     environment={"LOCALDOMAIN": "two.test"},
     zone={**address("www.one.test", "192.0.2.81"), **address("www.two.test", "192.0.2.80")})
case("search_ipv6", "name6=www: www.two.test 2001:db8::80", resolv=SEARCH, forward=True,
     zone=address("www.two.test", "2001:db8::80"))
case("search_hosts_file_first", "name4=www: www.file 192.0.2.9", resolv=SEARCH, forward=True,
     hosts="127.0.0.1 localhost\n192.0.2.9 www.file www\n", zone=address("www.one.test", "192.0.2.80"), asked=0)
case("search_nothing_found", "name4=www: EAI_NONAME", resolv=SEARCH, forward=True)

# ---- the causes stay apart ----------------------------------------------------------------------------------------

case("cause_no_such_name", "name4=none.test: EAI_NONAME", forward=True)
case("cause_temporary_failure", "name4=broken.test: EAI_AGAIN", forward=True, zone={("broken.test", A): fails(SERVFAIL)})
# wasmtime says name-unresolvable for whatever its resolver says, and there is nobody else to ask.
case("cause_temporary_failure_without_resolv_conf", "name4=broken.test: EAI_NONAME", forward=True, resolv=None,
     zone={("broken.test", A): fails(SERVFAIL)}, linux="glibc asks this machine then")
case("cause_no_permission", "name4=www.test: EAI_FAIL", network=False, linux="nothing forbids it")

# ---- res_query and res_search -------------------------------------------------------------------------------------

case("records_addresses", "query=www.test: 192.0.2.1 192.0.2.2", asked=1,
     zone={("www.test", A): [(A, "192.0.2.1"), (A, "192.0.2.2")]})
case("records_an_alias", "query=www.test: www.test=web.test 192.0.2.1",
     zone={("www.test", A): [(CNAME, "web.test"), ("web.test", A, "192.0.2.1")]})
case("records_no_such_name", "query=none.test: HOST_NOT_FOUND", asked=1)
case("records_none_of_the_type", "query=www.test: NO_DATA", zone=address("www.test", "2001:db8::80"), asked=1)
case("records_the_name_as_it_is", "query=www: HOST_NOT_FOUND", "search=www: 192.0.2.81", resolv=SEARCH,
     zone={**address("www.one.test", "192.0.2.81"), **address("www.two.test", "192.0.2.80")})
case("records_search_with_a_dot_the_name_itself_comes_first", "search=www.sub: 192.0.2.82", resolv=SEARCH, asked=1,
     zone={**address("www.sub", "192.0.2.82"), **address("www.sub.one.test", "192.0.2.80")})
case("records_search_ndots", "search=www.sub: 192.0.2.80", resolv=SEARCH + "options ndots:2\n", asked=1,
     zone={**address("www.sub", "192.0.2.82"), **address("www.sub.one.test", "192.0.2.80")})
case("records_search_complete_name", "search=www.: HOST_NOT_FOUND", resolv=SEARCH, asked=1,
     zone=address("www.one.test", "192.0.2.80"))
case("records_search_nothing_found", "search=www: HOST_NOT_FOUND", resolv=SEARCH, asked=3)
case("records_search_remembers_that_there_was_a_name", "search=www: NO_DATA", resolv=SEARCH,
     zone=address("www.one.test", "2001:db8::80"))
case("records_server_failure", "query=www.test: TRY_AGAIN", zone={("www.test", A): fails(SERVFAIL)})
case("records_second_server", "query=www.test: 192.0.2.1", zone={("www.test", A): fails(SERVFAIL)},
     resolv="nameserver {server}\nnameserver {second}\noptions timeout:1 attempts:1\n",
     second=address("www.test", "192.0.2.1"), asked=1)
case("records_refusing_server", "query=www.test: TRY_AGAIN", resolv="nameserver {nobody}\noptions timeout:1 attempts:1\n")
case("records_silent_server", "query=www.test: TRY_AGAIN", zone={("www.test", A): silent})
case("records_the_second_time", "query=www.test: 192.0.2.1", resolv="nameserver {server}\noptions timeout:1 attempts:2\n",
     zone={("www.test", A): answers_the_second_time([(A, "192.0.2.1")])}, asked=2)
case("records_over_tcp_when_cut", "text=big.test: 200 bytes 200 bytes 200 bytes 200 bytes",
     zone={("big.test", TXT): too_large_for_udp([(TXT, b"\xc7" + b"x" * 199)] * 4)}, asked=2)
case("records_after_strangers", "query=www.test: 192.0.2.1",
     zone={("www.test", A): after_strangers([(A, "192.0.2.1")], [(A, "192.0.2.66")])},
     linux="glibc gives up at a datagram without a header")
case("records_after_a_spoofer", "query=www.test: 192.0.2.1",
     zone={("www.test", A): after_a_spoofer([(A, "192.0.2.1")], [(A, "192.0.2.66")])})
case("records_no_network", "query=www.test: TRY_AGAIN", network=False, linux="it has one")
case("records_what_a_server_says", "query=formerr.test: NO_RECOVERY", "query=notimp.test: TRY_AGAIN",
     "query=refused.test: TRY_AGAIN",
     zone={("formerr.test", A): fails(FORMERR), ("notimp.test", A): fails(NOTIMP), ("refused.test", A): fails(REFUSED)})
case("records_edns0_that_a_server_does_not_know", "query=www.test: NO_RECOVERY", resolv="nameserver {server}\noptions edns0\n",
     asked=1,
     zone={("www.test", A): lambda server, query, send,
     peer: send(query.reply(code=FORMERR) if query.message[11] else query.reply())})

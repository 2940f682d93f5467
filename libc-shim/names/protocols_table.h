// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The protocols a guest knows without /etc/protocols, in the form of that file: IANA's protocol numbers with the names
// that Linux gives them.
#pragma once

namespace posix_sockets {

constexpr char protocols_table[] =
    "ip 0 IP\nhopopt 0 HOPOPT\nicmp 1 ICMP\nigmp 2 IGMP\nggp 3 GGP\nipencap 4 IP-ENCAP\nst 5 ST\ntcp 6 TCP\negp 8 EGP\n"
    "igp 9 IGP\npup 12 PUP\nudp 17 UDP\nhmp 20 HMP\nxns-idp 22 XNS-IDP\nrdp 27 RDP\niso-tp4 29 ISO-TP4\ndccp 33 DCCP\n"
    "xtp 36 XTP\nddp 37 DDP\nidpr-cmtp 38 IDPR-CMTP\nipv6 41 IPv6\nipv6-route 43 IPv6-Route\nipv6-frag 44 IPv6-Frag\n"
    "idrp 45 IDRP\nrsvp 46 RSVP\ngre 47 GRE\nesp 50 IPSEC-ESP\nah 51 IPSEC-AH\nskip 57 SKIP\nipv6-icmp 58 IPv6-ICMP\n"
    "ipv6-nonxt 59 IPv6-NoNxt\nipv6-opts 60 IPv6-Opts\nrspf 73 RSPF CPHB\nvmtp 81 VMTP\neigrp 88 EIGRP\nospf 89 "
    "OSPFIGP\n"
    "ax.25 93 AX.25\nipip 94 IPIP\netherip 97 ETHERIP\nencap 98 ENCAP\npim 103 PIM\nipcomp 108 IPCOMP\nvrrp 112 VRRP\n"
    "l2tp 115 L2TP\nisis 124 ISIS\nsctp 132 SCTP\nfc 133 FC\nmobility-header 135 Mobility-Header\nudplite 136 UDPLite\n"
    "mpls-in-ip 137 MPLS-in-IP\nmanet 138\nhip 139 HIP\nshim6 140 Shim6\nwesp 141 WESP\nrohc 142 ROHC\n"
    "ethernet 143 Ethernet\nmptcp 262 MPTCP\n";

}  // namespace posix_sockets

# Names: getaddrinfo and the rest of netdb, one family of functions a file. Paths are relative to the project's top folder.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set(NAMES_SOURCES
    libc-shim/names/dns_channel.cpp
    libc-shim/names/dns_exchange.cpp
    libc-shim/names/dns_message.cpp
    libc-shim/names/dns_query.cpp
    libc-shim/api/netdb/gai_strerror.cpp
    libc-shim/api/netdb/getaddrinfo.cpp
    libc-shim/api/netdb/gethostbyaddr.cpp
    libc-shim/api/netdb/gethostbyname.cpp
    libc-shim/api/netdb/gethostent.cpp
    libc-shim/api/netdb/getnameinfo.cpp
    libc-shim/api/netdb/getnetbyname.cpp
    libc-shim/api/netdb/getnetent.cpp
    libc-shim/api/netdb/getprotobyname.cpp
    libc-shim/api/netdb/getprotoent.cpp
    libc-shim/api/netdb/getservbyname.cpp
    libc-shim/api/netdb/getservent.cpp
    libc-shim/api/netdb/h_errno.cpp
    libc-shim/names/host_alias.cpp
    libc-shim/names/host_entry.cpp
    libc-shim/names/hosts.cpp
    libc-shim/api/netdb/inet_class.cpp
    libc-shim/api/netdb/inet_text.cpp
    libc-shim/names/line_reader.cpp
    libc-shim/names/look_up.cpp
    libc-shim/names/networks.cpp
    libc-shim/names/numeric.cpp
    libc-shim/names/policy.cpp
    libc-shim/names/protocols.cpp
    libc-shim/names/resolver.cpp
    libc-shim/names/resolver_settings.cpp
    libc-shim/names/services.cpp
    libc-shim/names/socket_types.cpp
    libc-shim/names/sort.cpp
    libc-shim/names/source_address.cpp
)

# <resolv.h> and <netinet/ether.h>: with the names of the native libc's, so that the unit tests leave them out.
set(RESOLV_SOURCES
    libc-shim/api/netdb/dn_name.cpp
    libc-shim/api/netdb/ether.cpp
    libc-shim/api/netdb/ns_parse.cpp
    libc-shim/api/netdb/res_query.cpp
    libc-shim/api/netdb/res_send.cpp
    libc-shim/api/netdb/res_state.cpp
)

# Names: getaddrinfo and the rest of netdb, one family of functions a file. Paths are relative to the project's top folder.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set(NAMES_SOURCES
    libc-shim/names/dns_channel.cpp
    libc-shim/names/dns_exchange.cpp
    libc-shim/names/dns_message.cpp
    libc-shim/names/dns_query.cpp
    libc-shim/names/gai_strerror.cpp
    libc-shim/names/getaddrinfo.cpp
    libc-shim/names/gethostbyaddr.cpp
    libc-shim/names/gethostbyname.cpp
    libc-shim/names/gethostent.cpp
    libc-shim/names/getnameinfo.cpp
    libc-shim/names/getnetbyname.cpp
    libc-shim/names/getnetent.cpp
    libc-shim/names/getprotobyname.cpp
    libc-shim/names/getprotoent.cpp
    libc-shim/names/getservbyname.cpp
    libc-shim/names/getservent.cpp
    libc-shim/names/h_errno.cpp
    libc-shim/names/host_alias.cpp
    libc-shim/names/host_entry.cpp
    libc-shim/names/hosts.cpp
    libc-shim/names/inet_class.cpp
    libc-shim/names/inet_text.cpp
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
    libc-shim/names/dn_name.cpp
    libc-shim/names/ether.cpp
    libc-shim/names/ns_parse.cpp
    libc-shim/names/res_query.cpp
    libc-shim/names/res_send.cpp
    libc-shim/names/res_state.cpp
)

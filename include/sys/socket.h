/* Sockets: what <sys/socket.h> of wasi-libc lacks or hides, with the values of its wasip2 form on both targets.
   A constant that it doesn't have takes Linux's value, unless wasi-libc uses that value for something else. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_SYS_SOCKET_H
#define _WASI_POSIX_SYS_SOCKET_H

/* First: wasi-libc picks SO_RCVTIMEO by a macro that this header defines. */
#include <stddef.h>
#include_next <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Types of sockets. Linux's 5 and 6 are wasi-libc's datagram and stream. */
#define SOCK_RAW 3
#define SOCK_RDM 4
#define SOCK_SEQPACKET 8
#define SOCK_DCCP 9
#define SOCK_PACKET 10

#include <bits/socket_families.h>

/* Levels. */
#undef SOL_IP
#undef SOL_TCP
#undef SOL_UDP
#undef SOL_IPV6
#define SOL_IP 0
#define SOL_TCP 6
#define SOL_UDP 17
#define SOL_IPV6 41
#define SOL_ICMPV6 58
#define SOL_SCTP 132
#define SOL_UDPLITE 136
#define SOL_RAW 255
#define SOL_DECNET 261
#define SOL_X25 262
#define SOL_PACKET 263
#define SOL_ATM 264
#define SOL_AAL 265
#define SOL_IRDA 266
#define SOL_NETBEUI 267
#define SOL_LLC 268
#define SOL_DCCP 269
#define SOL_NETLINK 270
#define SOL_TIPC 271
#define SOL_RXRPC 272
#define SOL_PPPOL2TP 273
#define SOL_BLUETOOTH 274
#define SOL_PNPIPE 275
#define SOL_RDS 276
#define SOL_IUCV 277
#define SOL_CAIF 278
#define SOL_ALG 279
#define SOL_NFC 280
#define SOL_KCM 281
#define SOL_TLS 282
#define SOL_XDP 283

#undef SOMAXCONN
#define SOMAXCONN 128

/* Options of SOL_SOCKET. */
#undef SO_REUSEADDR
#undef SO_ERROR
#undef SO_SNDBUF
#undef SO_RCVBUF
#undef SO_KEEPALIVE
#undef SO_ACCEPTCONN
#undef SO_PROTOCOL
#undef SO_DOMAIN
#undef SO_RCVTIMEO
#undef SO_SNDTIMEO
#define SO_DEBUG 1
#define SO_REUSEADDR 2
#define SO_ERROR 4
#define SO_DONTROUTE 5
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_KEEPALIVE 9
#define SO_OOBINLINE 10
#define SO_NO_CHECK 11
#define SO_PRIORITY 12
#define SO_LINGER 13
#define SO_BSDCOMPAT 14
#define SO_REUSEPORT 15
#define SO_PASSCRED 16
#define SO_PEERCRED 17
#define SO_RCVLOWAT 18
#define SO_SNDLOWAT 19
#define SO_SECURITY_AUTHENTICATION 22
#define SO_SECURITY_ENCRYPTION_TRANSPORT 23
#define SO_SECURITY_ENCRYPTION_NETWORK 24
#define SO_BINDTODEVICE 25
#define SO_ATTACH_FILTER 26
#define SO_DETACH_FILTER 27
#define SO_GET_FILTER SO_ATTACH_FILTER
#define SO_PEERNAME 28
#define SO_ACCEPTCONN 30
#define SO_PEERSEC 31
#define SO_SNDBUFFORCE 32
#define SO_RCVBUFFORCE 33
#define SO_PASSSEC 34
#define SO_MARK 36
#define SO_PROTOCOL 38
#define SO_DOMAIN 39
#define SO_RXQ_OVFL 40
#define SO_WIFI_STATUS 41
#define SO_PEEK_OFF 42
#define SO_NOFCS 43
#define SO_LOCK_FILTER 44
#define SO_SELECT_ERR_QUEUE 45
#define SO_BUSY_POLL 46
#define SO_MAX_PACING_RATE 47
#define SO_BPF_EXTENSIONS 48
#define SO_INCOMING_CPU 49
#define SO_ATTACH_BPF 50
#define SO_DETACH_BPF SO_DETACH_FILTER
#define SO_ATTACH_REUSEPORT_CBPF 51
#define SO_ATTACH_REUSEPORT_EBPF 52
#define SO_CNX_ADVICE 53
#define SO_MEMINFO 55
#define SO_INCOMING_NAPI_ID 56
#define SO_COOKIE 57
#define SO_PEERGROUPS 59
#define SO_ZEROCOPY 60
#define SO_TXTIME 61
#define SO_BINDTOIFINDEX 62
/* The forms with 64-bit times, as time_t has 64 bits. Objects compiled with plain wasi-libc headers may hold 20 and
   21 for the two timeouts: its header's value depends on what was included before it. */
#define SO_TIMESTAMP 63
#define SO_TIMESTAMPNS 64
#define SO_TIMESTAMPING 65
#define SO_RCVTIMEO 66
#define SO_SNDTIMEO 67
#define SO_DETACH_REUSEPORT_BPF 68
#define SO_PREFER_BUSY_POLL 69
#define SO_BUSY_POLL_BUDGET 70
#define SO_NETNS_COOKIE 71
#define SO_BUF_LOCK 72
#define SO_RESERVE_MEM 73
#define SO_TXREHASH 74
#define SO_RCVMARK 75
/* Of the BSDs, with FreeBSD's values. */
#define SO_PROTOTYPE SO_PROTOCOL
#define SO_NOSIGPIPE 0x0800
#define SO_LISTENQLIMIT 0x1011

/* Control messages. */
#define SCM_RIGHTS 0x01
#define SCM_CREDENTIALS 0x02
#define SCM_TIMESTAMP SO_TIMESTAMP
#define SCM_TIMESTAMPNS SO_TIMESTAMPNS
#define SCM_TIMESTAMPING SO_TIMESTAMPING
#define SCM_TIMESTAMPING_OPT_STATS 54
#define SCM_TIMESTAMPING_PKTINFO 58
#define SCM_TXTIME SO_TXTIME
#define SCM_WIFI_STATUS SO_WIFI_STATUS

/* Flags of send and recv; in the preview1 headers MSG_PEEK and MSG_TRUNC are the same. */
#undef MSG_PEEK
#undef MSG_WAITALL
#undef MSG_TRUNC
#undef MSG_DONTWAIT
#undef MSG_NOSIGNAL
#define MSG_OOB 0x0001
#define MSG_PEEK 0x0002
#define MSG_DONTROUTE 0x0004
#define MSG_TRYHARD MSG_DONTROUTE
#define MSG_CTRUNC 0x0008
#define MSG_PROXY 0x0010
#define MSG_TRUNC 0x0020
#define MSG_DONTWAIT 0x0040
#define MSG_EOR 0x0080
#define MSG_WAITALL 0x0100
#define MSG_FIN 0x0200
#define MSG_SYN 0x0400
#define MSG_CONFIRM 0x0800
#define MSG_RST 0x1000
#define MSG_ERRQUEUE 0x2000
#define MSG_NOSIGNAL 0x4000
#define MSG_MORE 0x8000
#define MSG_WAITFORONE 0x10000
#define MSG_BATCH 0x40000
#define MSG_ZEROCOPY 0x4000000
#define MSG_FASTOPEN 0x20000000
#define MSG_CMSG_CLOEXEC 0x40000000

#ifdef __cplusplus
extern "C" {
#endif

struct cmsghdr {
  socklen_t cmsg_len;
  int cmsg_level;
  int cmsg_type;
};

#define CMSG_ALIGN(len) (((len) + sizeof(size_t) - 1) & (size_t)~(sizeof(size_t) - 1))
#define CMSG_LEN(len) (CMSG_ALIGN(sizeof(struct cmsghdr)) + (len))
#define CMSG_SPACE(len) (CMSG_ALIGN(sizeof(struct cmsghdr)) + CMSG_ALIGN(len))
#define CMSG_DATA(cmsg) ((unsigned char *)((struct cmsghdr *)(cmsg) + 1))
#define CMSG_FIRSTHDR(mhdr)                                                                         \
  ((size_t)(mhdr)->msg_controllen >= sizeof(struct cmsghdr) ? (struct cmsghdr *)(mhdr)->msg_control \
                                                            : (struct cmsghdr *)0)
#define CMSG_NXTHDR(mhdr, cmsg) (__cmsg_nxthdr((mhdr), (cmsg)))

/* The header after `__cmsg`, or null when what is left can't hold one. */
static __inline struct cmsghdr *__cmsg_nxthdr(const struct msghdr *__mhdr, struct cmsghdr *__cmsg) {
  size_t __offset = (size_t)((char *)__cmsg - (char *)__mhdr->msg_control);
  size_t __left = (size_t)__mhdr->msg_controllen - __offset;
  if (__cmsg->cmsg_len < sizeof(struct cmsghdr) || __cmsg->cmsg_len > __left ||
      CMSG_ALIGN((size_t)__cmsg->cmsg_len) + sizeof(struct cmsghdr) > __left)
    return (struct cmsghdr *)0;
  return (struct cmsghdr *)((char *)__cmsg + CMSG_ALIGN((size_t)__cmsg->cmsg_len));
}

int socket(int, int, int);
#if defined(__OPTIMIZE__)
/* A socket() of constant arguments links TCP or UDP alone, instead of all kinds of sockets. */
int __posix_sockets_tcp(int, int, int);
int __posix_sockets_udp(int, int, int);
int __posix_sockets_any(int, int, int);
extern __inline __attribute__((__gnu_inline__, __always_inline__)) int socket(int __domain, int __type,
                                                                              int __protocol) {
  if (__builtin_constant_p(__domain) && __builtin_constant_p(__type) && (__domain == AF_INET || __domain == AF_INET6)) {
    if ((__type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) == SOCK_STREAM)
      return __posix_sockets_tcp(__domain, __type, __protocol);
    if ((__type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) == SOCK_DGRAM)
      return __posix_sockets_udp(__domain, __type, __protocol);
  }
  return __posix_sockets_any(__domain, __type, __protocol);
}
#endif
int bind(int, const struct sockaddr *, socklen_t);
int listen(int, int);
int connect(int, const struct sockaddr *, socklen_t);
int accept(int, struct sockaddr *__restrict, socklen_t *__restrict);
int accept4(int, struct sockaddr *__restrict, socklen_t *__restrict, int);
int getsockname(int, struct sockaddr *__restrict, socklen_t *__restrict);
int getpeername(int, struct sockaddr *__restrict, socklen_t *__restrict);
int shutdown(int, int);
int sockatmark(int);
int isfdtype(int, int);
int socketpair(int, int, int, int[2]);

ssize_t send(int, const void *, size_t, int);
ssize_t sendto(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
ssize_t sendmsg(int, const struct msghdr *, int);
ssize_t recv(int, void *, size_t, int);
ssize_t recvfrom(int, void *__restrict, size_t, int, struct sockaddr *__restrict, socklen_t *__restrict);
ssize_t recvmsg(int, struct msghdr *, int);

int getsockopt(int, int, int, void *__restrict, socklen_t *__restrict);
int setsockopt(int, int, int, const void *, socklen_t);

#ifdef __cplusplus
}
#endif

#endif

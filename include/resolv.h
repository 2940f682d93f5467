/* The resolver: DNS queries over the guest's own sockets to the servers of /etc/resolv.conf, if the guest may read that; else, as
 * on Linux, to 127.0.0.1. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _WASI_POSIX_RESOLV_H
#define _WASI_POSIX_RESOLV_H

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define __RES 19991006

#define MAXNS 3
#define MAXDFLSRCH 3
#define MAXDNSRCH 6
#define LOCALDOMAINPARTS 2
#define RES_TIMEOUT 5
#define RES_DFLRETRY 2
#define RES_MAXNDOTS 15
#define RES_MAXRETRANS 30
#define RES_MAXRETRY 5
#define RES_MAXTIME 65535
#define MAXRESOLVSORT 10

#ifndef _PATH_RESCONF
#define _PATH_RESCONF "/etc/resolv.conf"
#endif

struct __res_state {
  int retrans; /* seconds for an answer */
  int retry;   /* rounds through the servers */
  unsigned long options;
  int nscount;
  struct sockaddr_in nsaddr_list[MAXNS]; /* sin_family 0: _u._ext.nsaddrs has it */
  unsigned short id;
  char *dnsrch[MAXDNSRCH + 1];
  char defdname[256];
  unsigned long pfcode;
  unsigned ndots : 4;
  unsigned nsort : 4;
  unsigned ipv6_unavail : 1;
  unsigned unused : 23;
  struct {
    struct in_addr addr;
    uint32_t mask;
  } sort_list[MAXRESOLVSORT];
  int res_h_errno;
  int _vcsock;
  unsigned _flags;
  union {
    char pad[52];
    struct {
      uint16_t nscount;
      uint16_t nsmap[MAXNS];
      int nssocks[MAXNS];
      uint16_t nscount6;
      uint16_t nsinit;
      struct sockaddr_in6 *nsaddrs[MAXNS];
    } _ext;
  } _u;
  struct sockaddr_in6 __nsaddrs6[MAXNS];
};
typedef struct __res_state *res_state;

#define nsaddr nsaddr_list[0]

/* Of `options`: those that mean something here are INIT, USEVC, IGNTC, RECURSE, DEFNAMES, DNSRCH, NOALIASES, ROTATE, USE_EDNS0,
 * NOTLDQUERY, TRUSTAD, NOAAAA; queries of one program never overlap, as SNGLKUP asks. */
#define RES_INIT 0x00000001
#define RES_DEBUG 0x00000002
#define RES_AAONLY 0x00000004
#define RES_USEVC 0x00000008
#define RES_PRIMARY 0x00000010
#define RES_IGNTC 0x00000020
#define RES_RECURSE 0x00000040
#define RES_DEFNAMES 0x00000080
#define RES_STAYOPEN 0x00000100
#define RES_DNSRCH 0x00000200
#define RES_NOALIASES 0x00001000
#define RES_ROTATE 0x00004000
#define RES_NOCHECKNAME 0x00008000
#define RES_KEEPTSIG 0x00010000
#define RES_BLAST 0x00020000
#define RES_USE_EDNS0 0x00100000
#define RES_SNGLKUP 0x00200000
#define RES_SNGLKUPREOP 0x00400000
#define RES_USE_DNSSEC 0x00800000
#define RES_NOTLDQUERY 0x01000000
#define RES_NORELOAD 0x02000000
#define RES_TRUSTAD 0x04000000
#define RES_NOAAAA 0x08000000
#define RES_DEFAULT (RES_RECURSE | RES_DEFNAMES | RES_DNSRCH)

struct __res_state *__res_state(void);
#define _res (*__res_state())

int res_init(void);
int res_query(const char *, int, int, unsigned char *, int);
int res_search(const char *, int, int, unsigned char *, int);
int res_querydomain(const char *, const char *, int, int, unsigned char *, int);
int res_mkquery(int, const char *, int, int, const unsigned char *, int, const unsigned char *, unsigned char *, int);
int res_send(const unsigned char *, int, unsigned char *, int);

int res_ninit(res_state);
void res_nclose(res_state);
int res_nquery(res_state, const char *, int, int, unsigned char *, int);
int res_nsearch(res_state, const char *, int, int, unsigned char *, int);
int res_nquerydomain(res_state, const char *, const char *, int, int, unsigned char *, int);
int res_nmkquery(res_state, int, const char *, int, int, const unsigned char *, int, const unsigned char *,
                 unsigned char *, int);
int res_nsend(res_state, const unsigned char *, int, unsigned char *, int);

int dn_expand(const unsigned char *, const unsigned char *, const unsigned char *, char *, int);
int dn_comp(const char *, unsigned char *, int, unsigned char **, unsigned char **);
int dn_skipname(const unsigned char *, const unsigned char *);

#ifdef __cplusplus
}
#endif

#endif

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The services a guest knows without /etc/services, in the form of that file: IANA's assignments that programs ask for
// by name. Where Linux distributions and IANA differ in the first name, both are there.
#pragma once

namespace posix_sockets {

constexpr char services_table[] =
    "tcpmux 1/tcp\necho 7/tcp\necho 7/udp\ndiscard 9/tcp sink null\ndiscard 9/udp sink null\nsystat 11/tcp users\n"
    "daytime 13/tcp\ndaytime 13/udp\nnetstat 15/tcp\nqotd 17/tcp quote\nchargen 19/tcp ttytst source\n"
    "chargen 19/udp ttytst source\nftp-data 20/tcp\nftp 21/tcp\nssh 22/tcp\ntelnet 23/tcp\nsmtp 25/tcp mail\n"
    "time 37/tcp timserver\ntime 37/udp timserver\nwhois 43/tcp nicname\ntacacs 49/tcp\ntacacs 49/udp\ndomain 53/tcp\n"
    "domain 53/udp\nbootps 67/udp\nbootpc 68/udp\ntftp 69/udp\ngopher 70/tcp\nfinger 79/tcp\nhttp 80/tcp www\n"
    "kerberos 88/tcp kerberos5 krb5 kerberos-sec\nkerberos 88/udp kerberos5 krb5 kerberos-sec\niso-tsap 102/tcp tsap\n"
    "pop3 110/tcp pop-3\nsunrpc 111/tcp portmapper\nsunrpc 111/udp portmapper\nauth 113/tcp authentication tap ident\n"
    "nntp 119/tcp readnews untp\nntp 123/udp\nepmap 135/tcp loc-srv\nnetbios-ns 137/udp\nnetbios-dgm 138/udp\n"
    "netbios-ssn 139/tcp\nimap2 143/tcp imap\nsnmp 161/tcp\nsnmp 161/udp\nsnmp-trap 162/tcp snmptrap\n"
    "snmp-trap 162/udp snmptrap\nxdmcp 177/udp\nbgp 179/tcp\nirc 194/tcp\nptp-event 319/udp\nptp-general 320/udp\n"
    "ldap 389/tcp\nldap 389/udp\nsvrloc 427/tcp\nsvrloc 427/udp\nhttps 443/tcp\nhttps 443/udp\nsnpp 444/tcp\n"
    "microsoft-ds 445/tcp\nkpasswd 464/tcp\nkpasswd 464/udp\nsubmissions 465/tcp ssmtp smtps urd\nisakmp 500/udp\n"
    "exec 512/tcp\nbiff 512/udp comsat\nlogin 513/tcp\nwho 513/udp whod\nshell 514/tcp cmd syslog\nsyslog 514/udp\n"
    "printer 515/tcp spooler\ntalk 517/udp\nntalk 518/udp\nroute 520/udp router routed\nuucp 540/tcp uucpd\n"
    "klogin 543/tcp\nkshell 544/tcp krcmd\ndhcpv6-client 546/udp\ndhcpv6-server 547/udp\nafpovertcp 548/tcp\n"
    "rtsp 554/tcp\nrtsp 554/udp\nnntps 563/tcp snntp\nsubmission 587/tcp\nipp 631/tcp\nldaps 636/tcp\nldaps 636/udp\n"
    "ldp 646/tcp\nldp 646/udp\nkerberos-adm 749/tcp\ndomain-s 853/tcp\ndomain-s 853/udp\nrsync 873/tcp\n"
    "ftps-data 989/tcp\nftps 990/tcp\ntelnets 992/tcp\nimaps 993/tcp\npop3s 995/tcp\nsocks 1080/tcp\n"
    "rmiregistry 1099/tcp\nopenvpn 1194/tcp\nopenvpn 1194/udp\nms-sql-s 1433/tcp\nms-sql-m 1434/udp\nl2f 1701/udp "
    "l2tp\n"
    "radius 1812/tcp\nradius 1812/udp\nradius-acct 1813/tcp radacct\nradius-acct 1813/udp radacct\nmqtt 1883/tcp\n"
    "cisco-sccp 2000/tcp\nnfs 2049/tcp\nnfs 2049/udp\ncvspserver 2401/tcp\ndict 2628/tcp\ngpsd 2947/tcp\n"
    "icpv2 3130/udp icp\nisns 3205/tcp\nisns 3205/udp\niscsi-target 3260/tcp\nmysql 3306/tcp\nms-wbt-server 3389/tcp\n"
    "stun 3478/tcp\nstun 3478/udp\nnut 3493/tcp\nnut 3493/udp\ndistcc 3632/tcp\nsvn 3690/tcp subversion\n"
    "sieve 4190/tcp\nepmd 4369/tcp\nntske 4460/tcp\nipsec-nat-t 4500/udp\niax 4569/udp\nsip 5060/tcp\nsip 5060/udp\n"
    "sip-tls 5061/tcp\nsip-tls 5061/udp\nxmpp-client 5222/tcp jabber-client\nxmpp-server 5269/tcp jabber-server\n"
    "mdns 5353/udp\npostgresql 5432/tcp postgres\namqps 5671/tcp\namqp 5672/tcp\namqp 5672/sctp\ncoap 5683/udp\n"
    "x11 6000/tcp x11-0\nredis 6379/tcp\nsyslog-tls 6514/tcp\nircd 6667/tcp\nircs-u 6697/tcp\nafs3-callback 7001/udp\n"
    "font-service 7100/tcp xfs\nhttp-alt 8080/tcp webcache\nsecure-mqtt 8883/tcp\ngit 9418/tcp\nnbd 10809/tcp\n"
    "zabbix-agent 10050/tcp\nzabbix-trapper 10051/tcp\nhkp 11371/tcp\n";

}  // namespace posix_sockets

/* Restarting the machine, which no guest may. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef _SYS_REBOOT_H
#define _SYS_REBOOT_H

#define RB_AUTOBOOT 0x01234567
#define RB_HALT_SYSTEM 0xcdef0123
#define RB_ENABLE_CAD 0x89abcdef
#define RB_DISABLE_CAD 0
#define RB_POWER_OFF 0x4321fedc
#define RB_SW_SUSPEND 0xd000fce2
#define RB_KEXEC 0x45584543

#ifdef __cplusplus
extern "C" {
#endif

int reboot(int);

#ifdef __cplusplus
}
#endif

#endif

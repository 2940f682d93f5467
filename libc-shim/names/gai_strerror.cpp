// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gai_strerror.
#include <netdb.h>

#include "names/plain_name.h"

extern "C" {

// The English text of an EAI_ code; it's constant. Never null. Source: POSIX.1-2024 gai_strerror.
const char* __wrap_gai_strerror(int code) {
  switch (code) {
    case 0:
      return "No error";
    case EAI_BADFLAGS:
      return "Invalid flags in the hints";
    case EAI_NONAME:
      return "Unknown name or service";
    case EAI_AGAIN:
      return "Name resolution failed for now";
    case EAI_FAIL:
      return "Name resolution failed or is not permitted";
    case EAI_NODATA:
      return "The name has no such address";
    case EAI_FAMILY:
      return "Unsupported address family";
    case EAI_SOCKTYPE:
      return "Unsupported socket type";
    case EAI_SERVICE:
      return "Unknown service for this socket type";
    case EAI_ADDRFAMILY:
      return "The address is of another family";
    case EAI_MEMORY:
      return "Out of memory";
    case EAI_SYSTEM:
      return "System error, see errno";
    case EAI_OVERFLOW:
      return "Buffer too small";
    case EAI_INPROGRESS:
      return "Request in progress";
    case EAI_CANCELED:
      return "Request cancelled";
    case EAI_NOTCANCELED:
      return "Request not cancelled";
    case EAI_ALLDONE:
      return "All requests are done";
    case EAI_INTR:
      return "Interrupted";
    case EAI_IDN_ENCODE:
      return "The name can't be encoded";
    default:
      return "Unknown code";
  }
}

}  // extern "C"

PLAIN_NAME(gai_strerror)

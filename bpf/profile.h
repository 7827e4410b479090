/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by the profiler's programs and their reader. */
#ifndef BPF_PROFILE_H
#define BPF_PROFILE_H

#define PROFILE_METRICS 8	/* maximum per run */

#endif

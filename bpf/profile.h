/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the profiler's programs and their reader share. */
#ifndef BPF_PROFILE_H
#define BPF_PROFILE_H

#define PROFILE_METRICS 8	/* at most, in one run */

#endif

/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The report that the kernel itself appends to the log, from 7.3 on. */
#ifndef DECODE_VERIFIER_REPORT_H
#define DECODE_VERIFIER_REPORT_H

#include "decode/verifier/refusal.h"

/*
 * text starts with "Verification failed:". What it says goes before what was worked out; what it
 * does not say stays.
 */
void report_read(struct span text, struct refusal *r);

#endif

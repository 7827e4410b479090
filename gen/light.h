/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The part of light skeletons that only signed ones have. */
#ifndef GEN_LIGHT_H
#define GEN_LIGHT_H

#include "gen/c.h"
#include "load/loader.h"

/*
 * The function N__run_signed(), used where __error() is defined: it does what bpf_load_and_run() in
 * skel_internal.h does, with signature and hash.
 */
void light_put_run_signed(struct c_text *t);

/* The arrays signature and hash, and the call, with data and insns in scope: it sets err. */
void light_put_signature(struct c_text *t, const struct loader *l);

#endif

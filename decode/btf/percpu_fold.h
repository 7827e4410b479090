/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Values of several CPUs as one: numbers are added, or the maximum is taken; everything else is
 * that of the first.
 */
#ifndef DECODE_BTF_PERCPU_FOLD_H
#define DECODE_BTF_PERCPU_FOLD_H

#include "cli/defs.h"

struct btf_plan;

enum btf_percpu_fold { BTF_PERCPU_SUM, BTF_PERCPU_MAX };

/*
 * Combines data of another CPU into sum, which has that of those before. Sums wrap like the type.
 */
void btf_plan_fold(const struct btf_plan *p, enum btf_percpu_fold how, uint8_t *sum,
		   const uint8_t *data);

/* The same for a bare number of 1, 2, 4 or 8 bytes. */
void btf_percpu_fold_number(size_t size, enum btf_percpu_fold how, uint8_t *sum,
			    const uint8_t *data);

#endif

/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the test programs share instead of the distribution's headers. PFX is the prefix of all
 * names, for tests that share a kernel.
 */
#ifndef PRELUDE_H
#define PRELUDE_H

typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))
#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)
#ifndef PFX
#define PFX m
#endif
#define NAME(x) CAT(PFX, x)

#endif

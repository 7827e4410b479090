/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Types shared by skeleton.bpf.c and the programs that use its skeleton. */
struct sample {
	int a;
	char b;
	long long c[3];
};

#ifdef __cplusplus
enum mood : unsigned int { GOOD, BAD };
#else
enum mood { GOOD, BAD };
#endif

typedef int pair_t[2];

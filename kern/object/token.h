/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Operations permitted by a BPF file system that delegates (Linux 6.9), and not by capabilities
 * alone.
 */
#ifndef KERN_OBJECT_TOKEN_H
#define KERN_OBJECT_TOKEN_H

#include "cli/ctx.h"
#include "kern/abi.h"

/* A token of the bpffs at path: an owned fd in *ret, or the error is stored. */
int token_open(struct ctx *ctx, const char *path, int *ret);

/*
 * BPF_MAP_CREATE and BPF_BTF_LOAD, with the token unless it is negative: an owned fd, or a negative
 * errno. libbpf 1.1 does not support tokens. The flag for it in attr is set here.
 */
int token_map_create(struct abi_map_create *attr, int token_fd);
/*
 * After it has failed: the kernel's own words in log, "" if it has none (before Linux 7.2) or does
 * not refuse it this time.
 */
void token_map_reason(struct abi_map_create *attr, int token_fd, char *log, size_t size);
int token_btf_load(const void *data, uint32_t len, int token_fd);

#endif

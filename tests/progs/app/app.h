/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Shared by the three parts of the walkthrough's application. Names may be set with -D. */
#ifndef APP_H
#define APP_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))

enum { MAP_TYPE_ARRAY = 2, MAP_TYPE_PROG_ARRAY = 3, MAP_TYPE_LRU_HASH = 9 };
enum { XDP_DROP = 1, XDP_PASS = 2 };

struct xdp_md {
	u32 data, data_end;
};

static void *(*const map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const map_update_elem)(void *map, const void *key, const void *value,
				     u64 flags) = (void *)2;
static long (*const trace_printk)(const char *fmt, u32 size, ...) = (void *)6;
static long (*const tail_call)(void *ctx, void *table, u32 index) = (void *)12;

#define say(text, ...)                                                                             \
	({                                                                                         \
		static const char fmt[] = text;                                                    \
		trace_printk(fmt, sizeof(fmt), ##__VA_ARGS__);                                     \
	})

#endif

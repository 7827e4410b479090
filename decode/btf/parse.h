/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The inverse of value.h: a typed value from a user or a dump, as bytes.
 *
 * Members that are not given are not changed in data: zero it, or set it to the present value.
 * Numbers may also be strings ("0x1f", "18446744073709551615"), enums are names or numbers, arrays
 * of char strings, chars strings of one character; an IPv4, IPv6 or MAC address is accepted for any
 * unsigned number, array or struct of its size. Errors are stored and contain the path.
 */
#ifndef DECODE_BTF_PARSE_H
#define DECODE_BTF_PARSE_H

#include "cli/defs.h"

struct err;
struct btf_plan;
struct json_token;

enum btf_parse_flags {
	/*
	 * Numbers for __be16, __be32, __be64 are values such as ports, not raw memory (as in
	 * dumps).
	 */
	BTF_PARSE_NET = 1 << 0,
};

/* The target of parsing: what is the name of the whole in errors ("value"). */
struct btf_target {
	const struct btf_plan *plan;
	const char *what;
	unsigned int flags;
	uint8_t *data;			/* of the size that the plan was made for */
};

/* JSON text; numbers may have any size. Returns 0, or a negative errno with the error stored. */
int btf_parse_json(struct err *e, const struct btf_target *t, const char *text, size_t len);
/* The same for parsed tokens (json_tokens.h). */
int btf_parse_token(struct err *e, const struct btf_target *t, const struct json_token *j);

/* "saddr=10.0.0.1", "nested[1].a=5", "list=[1,2]", "name=eth0". */
int btf_parse_assign(struct err *e, const struct btf_target *t, const char *text);

/* One word for the whole: "443", "10.0.0.1", "TCP_CLOSE". For types other than structs. */
int btf_parse_word(struct err *e, const struct btf_target *t, const char *text);
bool btf_parse_takes_word(const struct btf_plan *p);

/*
 * Would printing data and parsing that give these len bytes again? Padding, bools above 1, bytes
 * after the end of a string and similar are lost. scratch: len bytes.
 */
bool btf_plan_is_exact(const struct btf_plan *p, const uint8_t *data, uint8_t *scratch, size_t len);

#endif

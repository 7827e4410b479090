/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The words of a command line: a cursor, and conversion of text to numbers, bytes and references.
 * Errors are usage errors and contain the word that was typed.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "cli/defs.h"

struct ctx;
struct err;

struct args {
	const char *const *words;
	unsigned int n, at;
};

/* How the user names a kernel object. Plain data; kern/object/obj.h opens it. */
enum ref_how { REF_NONE, REF_ID, REF_TAG, REF_NAME, REF_PINNED, REF_GLOB };

#define REF_TAG_SIZE 8
struct ref {
	enum ref_how how;		/* REF_NONE: nothing was given */
	uint32_t id;
	uint8_t tag[REF_TAG_SIZE];
	const char *text;		/* the word as typed: name, path, tag or id; not owned */
	bool bare;			/* typed without a selector */
	const char *near; /* bare: a word of the command that may have been meant, or NULL */
	struct ref *next; /* of several references to one parameter; of the command's memory */
};

/* Does it stand for any number of objects (several references, a pattern)? Then JSON is a list. */
static inline bool ref_is_list(const struct ref *ref)
{
	return ref->next || ref->how == REF_GLOB;
}

/* REF_NAME and REF_GLOB: is it this name? */
bool ref_is_name(const struct ref *ref, const char *name);

/* NULL at the end. The words belong to the caller of the command. */
const char *args_peek(const struct args *a);
const char *args_next(struct args *a);
static inline unsigned int args_left(const struct args *a)
{
	return a->n - a->at;
}

/* True if typed abbreviates keyword; the empty word abbreviates everything. */
bool word_is(const char *typed, const char *keyword);

/* Index of the first entry of the NULL-terminated list that typed abbreviates, or -1. */
int word_find(const char *typed, const char *const *words);

/*
 * Can the word only be a non-negative number: does it start with a digit, or with '+' and a digit?
 */
bool word_is_number(const char *word);

/*
 * Whole numbers: decimal, 0x hex, 0 octal; the whole word, in range, never truncated. what is the
 * name in the error ("id", "key size"). A leading '+' is accepted, a '-' rejected.
 */
int parse_u32(struct err *e, const char *what, const char *text, uint32_t *ret);
int parse_u64(struct err *e, const char *what, const char *text, uint64_t *ret);
/* A word of 2 * len hexadecimal digits, the first two of them the first byte. */
int parse_digest(struct err *e, const char *what, const char *text, uint8_t *ret, size_t len);
/* One byte in the given base (0 or 16), 0 to 255; -128 to -1 are accepted as two's complement. */
int parse_byte(struct err *e, const char *what, const char *text, int base, uint8_t *ret);

/* A number that may be 0, so that a flag records whether it was given. */
struct given_u32 {
	bool given;
	uint32_t value;
};

/*
 * Parses "[hex] B..." into exactly len bytes. The error contains the expected and the actual
 * number.
 */
int args_bytes(struct err *e, struct args *a, const char *what, uint8_t *ret, size_t len);

/*
 * "id N | tag T | name NAME | pinned PATH": words is the NULL-terminated subset that a kind of
 * object accepts, in match order (as ref_words_prog below). Needs two words.
 */
int args_selector(struct err *e, struct args *a, const char *const *words, struct ref *ret);
/*
 * The same or, unless called as bpftool, one bare word: digits are an id, a word with '/' is a
 * pinned path, one with '*', '?' or '[' a pattern for names, any other a name. A selector that is
 * followed by a word, or is not abbreviated, is a selector.
 */
int args_ref(struct ctx *ctx, struct args *a, const char *const *words, struct ref *ret);
/* Can this word, not a selector, be such a reference? Not if it is empty or an option. */
bool ref_may_be_bare(const struct ctx *ctx, const char *word);
extern const char *const ref_words_prog[];	/* id tag name pinned */
extern const char *const ref_words_map[];	/* id name pinned */
extern const char *const ref_words_link[];	/* id pinned */
extern const char *const ref_words_btf[];	/* id */

#endif

/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Shared by the fuzz targets. A target is a .c file here with LLVMFuzzerTestOneInput(); run.sh has
 * its seeds and reports its result. For every input: no crash (ASan, UBSan), no leak, at most 10 s
 * and 1 GB, and the output has the properties checked with must().
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "cli/cmd.h"
#include "json_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* A violated property is a finding, like a crash. */
#define must(claim, what)                                                                          \
	do {                                                                                       \
		if (!(claim)) {                                                                    \
			fprintf(stderr, "%s:%d: %s does not hold: %s\n", __FILE__, __LINE__,       \
				#claim, what);                                                     \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* The input starts with a sequence of small choices; zeroes if it is too short. */
struct input {
	const uint8_t *data;
	size_t size;
};

__attribute__((unused)) static uint32_t take(struct input *in, size_t n)
{
	uint32_t v = 0;

	for (; n && in->size; n--, in->size--)
		v = v << 8 | *in->data++;
	return v;
}

/* A copy guarded by ASan at both ends; the fuzzer's bytes may follow the input itself. */
__attribute__((unused)) static void *guarded(const void *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	must(copy, "memory");
	memcpy(copy, data, size);
	return copy;
}

/* The contents of the memory file; NUL-terminated, owned. */
__attribute__((unused)) static char *written(int fd, size_t *ret_len)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *text = calloc(1, (size_t)len + 1);

	must(text && pread(fd, text, (size_t)len, 0) == len, "the output can be read");
	*ret_len = (size_t)len;
	return text;
}

/* One document, followed by nothing. Above 4 MB jansson takes too long. */
__attribute__((unused)) static void must_be_json(const char *text, size_t len)
{
	const size_t flags = JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
	json_error_t why;
	json_t *j;

	if (len > 4 << 20)
		return;
	j = json_loadb(text, len, flags, &why);
	/* A number out of double's range is valid JSON, but not for jansson. */
	must(j || json_error_code(&why) == json_error_numeric_overflow ||
	     json_error_code(&why) == json_error_stack_overflow, why.text);
	json_decref(j);
}

/* Text for a terminal contains no control bytes except newlines and tabs. */
__attribute__((unused)) static void must_be_clean(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		must((uint8_t)text[i] >= ' ' || text[i] == '\n' || text[i] == '\t',
		     "no control bytes");
	must(!memchr(text, 0x7f, len), "no DEL");
}

#endif

// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Status 0 if stdin is exactly one JSON document, else 1 and what is wrong on stderr. For one_json of lib.sh. */
#include <jansson.h>
#include <stdio.h>

int main(void)
{
	/* A number may need all 64 bits, which jansson's integers do not have. */
	const size_t flags = JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
	json_error_t error;
	json_t *value = json_loadf(stdin, flags, &error);

	if (!value) {
		fprintf(stderr, "line %d: %s\n", error.line, error.text);
		return 1;
	}
	json_decref(value);
	return 0;
}

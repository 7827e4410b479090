/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * An entry of a file that consists only of bytes, such as {"key":["0x01"],"value":"0a0b"}, parsed
 * directly from its text: most files contain only these, and a token per byte costs more than the
 * kernel's part.
 */
#ifndef MAP_ENTRY_BYTES_H
#define MAP_ENTRY_BYTES_H

#include "cli/defs.h"

struct entry_bytes {
	uint8_t *key, *value;		/* not owned; large enough */
	size_t key_size, value_size;	/* key_size is not 0 */
	bool hex;			/* "0a0b" is accepted as bytes, not only ["0x0a","0x0b"] */
};

/*
 * All names known to import, terminated by NULL. Values of other names are validated and skipped.
 */
extern const char *const entry_names[];

/*
 * One object, the whole text, including its brackets. False: it is something else, or invalid, and
 * needs the general parser; key and value are undefined then.
 */
bool entry_bytes_read(const struct entry_bytes *e, const char *text, size_t len);

/* Two hexadecimal digits. */
bool hex_byte(const char *text, uint8_t *ret);

#endif

/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * An entry of a file that is nothing but bytes, as {"key":["0x01"],"value":"0a0b"}, straight from
 * its text: most files are made of nothing else, and tokens of each byte cost more than the
 * kernel's part.
 */
#ifndef MAP_ENTRY_BYTES_H
#define MAP_ENTRY_BYTES_H

#include "cli/defs.h"

struct entry_bytes {
	uint8_t *key, *value;		/* not owned; room for the sizes */
	size_t key_size, value_size;	/* key_size is not 0 */
	bool hex;			/* "0a0b" is bytes, too, not only ["0x0a","0x0b"] */
};

/* All names that mean something to import, up to NULL. Values of others are checked and passed
 * over. */
extern const char *const entry_names[];

/*
 * One object, the whole text, brackets included. False: this is something else, or wrong, and needs
 * another look; key and value are undefined then.
 */
bool entry_bytes_read(const struct entry_bytes *e, const char *text, size_t len);

/* Two hexadecimal digits. */
bool hex_byte(const char *text, uint8_t *ret);

#endif

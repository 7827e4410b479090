// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Part of a map's info, but only for who passes room for it. */
#include "kern/object/map_hash.h"

#include <errno.h>

#include "kern/abi.h"
#include "kern/object/obj.h"

int map_hash(int fd, uint8_t ret[static MAP_HASH_SIZE])
{
	static const uint8_t none[MAP_HASH_SIZE];
	uint8_t hash[MAP_HASH_SIZE] = {};
	struct abi_map_info info = { .hash = ptr_to_u64(hash), .hash_size = sizeof(hash) };
	int err = obj_info(fd, &info, sizeof(info));

	if (err)
		return err;
	if (!memcmp(hash, none, sizeof(hash)))
		return -EOPNOTSUPP;	/* nothing was written there */
	memcpy(ret, hash, sizeof(hash));
	return 0;
}

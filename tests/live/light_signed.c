// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * What a signed light skeleton (HEADER, made with the name app) hands to the kernel, and what it
 *makes of data that somebody has changed on the way. Kernels that verify no signatures get none
 *here.
 *
 *	light_signed dump DIR		insns, signature, hash as files
 *	light_signed load WHAT		whole, data, shared: with data changed, or a map that is not
 *its alone. Prints what N__load() returns. light_signed load signed	with the signature, by the
 *session keyring
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/skel_internal.h>
#include <linux/keyctl.h>

static const char *what = "whole", *dir;
static char changed[1 << 20];

static void dump(const char *name, __u64 data, size_t size)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	if (!f || fwrite((const void *)(long)data, 1, size, f) != size || fclose(f))
		perror(path);
}

/*
 * By offset: the passed attr may be shorter than the union, and its newest fields are not in the
 * headers here.
 */
static __u64 long_at(const void *attr, size_t offset)
{
	__u64 v;

	memcpy(&v, (const char *)attr + offset, sizeof(v));
	return v;
}

static __u32 int_at(const void *attr, size_t offset)
{
	__u32 v;

	memcpy(&v, (const char *)attr + offset, sizeof(v));
	return v;
}

static int between(enum bpf_cmd cmd, union bpf_attr *attr, unsigned int size)
{
	static __u32 value_size;

	if (cmd == BPF_MAP_CREATE && dir)
		dump("hash", long_at(attr, 80), int_at(attr, 88));
	if (cmd == BPF_MAP_CREATE && !strcmp(what, "shared"))
		memset((char *)attr + 80, 0, 12);
	if (cmd == BPF_MAP_CREATE)
		value_size = int_at(attr, 8);
	if (cmd == BPF_MAP_UPDATE_ELEM && !strcmp(what, "data") && value_size <= sizeof(changed)) {
		memcpy(changed, (const void *)(long)attr->value, value_size);
		changed[value_size - 1] ^= 1;
		attr->value = (__u64)(long)changed;
	}
	if (cmd == BPF_PROG_LOAD && dir) {
		dump("insns", long_at(attr, 8), int_at(attr, 4) * sizeof(struct bpf_insn));
		dump("signature", long_at(attr, 152), int_at(attr, 160));
	}
	if (cmd == BPF_PROG_LOAD && strcmp(what, "signed"))
		memset((char *)attr + 152, 0, 16);
	return (int)syscall(__NR_bpf, cmd, attr, size);
}

static int update(int fd, const void *key, const void *value, __u64 flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (__u32)fd;
	attr.key = (__u64)(long)key;
	attr.value = (__u64)(long)value;
	attr.flags = flags;
	return between(BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr));
}

#define skel_sys_bpf between
#define skel_map_update_elem update
#include HEADER

int main(int argc, char **argv)
{
	struct app *skel = app__open();

	if (argc < 3 || !skel)
		return 2;
	if (!strcmp(argv[1], "dump"))
		dir = argv[2];
	else
		what = argv[2];
	skel->keyring_id = KEY_SPEC_SESSION_KEYRING;
	printf("%d\n", app__load(skel));
	app__destroy(skel);
	return 0;
}

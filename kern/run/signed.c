// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * The steps are required by the kernel: it hashes only a frozen map, and verifies the unmodified
 * instructions.
 */
#include "kern/run/signed.h"

#include <errno.h>
#include <sys/syscall.h>

#include <linux/bpf.h>
#include <linux/keyctl.h>

#include "kern/abi.h"
#include "kern/object/map_hash.h"
#include "kern/sys_bpf.h"

int session_keyring_add(struct ctx *ctx, const char *what, const void *cert, size_t len)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0)
		return fail(ctx->err, -errno, "make a session keyring");
	if (syscall(SYS_add_key, "asymmetric", "", cert, len, KEY_SPEC_SESSION_KEYRING) < 0) {
		int err = fail(ctx->err, -errno, "add certificate '%s' to the session keyring",
			       what);

		if (err == -ENODEV || err == -EBADMSG)
			err_hint(ctx->err, "the kernel cannot parse certificates "
				 "(CONFIG_X509_CERTIFICATE_PARSER), or not this kind");
		return err;
	}
	return 0;
}

static int create_map(const struct signed_run *r)
{
	struct abi_map_create attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = r->data_len,
		.max_entries = 1, .map_name = "__loader.map",
		.excl_prog_hash = ptr_to_u64(r->hash), .excl_prog_hash_size = 32,
	};

	return sys_bpf(BPF_MAP_CREATE, &attr, sizeof(attr));
}

static int fill_map(const struct signed_run *r, int map_fd)
{
	uint32_t key = 0;
	union bpf_attr attr = { .map_fd = map_fd };
	int err;

	attr.key = ptr_to_u64(&key);
	attr.value = ptr_to_u64(r->data);
	err = sys_bpf(BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr));
	if (err)
		return err;
	attr = (union bpf_attr){ .map_fd = map_fd };
	return sys_bpf(BPF_MAP_FREEZE, &attr, sizeof(attr));
}

/* The kernel stores it in the map, where the loader reads it. */
static int take_hash(int map_fd)
{
	uint8_t hash[MAP_HASH_SIZE];

	return map_hash(map_fd, hash);
}

static int load(const struct signed_run *r, const int *map_fd)
{
	struct abi_prog_load attr = {
		.type = BPF_PROG_TYPE_SYSCALL, .insn_cnt = r->insns_len / sizeof(struct bpf_insn),
		.insns = ptr_to_u64(r->insns), .license = ptr_to_u64("Dual BSD/GPL"),
		.name = "__loader.prog", .flags = BPF_F_SLEEPABLE, .fd_array = ptr_to_u64(map_fd),
		.log_level = r->log_level, .log_size = r->log_size, .log_buf = ptr_to_u64(r->log),
		.signature = ptr_to_u64(r->signature), .signature_size = r->signature_len,
		.keyring_id = KEY_SPEC_SESSION_KEYRING,
	};

	return sys_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int run(const struct signed_run *r, int prog_fd)
{
	union bpf_attr attr = {};
	int err;

	attr.test.prog_fd = prog_fd;
	attr.test.ctx_in = ptr_to_u64(r->args);
	attr.test.ctx_size_in = r->args_len;
	err = sys_bpf(BPF_PROG_RUN, &attr, sizeof(attr));
	if (!err && (int)attr.test.retval < 0)
		err = (int)attr.test.retval;
	return err;
}

int signed_run(const struct signed_run *r, const char **ret_step)
{
	auto_close int map_fd = -1, prog_fd = -1;
	int err;

	*ret_step = "failed to create the loader's map";
	map_fd = create_map(r);
	if (map_fd < 0)
		return map_fd;
	*ret_step = "failed to fill and freeze the loader's map";
	err = fill_map(r, map_fd);
	if (err)
		return err;
	*ret_step = "failed to take the hash of the loader's map";
	err = take_hash(map_fd);
	if (err)
		return err;
	*ret_step = "failed to load the signed loader program";
	prog_fd = load(r, &map_fd);
	if (prog_fd < 0)
		return prog_fd;
	*ret_step = "failed to execute the signed loader program";
	return run(r, prog_fd);
}

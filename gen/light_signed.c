// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Signed light skeletons. skel_internal.h of older libbpf versions does not support signatures, and
 * older kernel headers lack their fields: so the steps and the fields are written into the header.
 * They are those of kern/run/signed.c.
 */
#include "gen/light.h"

static void put_attrs(struct c_text *t)
{
	ct_put(t, "\n/* Parts of union bpf_attr and of struct bpf_map_info, as they are since "
		  "Linux 6.18. */\n"
		  "struct $__map_create {\n"
		  "\t__u32 map_type, key_size, value_size, max_entries, map_flags, inner_map_fd, "
		  "numa_node;\n"
		  "\tchar map_name[16];\n"
		  "\t__u32 map_ifindex, btf_fd, btf_key_type_id, btf_value_type_id, "
		  "btf_vmlinux_value_type_id;\n"
		  "\t__aligned_u64 map_extra;\n"
		  "\t__s32 value_type_btf_obj_fd, map_token_fd;\n"
		  "\t__aligned_u64 excl_prog_hash;\n"
		  "\t__u32 excl_prog_hash_size, pad;\n"
		  "};\n");
	ct_put(t, "struct $__prog_load {\n"
		  "\t__u32 prog_type, insn_cnt;\n"
		  "\t__aligned_u64 insns, license;\n"
		  "\t__u32 log_level, log_size;\n"
		  "\t__aligned_u64 log_buf;\n"
		  "\t__u32 kern_version, prog_flags;\n"
		  "\tchar prog_name[16];\n"
		  "\t__u32 unused_1[4];\n"
		  "\t__aligned_u64 func_info;\n"
		  "\t__u32 unused_2[2];\n"
		  "\t__aligned_u64 line_info;\n"
		  "\t__u32 unused_3[4];\n"
		  "\t__aligned_u64 fd_array, core_relos;\n"
		  "\t__u32 unused_4[4];\n"
		  "\t__aligned_u64 signature;\n"
		  "\t__u32 signature_size;\n"
		  "\t__s32 keyring_id;\n"
		  "};\n"
		  "struct $__map_info {\n"
		  "\t__u32 unused[22];\n"
		  "\t__aligned_u64 hash;\n"
		  "\t__u32 hash_size, pad;\n"
		  "};\n"
		  "struct $__signed {\n"
		  "\tconst char *data, *insns, *signature, *hash;\n"
		  "\t__u32 data_sz, insns_sz, signature_sz, hash_sz;\n"
		  "};\n");
}

static void put_map_steps(struct c_text *t)
{
	ct_put(t, "\n/* A map that no other program can use. */\n"
		  "static inline int $__create_loader_map(const struct $__signed *s)\n"
		  "{\n"
		  "\tstruct $__map_create attr;\n"
		  "\tint fd;\n"
		  "\n"
		  "\tmemset(&attr, 0, sizeof(attr));\n"
		  "\tattr.map_type = BPF_MAP_TYPE_ARRAY;\n"
		  "\tattr.key_size = 4;\n"
		  "\tattr.value_size = s->data_sz;\n"
		  "\tattr.max_entries = 1;\n"
		  "\tmemcpy(attr.map_name, \"__loader.map\", sizeof(\"__loader.map\"));\n"
		  "\tattr.excl_prog_hash = (__u64)(long)s->hash;\n"
		  "\tattr.excl_prog_hash_size = s->hash_sz;\n"
		  "\tfd = skel_sys_bpf(BPF_MAP_CREATE, (union bpf_attr *)(void *)&attr, "
		  "sizeof(attr));\n"
		  "\treturn fd < 0 ? $__error(fd) : fd;\n"
		  "}\n");
	ct_put(t, "\n/* Of a frozen map the kernel takes a hash, with which the loader begins. */\n"
		  "static inline int $__fill_loader_map(const struct $__signed *s, int fd)\n"
		  "{\n"
		  "\tstruct $__map_info info;\n"
		  "\tunion bpf_attr attr;\n"
		  "\tchar hash[32];\n"
		  "\tint key = 0, err;\n"
		  "\n"
		  "\terr = skel_map_update_elem(fd, &key, s->data, 0);\n"
		  "\tif (err < 0)\n"
		  "\t\treturn $__error(err);\n"
		  "\tmemset(&attr, 0, sizeof(attr));\n"
		  "\tattr.map_fd = (__u32)fd;\n"
		  "\terr = skel_sys_bpf(BPF_MAP_FREEZE, &attr, sizeof(attr));\n"
		  "\tif (err < 0)\n"
		  "\t\treturn $__error(err);\n"
		  "\tmemset(&info, 0, sizeof(info));\n"
		  "\tinfo.hash = (__u64)(long)hash;\n"
		  "\tinfo.hash_size = sizeof(hash);\n"
		  "\tmemset(&attr, 0, sizeof(attr));\n"
		  "\tattr.info.bpf_fd = (__u32)fd;\n"
		  "\tattr.info.info_len = sizeof(info);\n"
		  "\tattr.info.info = (__u64)(long)&info;\n"
		  "\terr = skel_sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr));\n"
		  "\treturn err < 0 ? $__error(err) : 0;\n"
		  "}\n");
}

static void put_prog_steps(struct c_text *t)
{
	ct_put(t, "\nstatic inline int $__load_loader(const struct $ *skel, const struct $__signed "
		  "*s, int map_fd)\n"
		  "{\n"
		  "\tstruct $__prog_load attr;\n"
		  "\tint fd;\n"
		  "\n"
		  "\tmemset(&attr, 0, sizeof(attr));\n"
		  "\tattr.prog_type = BPF_PROG_TYPE_SYSCALL;\n"
		  "\tattr.insns = (__u64)(long)s->insns;\n"
		  "\tattr.insn_cnt = s->insns_sz / sizeof(struct bpf_insn);\n"
		  "\tattr.license = (__u64)(long)\"Dual BSD/GPL\";\n"
		  "\tmemcpy(attr.prog_name, \"__loader.prog\", sizeof(\"__loader.prog\"));\n"
		  "\tattr.prog_flags = BPF_F_SLEEPABLE;\n"
		  "\tattr.fd_array = (__u64)(long)&map_fd;\n"
		  "\tattr.log_level = skel->ctx.log_level;\n"
		  "\tattr.log_size = skel->ctx.log_size;\n"
		  "\tattr.log_buf = skel->ctx.log_buf;\n"
		  "\tattr.signature = (__u64)(long)s->signature;\n"
		  "\tattr.signature_size = s->signature_sz;\n"
		  "\tattr.keyring_id = skel->keyring_id;\n"
		  "\tfd = skel_sys_bpf(BPF_PROG_LOAD, (union bpf_attr *)(void *)&attr, "
		  "sizeof(attr));\n"
		  "\treturn fd < 0 ? $__error(fd) : fd;\n"
		  "}\n");
	ct_put(t, "\nstatic inline int $__run_loader(struct $ *skel, int prog_fd)\n"
		  "{\n"
		  "\tunion bpf_attr attr;\n"
		  "\tint err;\n"
		  "\n"
		  "\tmemset(&attr, 0, sizeof(attr));\n"
		  "\tattr.test.prog_fd = (__u32)prog_fd;\n"
		  "\tattr.test.ctx_in = (__u64)(long)skel;\n"
		  "\tattr.test.ctx_size_in = skel->ctx.sz;\n"
		  "\terr = skel_sys_bpf(BPF_PROG_RUN, &attr, sizeof(attr));\n"
		  "\tif (err < 0)\n"
		  "\t\treturn $__error(err);\n"
		  "\treturn (int)attr.test.retval < 0 ? (int)attr.test.retval : 0;\n"
		  "}\n");
}

void light_put_run_signed(struct c_text *t)
{
	put_attrs(t);
	put_map_steps(t);
	put_prog_steps(t);
	ct_put(t, "\nstatic inline int $__run_signed(struct $ *skel, const struct $__signed *s)\n"
		  "{\n"
		  "\tint map_fd, prog_fd = -1, err;\n"
		  "\n"
		  "\tmap_fd = $__create_loader_map(s);\n"
		  "\tif (map_fd < 0)\n"
		  "\t\treturn map_fd;\n"
		  "\terr = $__fill_loader_map(s, map_fd);\n"
		  "\tif (!err)\n"
		  "\t\terr = prog_fd = $__load_loader(skel, s, map_fd);\n"
		  "\tif (err >= 0)\n"
		  "\t\terr = $__run_loader(skel, prog_fd);\n"
		  "\tclose(map_fd);\n"
		  "\tif (prog_fd >= 0)\n"
		  "\t\tclose(prog_fd);\n"
		  "\treturn err;\n"
		  "}\n");
}

void light_put_signature(struct c_text *t, const struct loader *l)
{
	ct_put(t, "\tstatic const char signature[] = ");
	ct_literal(t, l->signature, l->signature_len);
	ct_put(t, ";\n"
		  "\tstatic const char hash[] = ");
	ct_literal(t, l->hash, sizeof(l->hash));
	ct_put(t,
	       ";\n"
	       "\tconst struct $__signed run = {\n"
	       "\t\tdata, insns, signature, hash,\n"
	       "\t\tsizeof(data) - 1, sizeof(insns) - 1, sizeof(signature) - 1, sizeof(hash) - 1,\n"
	       "\t};\n"
	       "\tint err = $__run_signed(skel, &run);\n"
	       "\n");
}

// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * raw_insns SET PATH: loads instructions that the compiler of Debian 12 cannot generate, directly
 * through bpf(2), and pins the program. Status 77: this kernel does not support them.
 */
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define I(c, d, s, o, i) { .code = c, .dst_reg = d, .src_reg = s, .off = o, .imm = i }
#define MOV(d, i) I(0xb7, d, 0, 0, i)
#define EXIT I(0x95, 0, 0, 0, 0)

static const struct bpf_insn atomics[] = {
	MOV(1, 7), I(0x7b, 10, 1, -8, 0), MOV(0, 7),
	I(0xdb, 10, 1, -8, 0x00), I(0xc3, 10, 1, -8, 0x00), I(0xdb, 10, 1, -8, 0x50),
	I(0xdb, 10, 1, -8, 0x40), I(0xdb, 10, 1, -8, 0xa0), I(0xdb, 10, 1, -8, 0x01),
	I(0xc3, 10, 1, -8, 0x01), I(0xdb, 10, 1, -8, 0x51), I(0xdb, 10, 1, -8, 0x41),
	I(0xdb, 10, 1, -8, 0xa1), I(0xdb, 10, 1, -8, 0xe1), I(0xc3, 10, 1, -8, 0xe1),
	I(0xdb, 10, 1, -8, 0xf1), I(0xc3, 10, 1, -8, 0xf1), MOV(0, 0), EXIT,
};

static const struct bpf_insn alu[] = {
	MOV(1, 7), MOV(2, -3), I(0x37, 1, 0, 0, 3), I(0x3f, 1, 2, 0, 0), I(0x94, 1, 0, 0, 3),
	I(0x84, 1, 0, 0, 0), I(0x87, 1, 0, 0, 0), I(0xc7, 1, 0, 0, 3), I(0xcf, 1, 2, 0, 0),
	I(0x64, 1, 0, 0, 3), I(0xdc, 1, 0, 0, 16), I(0xdc, 1, 0, 0, 32), I(0xdc, 1, 0, 0, 64),
	I(0xd4, 1, 0, 0, 16), I(0xa7, 1, 0, 0, 1), I(0xaf, 1, 2, 0, 0), I(0x4f, 1, 2, 0, 0),
	I(0x18, 3, 0, 0, -2), I(0, 0, 0, 0, 0x1234), I(0x65, 1, 0, 1, -1), I(0x16, 1, 0, 0, 5),
	I(0x7a, 10, 0, -8, -9), I(0x72, 10, 0, -8, 9), I(0x71, 1, 10, -8, 0), MOV(0, 0), EXIT,
};

/* Since 6.6. */
static const struct bpf_insn v4[] = {
	MOV(1, 7), MOV(2, -3), I(0x7b, 10, 1, -8, 0), I(0x37, 1, 0, 1, 3), I(0x3f, 1, 2, 1, 0),
	I(0x9c, 1, 2, 1, 0), I(0xbf, 1, 2, 8, 0), I(0xbf, 1, 2, 16, 0), I(0xbf, 1, 2, 32, 0),
	I(0xbc, 1, 2, 8, 0), I(0xd7, 1, 0, 0, 16), I(0xd7, 1, 0, 0, 32), I(0xd7, 1, 0, 0, 64),
	I(0x91, 1, 10, -8, 0), I(0x89, 1, 10, -8, 0), I(0x81, 1, 10, -8, 0), I(0x06, 0, 0, 0, 1),
	MOV(1, 1), MOV(0, 0), EXIT,
};

/* Since 6.15. */
static const struct bpf_insn ordered[] = {
	MOV(1, 7), I(0x7b, 10, 1, -8, 0), I(0xdb, 2, 10, -8, 0x100), I(0xd3, 2, 10, -8, 0x100),
	I(0xdb, 10, 1, -8, 0x110), I(0xcb, 10, 1, -8, 0x110), MOV(0, 0), EXIT,
};

static const struct bpf_insn nocall[] = { MOV(0, 2), EXIT };

static const struct bpf_insn packet[] = {
	I(0xbf, 6, 1, 0, 0), MOV(7, 2), I(0x28, 0, 0, 0, 12), I(0x50, 0, 7, 0, 1), MOV(0, 0), EXIT,
};

static const struct set {
	const char *name;
	const struct bpf_insn *insns;
	unsigned int n;
} sets[] = {
#define SET(s) { #s, s, sizeof(s) / sizeof(s[0]) }
	SET(atomics), SET(alu), SET(v4), SET(ordered), SET(nocall), SET(packet),
};

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(__NR_bpf, cmd, attr, sizeof(*attr));
}

static int load(const struct set *s)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (unsigned long)s->insns,
		.insn_cnt = s->n,
		.license = (unsigned long)"GPL",
	};

	snprintf(attr.prog_name, sizeof(attr.prog_name), "raw_%s", s->name);
	return bpf(BPF_PROG_LOAD, &attr);
}

int main(int argc, char **argv)
{
	for (unsigned int i = 0; argc == 3 && i < sizeof(sets) / sizeof(sets[0]); i++) {
		union bpf_attr attr = { .pathname = (unsigned long)argv[2] };

		if (strcmp(sets[i].name, argv[1]))
			continue;
		attr.bpf_fd = load(&sets[i]);
		if ((int)attr.bpf_fd < 0)
			return 77;
		return bpf(BPF_OBJ_PIN, &attr) ? 1 : 0;
	}
	return 2;
}

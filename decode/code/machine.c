// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Capstone without its headers: the few functions that are needed are looked up at run time. Its
 * instruction records grew with version 5; the layout is selected by the version of the loaded
 * library.
 */
#include "decode/code/machine.h"

#include <ctype.h>
#include <errno.h>
#include <sys/utsname.h>

#include "cli/library.h"

/* Numbers of capstone's interface, the same in versions 4 and 5. */
enum {
	ARCH_ARM, ARCH_ARM64, ARCH_MIPS, ARCH_X86, ARCH_PPC, ARCH_SPARC, ARCH_SYSZ,
	ARCH_RISCV = 15,

	MODE_32 = 1 << 2, MODE_64 = 1 << 3, MODE_SPARC_V9 = 1 << 4,
	MODE_RISCV32 = 1 << 0, MODE_RISCV64 = 1 << 1, MODE_RISCV_COMPRESSED = 1 << 2,
	MODE_BIG_ENDIAN = 1u << 31,

	OPT_SYNTAX = 1, OPT_DETAIL = 2,
	SYNTAX_ATT = 2, ON = 3,
	GROUP_JUMP = 1, GROUP_CALL = 2,
	CS_NO_MEMORY = 1,
};

#define BYTES_UNKNOWN 8		/* on a line, without a disassembler */

struct capstone {
	unsigned int (*version)(int *major, int *minor);
	int (*open)(int arch, int mode, size_t *ret_handle);
	int (*close)(size_t *handle);
	int (*option)(size_t handle, int option, size_t value);
	void *(*alloc)(size_t handle);
	void (*free)(void *insn, size_t n);
	bool (*next)(size_t handle, const uint8_t **code, size_t *len, uint64_t *addr, void *insn);
	bool (*group)(size_t handle, const void *insn, unsigned int group);
};

/* Offsets of the fields of a record. */
struct layout {
	size_t mnemonic, operands;
};

struct machine {
	struct capstone lib;
	struct layout layout;
	size_t handle;
	void *insn;
	bool is_x86_64;
};

/* Machines by their uname; the longest matching word is the first. */
static const struct arch {
	const char *prefix;
	int arch;
	unsigned int mode;
	bool own_order;		/* the name does not include the byte order: it is ours */
} archs[] = {
	{ "x86_64", ARCH_X86, MODE_64, false },
	{ "i", ARCH_X86, MODE_32, false },
	{ "aarch64_be", ARCH_ARM64, MODE_BIG_ENDIAN, false },
	{ "aarch64", ARCH_ARM64, 0, false },
	{ "arm", ARCH_ARM, 0, true },
	{ "ppc64le", ARCH_PPC, MODE_64, false },
	{ "ppc64", ARCH_PPC, MODE_64 | MODE_BIG_ENDIAN, false },
	{ "ppc", ARCH_PPC, MODE_32 | MODE_BIG_ENDIAN, false },
	{ "mips64", ARCH_MIPS, MODE_64, true },
	{ "mips", ARCH_MIPS, MODE_32, true },
	{ "s390x", ARCH_SYSZ, MODE_BIG_ENDIAN, false },
	{ "sparc64", ARCH_SPARC, MODE_SPARC_V9 | MODE_BIG_ENDIAN, false },
	{ "sparc", ARCH_SPARC, MODE_BIG_ENDIAN, false },
	{ "riscv64", ARCH_RISCV, MODE_RISCV64 | MODE_RISCV_COMPRESSED, false },
	{ "riscv32", ARCH_RISCV, MODE_RISCV32 | MODE_RISCV_COMPRESSED, false },
};

static const struct arch *find_arch(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(archs); i++)
		if (has_prefix(name, archs[i].prefix))
			return &archs[i];
	return NULL;
}

static const char *const sonames[] = { "libcapstone.so.4", "libcapstone.so.5", NULL };

bool machine_is_there(void)
{
	char why[LIBRARY_WHY_MAX];
	void *lib;

	return !library_open(sonames, NULL, &lib, why);
}

/* It stays loaded. */
static int load_library(struct capstone *cs, char why[static LIBRARY_WHY_MAX])
{
	const struct library_symbol symbols[] = {
		{ "cs_version", &cs->version, 0 }, { "cs_open", &cs->open, 0 },
		{ "cs_close", &cs->close, 0 },	   { "cs_option", &cs->option, 0 },
		{ "cs_malloc", &cs->alloc, 0 },	   { "cs_free", &cs->free, 0 },
		{ "cs_disasm_iter", &cs->next, 0 }, { "cs_insn_group", &cs->group, 0 }, { 0 },
	};
	void *lib;

	return library_open(sonames, symbols, &lib, why);
}

/*
 * The start of a record; the bytes of the instruction follow, 16 of them, later 24, and its texts.
 */
struct head {
	unsigned int id;
	uint64_t address;
	uint16_t len;
	uint8_t bytes[];
};

static bool find_layout(const struct capstone *cs, struct layout *ret)
{
	int major = 0, minor = 0;
	size_t texts;

	cs->version(&major, &minor);
	if (major != 4 && major != 5)
		return false;
	texts = offsetof(struct head, bytes) + (major == 4 ? 16 : 24);
	*ret = (struct layout){ .mnemonic = texts, .operands = texts + 32 };
	return true;
}

/* 0, -ENOMEM, or -ENOSYS: the library does not support the machine. */
static int start(struct machine *m, const struct arch *a, unsigned int flags)
{
	unsigned int mode = a->mode;
	int err;

	if (a->own_order && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		mode |= MODE_BIG_ENDIAN;
	err = m->lib.open(a->arch, (int)mode, &m->handle);
	if (err)
		return err == CS_NO_MEMORY ? -ENOMEM : -ENOSYS;
	m->is_x86_64 = a->arch == ARCH_X86 && a->mode == MODE_64;
	if (a->arch == ARCH_X86 && !(flags & MACHINE_INTEL))
		m->lib.option(m->handle, OPT_SYNTAX, SYNTAX_ATT);
	/* jump instructions are marked only with details */
	m->lib.option(m->handle, OPT_DETAIL, ON);
	m->insn = m->lib.alloc(m->handle);
	return m->insn ? 0 : -ENOMEM;
}

struct machine *machine_open(const char *name, unsigned int flags, char *why, size_t size)
{
	struct machine *m = calloc(1, sizeof(*m));
	char broken[LIBRARY_WHY_MAX] = "";
	int err = m ? load_library(&m->lib, broken) : -ENOMEM;
	const struct arch *arch;
	struct utsname uts;

	if (!name)
		name = uname(&uts) ? "" : uts.machine;
	arch = find_arch(name);
	if (!m)
		snprintf(why, size, "out of memory");
	else if (err == -ENOENT)
		snprintf(why, size, "libcapstone.so.4 (or .5) is not installed");
	else if (err)
		snprintf(why, size, "%s", broken);
	else if (!find_layout(&m->lib, &m->layout))
		snprintf(why, size, "unsupported version of libcapstone");
	else if (!arch || (err = start(m, arch, flags)) == -ENOSYS)
		snprintf(why, size, "libcapstone does not support machine '%s'", name);
	else if (err)
		snprintf(why, size, "libcapstone is out of memory");
	else
		return m;
	machine_free(m);
	errno = err == -ENOMEM || err == -ELIBACC ? ENOMEM : ENOSYS;
	return NULL;
}

void machine_free(struct machine *m)
{
	if (!m)
		return;
	if (m->insn)
		m->lib.free(m->insn, 1);
	if (m->handle)
		m->lib.close(&m->handle);
	free(m);
}

static void put_bytes(const uint8_t *code, size_t len, struct machine_insn *ret)
{
	int n = 0;

	ret->len = len;
	snprintf(ret->mnemonic, sizeof(ret->mnemonic), ".byte");
	for (size_t i = 0; i < len; i++)
		n += snprintf(ret->operands + n, sizeof(ret->operands) - n, "%s0x%02x",
			      i ? ", " : "", code[i]);
}

/* The destination is the last operand, a bare number: "0x37", "x0, #0x37", not "*0x37(%rax)". */
static void find_target(struct machine_insn *insn)
{
	const char *last = strrchr(insn->operands, ' ');
	char *end;

	last = last ? last + 1 : insn->operands;
	last += *last == '#' || *last == '$';
	if (!isdigit((unsigned char)*last))
		return;
	insn->target = strtoull(last, &end, 0);
	insn->has_target = !*end;
	insn->target_at = last - insn->operands;
}

static void take_text(const struct machine *m, struct machine_insn *ret)
{
	const char *rec = m->insn;

	snprintf(ret->mnemonic, sizeof(ret->mnemonic), "%.31s", rec + m->layout.mnemonic);
	snprintf(ret->operands, sizeof(ret->operands), "%.159s", rec + m->layout.operands);
}

void machine_insn(struct machine *m, const uint8_t *code, size_t len, uint64_t addr,
		  struct machine_insn *ret)
{
	const uint8_t *at = code;
	size_t left = len;
	uint16_t insn_len;

	*ret = (struct machine_insn){ .bytes = code };
	if (!m || !m->lib.next(m->handle, &at, &left, &addr, m->insn)) {
		put_bytes(code, m ? 1 : len < BYTES_UNKNOWN ? len : BYTES_UNKNOWN, ret);
		return;
	}
	insn_len = ((struct head *)m->insn)->len;
	if (!insn_len || insn_len > len) {
		put_bytes(code, 1, ret);
		return;
	}
	ret->len = insn_len;
	take_text(m, ret);
	if (m->lib.group(m->handle, m->insn, GROUP_CALL) ||
	    m->lib.group(m->handle, m->insn, GROUP_JUMP))
		find_target(ret);
}

/* REX.W (and which half of the registers), then "move a constant to register N". */
static bool is_rex_w(const struct machine_insn *insn)
{
	return (insn->bytes[0] & 0xfe) == 0x48;
}

bool machine_wide_constant(const struct machine *m, const struct machine_insn *insn, uint64_t *ret)
{
	if (!m || !m->is_x86_64 || insn->len != 10 || !is_rex_w(insn) ||
	    (insn->bytes[1] & 0xf8) != 0xb8)
		return false;
	memcpy(ret, insn->bytes + 2, sizeof(*ret));
	return true;
}

bool machine_constant(const struct machine *m, const struct machine_insn *insn, uint64_t *ret)
{
	int32_t low;

	if (machine_wide_constant(m, insn, ret))
		return true;
	if (!m || !m->is_x86_64 || insn->len != 7 || !is_rex_w(insn) || insn->bytes[1] != 0xc7 ||
	    (insn->bytes[2] & 0xf8) != 0xc0)
		return false;
	memcpy(&low, insn->bytes + 3, sizeof(low));
	*ret = (uint64_t)(int64_t)low;
	return true;
}

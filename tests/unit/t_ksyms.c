// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Symbols from a generated kallsyms: order, modules, split lines, hidden addresses, early end. */
#include <errno.h>
#include <sys/mman.h>

#include "kern/ksyms.h"
#include "tap.h"

static const char plain[] =
	"0000000000000000 A percpu\n"
	"0000000000000020 A low\n"
	"ffffffff81000000 T _text\n"
	"ffffffff81000010 T first\n"
	"ffffffff81000010 T second_name\n"
	"ffffffff81000100 T before\n"
	"ffffffff81001000 T not__bpf_call_base\n"
	"ffffffff81002000 T __bpf_call_base\n"
	"ffffffff81003000 t after\n"
	"ffffffffc0000000 t in_module\t[some_mod]\n"
	"ffffffffc0000010 t odd\t[\n"
	"garbage\n"
	"\n"
	"ffffffffc0001000 t last";

static int file_with(const char *text, size_t len)
{
	int fd = memfd_create("kallsyms", MFD_CLOEXEC);

	if (write(fd, text, len) != (ssize_t)len)
		return -1;
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void test_names(void)
{
	auto_close int fd = file_with(plain, strlen(plain));
	struct ksyms *k = ksyms_new();
	const char *module = NULL;

	ksyms_want_call(k, 0x1000);
	ksyms_want_call(k, -0x1f00);
	ksyms_want_call(k, 0x1000);
	ksyms_want(k, 0xffffffff81000010);
	ksyms_want(k, 0xffffffffc0000000);
	ksyms_want(k, 0xffffffffc0000010);
	ksyms_want(k, 0xdead);
	is_int(ksyms_read(k, fd), 0, "a file is read");
	ok(ksyms_call_base(k) == 0xffffffff81002000, "the base of calls, not its namesake");
	is_str(ksyms_name(k, 0xffffffff81003000, NULL), "after", "a call behind the base");
	is_str(ksyms_name(k, 0xffffffff81000100, NULL), "before", "a call before the base");
	is_str(ksyms_name(k, 0xffffffff81000010, &module), "first", "the first of two names");
	is_str(module, "", "a kernel symbol has no module");
	is_str(ksyms_name(k, 0xffffffffc0000000, &module), "in_module", "a module's symbol");
	is_str(module, "some_mod", "its module");
	is_str(ksyms_name(k, 0xffffffffc0000010, &module), "odd", "a torn module name");
	is_str(module, "", "is none");
	is_str(ksyms_name(k, 0xdead, NULL), NULL, "an address that is not there");
	is_str(ksyms_name(k, 0xffffffff81000000, NULL), NULL, "an address nobody wanted");
	ksyms_free(k);
}

static void test_no_base(void)
{
	static const char text[] = "0000000000000020 A low\nffffffff81000000 T _text\n";
	auto_close int fd = file_with(text, strlen(text));
	struct ksyms *k = ksyms_new();

	ksyms_want_call(k, 0x20);
	ksyms_want(k, 0xffffffff81000000);
	is_int(ksyms_read(k, fd), 0, "a file without the base");
	ok(ksyms_call_base(k) == 0, "gives no base");
	is_str(ksyms_name(k, 0x20, NULL), NULL, "a call never meets a low symbol");
	is_str(ksyms_name(k, 0xffffffff81000000, NULL), "_text", "other names are found");
	ksyms_free(k);
}

static void test_hidden(void)
{
	static const char text[] = "0000000000000000 T _text\n0000000000000000 T __bpf_call_base\n";
	auto_close int fd = file_with(text, strlen(text));
	struct ksyms *k = ksyms_new();

	ksyms_want_call(k, 0x20);
	is_int(ksyms_read(k, fd), -EACCES, "hidden addresses, calls wanted");
	ksyms_free(k);
	k = ksyms_new();
	lseek(fd, 0, SEEK_SET);
	ksyms_want(k, 0x20);
	is_int(ksyms_read(k, fd), -EACCES, "hidden addresses, an address wanted");
	ksyms_free(k);
}

/* A long file: lines cross the read size; reading ends after the wanted symbols. */
static void test_early_end(void)
{
	const size_t n_lines = 200000;
	auto_free char *text = malloc(n_lines * 40 + 1);
	auto_close int fd = -1;
	struct ksyms *k = ksyms_new();
	size_t len = 0;

	for (size_t i = 0; i < n_lines; i++)
		len += sprintf(text + len, "%016zx t sym_%zu\n", 0xffffffff81000000 + i * 16, i);
	fd = file_with(text, len);
	ksyms_want(k, 0xffffffff81000000 + 5 * 16);
	ksyms_want(k, 0xffffffff81000000 + 90000 * 16);
	is_int(ksyms_read(k, fd), 0, "a long file");
	is_str(ksyms_name(k, 0xffffffff81000000 + 90000 * 16, NULL), "sym_90000",
	       "a line in its midst");
	ok((size_t)lseek(fd, 0, SEEK_CUR) < len * 3 / 4, "reading stopped early");
	ksyms_free(k);
	lseek(fd, 0, SEEK_SET);
	k = ksyms_new();
	ksyms_want(k, 1);
	is_int(ksyms_read(k, fd), 0, "a search in vain");
	ok((size_t)lseek(fd, 0, SEEK_CUR) == len, "reads to the end");
	ksyms_free(k);
}

/* Addresses inside symbols: the one that starts closest below, at any position in the file. */
static void test_near(void)
{
	static const char text[] = "ffffffff81000000 T first\n"
				   "ffffffff81000100 T second\n"
				   "ffffffffc0000100 t late\t[bpf]\n"
				   "ffffffff81000080 T between\n"
				   "ffffffff81009000 T far\n";
	auto_close int fd = file_with(text, strlen(text));
	struct ksyms *k = ksyms_new();
	uint64_t off = 0;

	ksyms_accept_near(k);
	ksyms_want(k, 0xffffffff81000090);
	ksyms_want(k, 0xffffffff810000a0);
	ksyms_want(k, 0xffffffff81000100);
	ksyms_want(k, 0xffffffff81000108);
	ksyms_want(k, 0xffffffff81008fff);
	ksyms_want(k, 0xffffffffc000010b);
	is_int(ksyms_read(k, fd), 0, "addresses inside of symbols");
	is_str(ksyms_near_name(k, 0xffffffff81000090, &off), "between", "not the first one below");
	is_int(off, 0x10, "how far");
	is_str(ksyms_near_name(k, 0xffffffff810000a0, &off), "between", "two in one symbol");
	is_int(off, 0x20, "the second is further");
	is_str(ksyms_near_name(k, 0xffffffff81000100, &off), "second", "one that begins there");
	is_int(off, 0, "is exact");
	is_str(ksyms_near_name(k, 0xffffffff81000108, &off), "second",
	       "an exact one is near to the next");
	is_str(ksyms_near_name(k, 0xffffffff81008fff, &off), NULL, "too far away");
	is_str(ksyms_near_name(k, 0xffffffffc000010b, &off), "late", "a program's symbol");
	is_str(ksyms_name(k, 0xffffffffc000010b, NULL), NULL, "is not its exact name");
	ksyms_free(k);
}

int main(void)
{
	struct ksyms *k = ksyms_new();

	is_int(ksyms_load(k), 0, "nothing wanted");
	is_str(ksyms_name(k, 1, NULL), NULL, "nothing known");
	ksyms_free(k);
	ksyms_free(NULL);
	test_names();
	test_no_base();
	test_hidden();
	test_early_end();
	test_near();
	return tap_done();
}

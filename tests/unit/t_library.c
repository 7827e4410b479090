// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* cli/library.c: libraries that exist, that do not, and that are unusable. */
#include <errno.h>
#include <unistd.h>

#include "cli/library.h"
#include "cli/defs.h"
#include "tap.h"

static void try(const char *const *sonames, const struct library_symbol *symbols, int want,
		const char *want_why)
{
	char why[LIBRARY_WHY_MAX] = "";
	void *lib = NULL;

	is_int(library_open(sonames, symbols, &lib, why), want, sonames[0]);
	if (!strstr(why, want_why))
		printf("# %s\n", why);
	ok(strstr(why, want_why) != NULL, "and why");
	ok(!lib == (want != 0), "there is one to close, or none");
	library_close(lib);
}

int main(void)
{
	static const char *const none[] = { "libbpfctl-none.so.7", "libbpfctl-none.so.8", NULL };
	static const char *const second[] = { "libbpfctl-none.so.7", "libc.so.6", NULL };
	char path[] = "/tmp/bpfctl-t_library.XXXXXX";
	const char *const broken[] = { path, "libc.so.6", NULL };
	int (*getpid_)(void) = NULL;
	void *missing = path, *other = NULL;
	const struct library_symbol found[] = { { "getpid", &getpid_, 0 },
						{ "no_such_function", &missing, 1 },
						{ 0 } };
	const struct library_symbol lacks[] = { { "getpid", &other, 0 },
						{ "no_such_function", &other, 0 },
						{ 0 } };
	int fd = mkstemp(path);

	try(none, NULL, -ENOENT, "libbpfctl-none.so.7 is not installed");
	try(second, found, 0, "");
	ok(getpid_ && getpid_() == getpid(), "the function is the library's");
	ok(missing == path, "what may be missing stays as it is");
	try(second, lacks, -ENOSYS, "libc.so.6 has no no_such_function");
	ok(fd >= 0 && write(fd, "no library", 10) == 10, "a file that is no library");
	try(broken, NULL, -ELIBACC, path);
	close(fd);
	unlink(path);
	return tap_done();
}

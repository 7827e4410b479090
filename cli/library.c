// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#include "cli/library.h"

#include <dlfcn.h>
#include <errno.h>

#include "cli/defs.h"

static int open_first(const char *const *sonames, void **ret, const char **ret_name, char *why)
{
	for (size_t i = 0; sonames[i]; i++) {
		const char *text;

		*ret_name = sonames[i];
		*ret = dlopen(sonames[i], RTLD_LAZY | RTLD_LOCAL);
		if (*ret)
			return 0;
		text = dlerror();
		/* A required library that is missing is named in the message. */
		if (!text || !has_prefix(text, sonames[i]) || !strstr(text, "No such file")) {
			snprintf(why, LIBRARY_WHY_MAX, "%s", text ? text : "out of memory");
			return -ELIBACC;
		}
	}
	snprintf(why, LIBRARY_WHY_MAX, "%s is not installed", sonames[0]);
	return -ENOENT;
}

void library_close(void *lib)
{
	if (lib)
		dlclose(lib);
}

int library_open(const char *const *sonames, const struct library_symbol *symbols, void **ret,
		 char why[static LIBRARY_WHY_MAX])
{
	const char *name = "";
	void *lib = NULL;
	int err = open_first(sonames, &lib, &name, why);

	for (; !err && symbols && symbols->name; symbols++) {
		void *at = dlsym(lib, symbols->name);

		if (at) {
			memcpy(symbols->at, &at, sizeof(at));
		} else if (!symbols->optional) {
			snprintf(why, LIBRARY_WHY_MAX, "%s has no %s: unsupported version", name,
				 symbols->name);
			err = -ENOSYS;
		}
	}
	if (err)
		library_close(lib);
	else
		*ret = lib;
	return err;
}

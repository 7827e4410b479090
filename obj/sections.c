// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* What sections of an object become when it is loaded, by their names. */
#include <ctype.h>

#include <linux/bpf.h>

#include "cli/defs.h"
#include "obj/sections.h"

#define DATA_NAME_MAX (BPF_OBJ_NAME_LEN - 1)
#define OBJECT_PART_MAX 8	/* how much of the object's name starts a data map's name */

static bool is_section_or_below(const char *name, const char *section)
{
	size_t len = strlen(section);

	return has_prefix(name, section) && (!name[len] || name[len] == '.');
}

bool objfile_is_data_section(const char *name)
{
	return is_section_or_below(name, ".data") || is_section_or_below(name, ".rodata") ||
	       is_section_or_below(name, ".bss") || streq(name, ".addr_space.1");
}

bool objfile_is_read_only(const char *section)
{
	return is_section_or_below(section, ".rodata") || streq(section, ".kconfig");
}

/* ".struct_ops", ".struct_ops.link"; with "?" before it the table is not created by default. */
bool objfile_is_ops_section(const char *name)
{
	name += *name == '?';
	return streq(name, ".struct_ops") || streq(name, ".struct_ops.link");
}

bool objfile_has_variables(const char *section)
{
	return objfile_is_data_section(section) || objfile_is_ops_section(section);
}

/* The file's name up to its first dot. */
static int object_part(const char *path, const char **ret)
{
	const char *slash = strrchr(path, '/');

	*ret = slash ? slash + 1 : path;
	return (int)strcspn(*ret, ".");
}

void objfile_data_map_name(const char *path, const char *section, char *ret, size_t size)
{
	const char *object;
	int len = object_part(path, &object), room = DATA_NAME_MAX - (int)strlen(section);

	if (!streq(section, ".data") && !streq(section, ".rodata") && !streq(section, ".bss") &&
	    !streq(section, ".kconfig")) {
		snprintf(ret, size, "%s", section);
		return;
	}
	if (room > OBJECT_PART_MAX)
		room = OBJECT_PART_MAX;
	snprintf(ret, size, "%.*s%s", len < room ? len : room, object, section);
	for (char *p = ret; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '.')
			*p = '_';
}

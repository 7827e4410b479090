/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What sections of an object become when it is loaded, by their names. */
#ifndef OBJ_SECTIONS_H
#define OBJ_SECTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* Becomes a map of variables. */
bool objfile_is_data_section(const char *name);
/* One that no program may write to. */
bool objfile_is_read_only(const char *section);
/* Holds tables of struct_ops. */
bool objfile_is_ops_section(const char *name);
/* Either of the two. */
bool objfile_has_variables(const char *section);

/* The map that libbpf creates for a data section of the file at path: "counter.rodata". */
void objfile_data_map_name(const char *path, const char *section, char *ret, size_t size);

#endif

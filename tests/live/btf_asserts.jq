# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# What `-j btf dump ... format layout` says as _Static_assert lines: of records whose name no other has.
def word: if .kind == "STRUCT" then "struct " else "union " end + .name;
# a record within another has names of its own only when it has none itself
def places($of): .members[]? | if .name == "" then places($of) elif .bitfield_size then empty
	else "_Static_assert(__builtin_offsetof(\($of), \(.name)) == \(.offset), \"\($of).\(.name)\");" end;

[.types[] | select(.kind != "TYPEDEF" and .kind != "FWD" and .name != "(anon)")] | group_by(.name)[] |
select(length == 1)[0] | select(.kind == "STRUCT" or .kind == "UNION") | word as $of |
"_Static_assert(sizeof(\($of)) == \(.size // 0), \"sizeof \($of)\");", places($of)

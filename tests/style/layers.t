#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Arrows between the layers point one way: every #include is in layers.table, or this fails.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1
need python3

edges=0
while read -r file n wrong; do
	is "$wrong" '' "$file"
	edges=$((edges + n))
done < <(python3 tests/style/layers.py "$TOP")
ok "includes were found" [ $edges -gt 50 ]
mapfile -t files < <(own_files '*.[ch]')
is "$((tap_n - 1))" "${#files[@]}" "in all files"

# edge TEXT FILE INCLUDED WANT
edge()
{
	is "$(python3 tests/style/layers.py "$TOP" "$2" "$3")" "$4" "$1"
}
edge "a new edge is seen" kern/object/obj.c decode/code/insn.h \
	"kern/object/obj.c (kern) includes decode/code/insn.h (decode)"
edge "one group in another is seen" map.c prog/prog.h "map.c (map) includes prog/prog.h (prog)"
edge "a folder above is seen" view/show.c map/map.h "view/show.c (view) includes map/map.h (map)"
edge "an argument struct for the root is seen" commands.h top/top.h "commands.h (commands) includes top/top.h (top)"
edge "a library in the wrong layer is seen" cli/args.c '<bpf/bpf.h' "cli/args.c (cli) includes <bpf/bpf.h>"
edge "a library in the wrong file is seen" load/object.c '<openssl/evp.h' "load/object.c (load) includes <openssl/evp.h>"
edge "a group's own header is not" map/dump.c map/map.h ''

# And in files: a tree with one include too many.
mkdir -p "$T/tree/tests/style" "$T/tree/kern/map"
cp tests/style/layers.table "$T/tree/tests/style"
printf '#include <stdio.h>\n#  include "json_writer.h"\n#include "kern/map/io.h"\n#include <jansson.h>\n' \
	>"$T/tree/kern/map/a.c"
is "$(python3 tests/style/layers.py "$T/tree")" \
	"kern/map/a.c 4 kern/map/a.c (kern) includes json_writer.h (json_writer); kern/map/a.c (kern) includes <jansson.h>" "in a file, too"
done_testing

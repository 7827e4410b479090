#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# map watch: what is new, changed and gone; map top: whose memory maps are.
. "$(dirname "$0")/../lib.sh"
live
need jq
need_clang
cd "$T" || exit 1
bpf_cc "$TOP/tests/progs/flows.c" flows.o -g || exit 1
mkdir "$BPFFS/maps"
"$BPFCTL" prog load flows.o "$BPFFS/prog" type socket pinmaps "$BPFFS/maps" || exit 1
flows=$BPFFS/maps/flows peers=$BPFFS/maps/peers

# start WORD...: a watcher that has had its first look; $watcher, its output in got
start()
{
	"$BPFCTL" "$@" >got 2>got_err &
	watcher=$!
	wait_until polls $watcher
}

# stop LINES: when so much has come
stop()
{
	wait_until eval "[ \"\$(tr -cd '\\n' <got | wc -c)\" -ge $1 ]"
	kill -INT $watcher
	wait $watcher
	status=$?
	out=$(<got)
	err=$(<got_err)
}

u()
{
	"$BPFCTL" map update pinned "$@"
}

u "$flows" key saddr=10.0.0.1 value packets=1
u "$flows" key saddr=10.0.0.2 value packets=2
u "$flows" key saddr=10.0.0.3 value packets=3
start --jsonl map watch pinned "$flows" pretty
u "$flows" key saddr=10.0.0.2 value packets=22
u "$flows" key saddr=10.0.0.4 value packets=4
"$BPFCTL" map delete pinned "$flows" key saddr=10.0.0.1
stop 3
status 0 "SIGINT ends it well"
is "$(jq -rc '[.change, .formatted.key.saddr, .formatted.value.packets, .formatted.was.packets // 0] | join(" ")' got | sort)" \
	$'changed 10.0.0.2 22 2\ngone 10.0.0.1 1 0\nnew 10.0.0.4 4 0' "what is new, changed and gone; what stays is not told"
is "$(jq -rc 'select(.change == "changed") | [.key[0:4], .was[0], .value[0]]' got)" '[["0x0a","0x00","0x00","0x02"],"0x02","0x16"]' \
	"bytes as well"
start map watch pinned "$flows"
u "$flows" key saddr=10.0.0.2 value packets=23
stop 1
like "$out" '^[0-9:]{8}\.[0-9]{3}  changed  \{"saddr":33554442,.*\}  \{"packets":22,.* -> \{"packets":23,' "in text"
start -j map watch pinned "$peers"
u "$peers" key 10.0.0.9 value 5
wait_file new got
stop 0
json_ok "-j: one document"
cpus=$("$BPFCTL" -j map lookup pinned "$peers" key 10.0.0.9 | jq '.values | length')
json_is '[.[0].change, (.[0].values | length), .[0].formatted.values[0]]' "[\"new\",$cpus,5]" "values of all CPUs"
"$BPFCTL" map create "$BPFFS/bytes" type hash key 2 value 3 entries 4 name "${PFX}_w"
start map watch pinned "$BPFFS/bytes" interval 1
u "$BPFFS/bytes" key 1 2 value 3 4 5
stop 1
like "$out" 'new      01 02  03 04 05$' "bytes"
run timeout 20 "$BPFCTL" -j map watch pinned "$BPFFS/bytes" samples 2 interval 1
is "$status$out" '0[]' "samples end it; nothing has changed"
"$BPFCTL" map create "$BPFFS/q" type queue value 4 entries 4 name "${PFX}_q"
run "$BPFCTL" -j map watch pinned "$BPFFS/q"
status 1 "a queue cannot be looked at"
json_ok "in JSON"
json_is 'has("hint")' true "with what can be done"

# --- top ---
"$BPFCTL" map create "$BPFFS/in" type hash key 4 value 4 entries 100000 name "${PFX}_in"
"$BPFCTL" map create "$BPFFS/out" type array_of_maps key 4 value 4 entries 4 name "${PFX}_out" inner_map pinned "$BPFFS/in"
u "$BPFFS/out" key 0 0 0 0 value pinned "$BPFFS/in"
u "$BPFFS/out" key 1 0 0 0 value pinned "$BPFFS/in"
id=$("$BPFCTL" -j map show pinned "$BPFFS/out" | jq .id)
inner=$("$BPFCTL" -j map show pinned "$BPFFS/in" | jq .bytes_memlock)
run "$BPFCTL" -j map top
json_ok "map top"
json_is "[.[] | select(.id == $id) | [.n_inner_maps, .bytes_inner_maps, .bytes_total - .bytes_memlock]]" "[[1,$inner,$inner]]" \
	"a map in two slots counts once"
json_is '[.[].bytes_total] == ([.[].bytes_total] | sort | reverse)' true "largest first"
run "$BPFCTL" map top limit 1
is "$(wc -l <<<"$out")" 2 "limit"
like "$out" "^ID +TYPE +NAME +MEMORY" "titles"
cat >hold.c <<C
#include <bpf/bpf.h>
#include <unistd.h>
int main(int argc, char **argv) { return bpf_obj_get(argv[argc - 1]) < 0 || write(1, "x", 1) != 1 || pause(); }
C
if gcc -o hold hold.c -lbpf 2>/dev/null; then
	./hold "$BPFFS/out" >held &
	holder=$!
	at_exit kill $holder
	wait_until test -s held
	run "$BPFCTL" -j map top by owner
	json_ok "by owner"
	json_is "[.[] | select(.pid == $holder) | [.comm, .n_maps, .bytes_memlock > $inner]]" '[["hold",2,true]]' \
		"who holds a map of maps has the maps in it"
	json_is '[.[] | select(has("pid") | not)] | length' 1 "what nobody holds is one row"
	kill $holder
	wait $holder 2>/dev/null
	./hold "$BPFFS/prog" >held2 &
	holder=$!
	at_exit kill $holder
	wait_until test -s held2
	run "$BPFCTL" -j map top by owner
	json_is "[.[] | select(.pid == $holder) | .n_maps]" '[3]' "who holds a program has its maps"
	run "$BPFCTL" map top by owner
	like "$out" '-  +\(no process\) +[0-9]+ +[0-9]+' "in text"
	kill $holder
	wait $holder 2>/dev/null
else
	skip "by owner" "cannot build what holds a map"
fi
find "$BPFFS" -type f ! -name "*.debug" -delete
rmdir "$BPFFS/maps"
nothing_left "nothing is left"
done_testing

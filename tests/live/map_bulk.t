#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# export, clear, import, export gives the same, for all kinds of maps; what happens when an import stops
# half way; replace; copy.
. "$(dirname "$0")/../lib.sh"
live
need_clang
cd "$T" || exit
b() { run "$BPFCTL" "$@"; }

# make NAME TYPE KEY VALUE ENTRIES [WORD...]
make()
{
	"$BPFCTL" map create "$BPFFS/$1" type "$2" key "$3" value "$4" entries "$5" name "${PFX}_$1" "${@:6}"
}

# round NAME: filled already
round()
{
	local name=$1

	b map export pinned "$BPFFS/$name" file "$name.1" "${@:2}"
	status 0 "$name: export"
	[ -n "${2:-}" ] || { b map clear pinned "$BPFFS/$name" yes; status 0 "$name: clear"; }
	b map import pinned "$BPFFS/$name" file "$name.1"
	status 0 "$name: import"
	[ -n "${2:-}" ] || is "$("$BPFCTL" map export pinned "$BPFFS/$name" | sort)" "$(sort "$name.1")" "$name: the same again"
}

make hash hash 4 3 10
make lru lru_hash 4 3 10
make cpus percpu_hash 4 8 10
make lrucpus lru_percpu_hash 4 8 10
make array array 4 2 3
make cpuarray percpu_array 4 2 3
make trie lpm_trie 8 4 10 flags no_prealloc
for m in hash lru; do
	for i in 1 2 3 4 5; do "$BPFCTL" map update pinned "$BPFFS/$m" key $i 0 0 0 value $i 0xff 0; done
done
for m in cpus lrucpus; do
	for i in 1 2 3; do "$BPFCTL" map update pinned "$BPFFS/$m" key $i 0 0 0 value 0 $i 0 0 0 0 0 0; done
done
for m in array cpuarray; do "$BPFCTL" map update pinned "$BPFFS/$m" key 1 0 0 0 value 7 8; done
for i in 1 2 3; do "$BPFCTL" map update pinned "$BPFFS/trie" key 16 0 0 0 10 $i 0 0 value 1 2 3 $i; done
for m in hash lru cpus lrucpus array cpuarray trie; do
	round $m
	[ $m = array ] || [ $m = cpuarray ] || is "$(($(wc -l <$m.1) - 2 > 2))" 1 "$m: there was something to save"
done

# Nothing that a queue holds is given up for what it has no room for.
make full queue 0 4 3
for i in 1 2 3; do "$BPFCTL" map push pinned "$BPFFS/full" value $i 0 0 0; done
printf '{"value":"09000000"}\n%.0s' 1 2 3 4 >four
b -j map import pinned "$BPFFS/full" file four replace
status 1 "replace what a queue holds by more than there is room for"
json_ok "and says so"
is "$("$BPFCTL" map export pinned "$BPFFS/full" drain | grep -c '"0[123]000000"')" 3 "nothing is lost"

# The keys of a sockmap are all there, its sockets are not.
if make socks sockmap 4 4 3; then
	b map clear pinned "$BPFFS/socks" yes
	status 0 "clear a sockmap without sockets"
	is "$out" "0 entries removed" "there was none"
fi

# The kernel empties a slot without a word, whether it was in use or not.
if make redir devmap 4 4 3 && "$BPFCTL" map update pinned "$BPFFS/redir" key 1 0 0 0 value 1 0 0 0 >/dev/null; then
	b map clear pinned "$BPFFS/redir" yes
	is "$out" "1 entry removed" "clear a devmap: what was in use is counted"
fi
if make xsks xskmap 4 4 3; then
	b -j map clear pinned "$BPFFS/xsks" yes
	json_is . '{"entries_cleared":null,"slots_cleared":3}' "an xskmap does not say what was in use"
fi

# An LRU gives up entries to make room: what it holds in the end is not what was written.
if make evicts lru_hash 4 4 2; then
	printf '{"key":"%08x","value":"00000000"}\n' {1..2000} >lru.json
	b -j map import pinned "$BPFFS/evicts" file lru.json
	is "$(jq .entries_imported <<<"$out")" 2000 "all are written"
	is "$(jq .entries_held <<<"$out")" "$("$BPFCTL" -j map dump pinned "$BPFFS/evicts" | jq length)" "what the map holds is said"
	b map import pinned "$BPFFS/evicts" file lru.json
	like "$out" "^2000 entries imported  the map, an LRU that evicts, holds [0-9]+ now$" "in text, too"
	head -n 1 lru.json >one.json
	b map import pinned "$BPFFS/evicts" file one.json
	is "$out" "1 entry imported" "nothing of it where all are there"
fi

# maps in maps, programs
make outer hash_of_maps 4 4 4 inner_map pinned "$BPFFS/array"
make outers array_of_maps 4 4 4 inner_map pinned "$BPFFS/array"
for m in outer outers; do
	"$BPFCTL" map update pinned "$BPFFS/$m" key 1 0 0 0 value pinned "$BPFFS/array"
	round $m
	is "$(wc -l <$m.1)" 3 "$m: one entry"
done
ok "compile" bpf_cc "$TOP/tests/progs/flows.c" flows.o -g
mkdir "$BPFFS/maps"
ok "load" "$BPFCTL" prog load flows.o "$BPFFS/prog" type socket pinmaps "$BPFFS/maps"
make progs prog_array 4 4 4
"$BPFCTL" map update pinned "$BPFFS/progs" key 2 0 0 0 value pinned "$BPFFS/prog"
round progs
is "$(wc -l <progs.1)" 3 "progs: one entry"

# queues and stacks
for m in queue stack; do
	make $m $m 0 4 8
	for i in 1 2 3; do "$BPFCTL" map push pinned "$BPFFS/$m" value $i 0 0 0; done
	b map export pinned "$BPFFS/$m"
	status 1 "$m: is not emptied by chance"
	like "$err" "drain" "$m: says how"
	round $m drain
	b map export pinned "$BPFFS/$m" drain
	is "$out" "$(<$m.1)" "$m: the same order again"
	is "$("$BPFCTL" map pop pinned "$BPFFS/$m" 2>&1 | grep -c empty)" 1 "$m: empty"
done

# typed
for i in 1 2 3; do
	"$BPFCTL" map update pinned "$BPFFS/maps/flows" key saddr=10.0.0.$i value packets=$i 'nested[1].a=-1'
	"$BPFCTL" map update pinned "$BPFFS/maps/peers" key 10.0.0.$i value $i$i$i$i
	"$BPFCTL" map update pinned "$BPFFS/maps/routes" key len=24 net=10.0.$i.0 value $i$i$i
done
mkdir -p maps
for m in flows peers routes; do
	round maps/$m
	is "$(wc -l <maps/$m.1)" 5 "$m: three entries"
done
like "$(sed -n 2p maps/flows.1)" '^\{"key":\{"saddr":' "typed"
# what dump and bpftool print
b -j map dump pinned "$BPFFS/maps/flows"
printf '%s\n' "$out" >dump.json
jq . dump.json >pretty.json
"$BPFCTL" map export pinned "$BPFFS/maps/flows" | sort >want
for f in dump pretty; do
	"$BPFCTL" map clear pinned "$BPFFS/maps/flows" yes >/dev/null
	b map import pinned "$BPFFS/maps/flows" file $f.json
	status 0 "$f: import"
	is "$("$BPFCTL" map export pinned "$BPFFS/maps/flows" | sort)" "$(<want)" "$f: the same again"
done
"$BPFCTL" map dump pinned "$BPFFS/maps/flows" >text.json
"$BPFCTL" map clear pinned "$BPFFS/maps/flows" yes >/dev/null
b map update pinned "$BPFFS/maps/flows" file text.json
status 0 "typed text, through update"
is "$("$BPFCTL" map export pinned "$BPFFS/maps/flows" | sort)" "$(<want)" "the same again"
b -j map export pinned "$BPFFS/maps/flows"
json_ok "export in JSON"
b map import pinned "$BPFFS/maps/flows" < <(printf '%s' "$out")
status 0 "and from a pipe"

# --- what stops half way ---

{ head -3 hash.1; echo '{"key":"09000000","value":"01"}'; sed -n 4,5p hash.1; } >bad
"$BPFCTL" map clear pinned "$BPFFS/hash" yes >/dev/null
b map import pinned "$BPFFS/hash" file .
like "$err" "Error: read '\.': \[EISDIR\]" "a directory: named, without a line"
b map import pinned "$BPFFS/hash" file bad
status 1 "a bad line"
like "$err" "line 4: value: expected 3 bytes" "its number, and why"
like "$err" "2 entries were written before" "and how far it got"
is "$("$BPFCTL" -j map dump pinned "$BPFFS/hash" | jq length)" 2 "which is true"
b -j map import pinned "$BPFFS/hash" file bad
json_ok "in JSON"
before=$("$BPFCTL" map export pinned "$BPFFS/hash" | sort)
b map import pinned "$BPFFS/hash" file bad replace
status 1 "replace with a bad line"
like "$err" "nothing was changed" "changes nothing"
is "$("$BPFCTL" map export pinned "$BPFFS/hash" | sort)" "$before" "which is true"
for ((i = 0; i < 30; i++)); do printf '{"key":"%02x000000","value":"010203"}\n' $i; done >many
b map import pinned "$BPFFS/hash" file many
status 1 "a map that is too small"
like "$err" "line [0-9]+: update map.*E2BIG" "says where"
like "$err" "room for 10 entries; [0-9]+ entries were written" "and how far it got"
is "$("$BPFCTL" -j map dump pinned "$BPFFS/hash" | jq length)" 10 "it is full, what was there is there"
for ((i = 40; i < 50; i++)); do printf '{"key":"%02x000000","value":"010203"}\n' $i; done >ten
b map import pinned "$BPFFS/hash" file ten replace
status 0 "replace all of a full map"
is "$("$BPFCTL" map export pinned "$BPFFS/hash" | sed '1d;$d' | sort)" "$(sort ten)" "exactly these"
before=$("$BPFCTL" map export pinned "$BPFFS/hash" | sort)
b map import pinned "$BPFFS/hash" file many replace
status 1 "replace by more than there is room for"
like "$err" "the file contains 30 entries, map [0-9]+ has room for 10.*nothing was changed" "says so before it starts"
is "$("$BPFCTL" map export pinned "$BPFFS/hash" | sort)" "$before" "nothing is lost"
b map import pinned "$BPFFS/hash" file hash.1 replace
status 0 "replace again"
is "$("$BPFCTL" map export pinned "$BPFFS/hash" | sort)" "$(sort hash.1)" "others are gone"
sed 1s/'"bytes_key":4'/'"bytes_key":8'/ hash.1 >other
b map import pinned "$BPFFS/hash" file other
like "$err" "line 1: the export has bytes_key 8" "another shape"
echo '[{"key":["0x01"' >torn
b map import pinned "$BPFFS/hash" file torn
status 1 "torn"
like "$err" "line 1" "says where"
echo '{"key":{"saddr":"10.0.0.1"},"value":{"nested":[{"a":1},{"a":1000}]}}' >typed
b map import pinned "$BPFFS/maps/flows" file typed
like "$err" 'line 1: value.nested\[1\].a: out of range' "the path in the line"

# killed half way: what was there is there
make big hash 8 8 200000
mkfifo pipe
"$BPFCTL" map update pinned "$BPFFS/big" key 1 1 1 1 1 1 1 1 value 1 2 3 4 5 6 7 8
"$BPFCTL" map import pinned "$BPFFS/big" file pipe &
pid=$!
exec 8<>pipe
for ((i = 0; i < 20000; i++)); do printf '{"key":"%016x","value":"%016x"}\n' $i $i; done >&8
kill -9 $pid
exec 8>&-
wait $pid 2>/dev/null
b map lookup pinned "$BPFFS/big" key 1 1 1 1 1 1 1 1
status 0 "killed: what was there is there"
ok "killed: map can be exported" "$BPFCTL" map export pinned "$BPFFS/big" file killed

# --- half a document is none ---

before=$("$BPFCTL" map export pinned "$BPFFS/hash" | sort)
"$BPFCTL" -j map dump pinned "$BPFFS/hash" >whole
entry='{"key":"01000000","value":"010203"}'
n=0
# torn TEXT: refused, at the line where it ends or is wrong
torn()
{
	printf '%s' "$1" >torn
	n=$((n + 1))
	b map import pinned "$BPFFS/hash" file torn replace
	status 1 "torn $n: '${1:0:60}'"
	like "$err" "line ${2:-1}: .*[a-z]" "torn $n: says where"
	b map import pinned "$BPFFS/hash" file torn
	status 1 "torn $n: without replace"
}
torn "$(sed 's/},{.*/},/' whole)"
torn "[$entry"
torn "[$entry," 
torn "[$entry,]"
torn "[$entry]]]]"
torn '['
torn ']'
torn ','
torn "$entry,"
torn "$entry,$entry"
torn "[$entry $entry]"
torn "[$entry,
$entry
" 3
torn "$entry
${entry%?}" 2
torn "$entry
[$entry]
[" 3
torn "${entry%?}]"
torn '{"key":["0x01","0x00","0x00","0x00"],"value":["0x01","0x02","0x03"],"formatted":{]}'
torn '[{"key":"01000000","value":"010203"},{"error":"read the entries: no more","errno":"EIO"}]'
is "$("$BPFCTL" map export pinned "$BPFFS/hash" | grep '"key"' | sort | grep -v '"01000000"')" \
	"$(grep '"key"' <<<"$before" | grep -v '"01000000"')" \
	"torn: nothing was removed"
# --- an export is whole, or an error says where it was cut ---

"$BPFCTL" map import pinned "$BPFFS/hash" file hash.1 replace >/dev/null
before=$("$BPFCTL" map export pinned "$BPFFS/hash" | sort)
like "$(sed -n 1p hash.1)" ',"closed":true\}$' "an export promises its last line"
is "$(tail -n 1 hash.1)" '{"written":5}' "which counts the entries"
# clipped WHERE HOW: torn.txt is refused at line WHERE, the map stays as it is
clipped()
{
	b map import pinned "$BPFFS/hash" file torn.txt replace
	status 1 "cut, $2"
	like "$err" "line $1: .*truncated.*nothing was changed" "cut, $2: says where"
	is "$("$BPFCTL" map export pinned "$BPFFS/hash" | sort)" "$before" "cut, $2: nothing was changed"
	b -j map import pinned "$BPFFS/hash" file torn.txt
	status 1 "cut, $2: without replace"
	like "$out" "\"error\":\"line $1: .*truncated" "cut, $2: in JSON"
}
for n in 1 2 6; do
	head -n $n hash.1 >torn.txt
	clipped $((n + 1)) "after line $n"
done
sed 3d hash.1 >torn.txt
clipped 6 "a line less"
sed 3p hash.1 >torn.txt
clipped 8 "a line more"
sed 1d hash.1 | sed 2,3d >torn.txt
clipped 4 "at its front"
{ head -n 4 hash.1; cat hash.1; } >torn.txt
clipped 5 "before another one"
"$BPFCTL" -j map export pinned "$BPFFS/hash" | jq -c 'del(.[-1])' >torn.txt
clipped 2 "an array"
{ head -n 2 hash.1; echo '{"key":"63000000","error":"gone"}'; sed '1,4d' hash.1; } | sed 's/"written":5/"written":4/' >part
b map import pinned "$BPFFS/hash" file part
status 0 "an entry that could not be read counts, too"
sort hash.1 >sorted
b map import pinned "$BPFFS/hash" file sorted replace
status 0 "sorted, it is whole"
cat hash.1 hash.1 >twice
b map import pinned "$BPFFS/hash" file twice replace
status 0 "two of them in a file"
head -n 3 hash.1 | sed 1d >lines
b map import pinned "$BPFFS/hash" file lines
status 0 "lines without the promise"
{ sed -n '1s/,"closed":true//p' hash.1; cat lines; } >old
b map import pinned "$BPFFS/hash" file old
status 0 "an older export"

printf ' [ %s ]\n%s\n' "$entry" '{"value":"040506","key":"02000000"}' >both
b map import pinned "$BPFFS/hash" file both
status 0 "an array, and a line behind it"
b map lookup pinned "$BPFFS/hash" key 2 0 0 0
like "$out" "value: 04 05 06" "members in another order"
for text in '' ' ' '[]' "$(sed -n '1s/,"closed":true//p' hash.1)" "$(sed -n 1p hash.1; echo '{"written":0}')"; do
	printf '%s' "$text" >empty
	b map import pinned "$BPFFS/hash" file empty replace
	status 1 "no entry: '${text:0:20}'"
	like "$err" "'yes'" "no entry: says how"
done
b map import pinned "$BPFFS/hash" file empty yes
status 2 "yes to what"
b map import pinned "$BPFFS/hash" file empty replace yes
status 0 "no entry: meant"
is "$("$BPFCTL" -j map dump pinned "$BPFFS/hash")" '[]' "no entry: all are gone"
b map import pinned "$BPFFS/hash" file hash.1
echo '{"key":"01000000","error":"gone"}' >unread
b map import pinned "$BPFFS/hash" file unread replace
status 0 "an entry that could not be read"
like "$("$BPFCTL" map export pinned "$BPFFS/hash")" '01000000' "keeps what there is"
b map import pinned "$BPFFS/hash" file hash.1 replace
status 0 "as before"
{ echo skipped; cat hash.1; } >offset
{ read -r _; "$BPFCTL" map import pinned "$BPFFS/hash" replace; } <offset >/dev/null 2>&1
status 0 "replace from the middle of a file"

# the same entry in all spellings
spell='{"key":["0x0a","0x00","0x00","0x0B"],"value":["0xfF","0x0","0x7"]}'
for text in "$spell" "${spell//,/ , }" "${spell//:/ :$'\n'	}" "[ ${spell//[/[        $'\r\n'} ]" \
	'{"value":"ff0007","key":"0A00000b"}' '{"\u006bey":"0a00000b","value":"\u0066f0007"}' \
	'{"key":["0x0a","0x\u00300","0x00","0x0b"],"value":["0xff","0x0","0x07"]}'; do
	"$BPFCTL" map delete pinned "$BPFFS/hash" key hex 0a 0 0 0b >/dev/null 2>&1
	printf '%s' "$text" >spelled
	b map import pinned "$BPFFS/hash" file spelled
	status 0 "spelled: ${text:0:40}"
	b map lookup pinned "$BPFFS/hash" key hex 0a 0 0 0b
	like "$out" "value: ff 00 07" "spelled: the same"
done
for text in '{"key":["0x0a","0x00","0x00","0xg0"],"value":["0xff","0x00","0x07"]}' '{"key":"0a00000","value":"ff0007"}' \
	'{"key":"0a0000/0","value":"ff0007"}' '{"key":"0a000000","value":"ff0007",}' '{"key":"0a000000","key":"0a000000","value":"ff0007"}'; do
	printf '%s' "$text" >spelled
	b map import pinned "$BPFFS/hash" file spelled
	status 1 "no spelling: ${text:0:40}"
done
b map import pinned "$BPFFS/hash" file hash.1 replace

# --- copy, and what is refused ---

make twin hash 4 3 10
b map copy pinned "$BPFFS/hash" pinned "$BPFFS/twin"
status 0 "copy"
is "$("$BPFCTL" -j map dump pinned "$BPFFS/twin" | jq -c 'sort')" "$("$BPFCTL" -j map dump pinned "$BPFFS/hash" | jq -c sort)" "has the same"
b map copy pinned "$BPFFS/hash" pinned "$BPFFS/cpus"
status 1 "other sizes"
b map copy pinned "$BPFFS/hash" pinned "$BPFFS/hash"
status 1 "to itself"
b map clear pinned "$BPFFS/hash"
status 2 "clear wants a yes"
b map export pinned "$BPFFS/hash" file /nosuch/file
status 1 "no such place"
is "$(ls "$T" | grep -c 'XXXX\|\.[A-Za-z0-9]\{6\}$')" 0 "no unfinished file is left"

# writers at work: every line is JSON, no key twice
"$BPFCTL" map import pinned "$BPFFS/big" file <(for ((i = 0; i < 20000; i++)); do printf '{"key":"%016x","value":"%016x"}\n' $i $i; done) >/dev/null
(while :; do
	"$BPFCTL" map import pinned "$BPFFS/big" file killed
	"$BPFCTL" map clear pinned "$BPFFS/big" yes
done) >/dev/null 2>&1 &
writer=$!
bad=0
for i in 1 2 3 4 5; do
	"$BPFCTL" map export pinned "$BPFFS/big" >busy || bad=1
	jq -c . busy >/dev/null || bad=2
	[ "$(tail -n 1 busy)" = "{\"written\":$(grep -c '"key"' busy)}" ] || bad=4
	[ -z "$(sort busy | cut -d, -f1 | uniq -d)" ] || bad=3
done
kill $writer
wait $writer 2>/dev/null
is $bad 0 "exports while others write"
cd / || exit
# values that user space may not read are reported, by whatever leaves them out
for m in from to; do
	"$BPFCTL" map create "$BPFFS/$m" type sockmap key 4 value 4 entries 4 name "${PFX}_$m"
done
for words in "copy pinned $BPFFS/from pinned $BPFFS/to" "hist pinned $BPFFS/from"; do
	# shellcheck disable=SC2086
	run "$BPFCTL" -j map $words
	status 3 "${words%% *} of unreadable values"
	json_is '.errors | length' 1 "${words%% *}: reported"
	like "$out" "read 4 entries of map" "${words%% *}: how many"
done
run "$BPFCTL" map watch pinned "$BPFFS/from" samples 1
status 1 "watch: nothing can be watched"
rm -f "$BPFFS/from" "$BPFFS/to"
done_testing

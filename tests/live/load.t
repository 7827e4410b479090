#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# prog load, loadall: every option, and every failure: a clear error, the right status, valid JSON,
# nothing left behind.

. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq

obj()
{
	local name=$1 src=$2

	shift 2
	bpf_cc "$TOP/tests/progs/$src.c" "$T/$name.o" -g -DPFX="$PFX" "$@" || skip_all "cannot compile $src.c"
}

pins()
{
	find "$BPFFS" -mindepth 1 ! -name '*.debug' -printf '%P\n' | sort | tr '\n' ' ' | sed 's/ $//'
}

unpin()
{
	local f

	for f in "$BPFFS"/*; do
		case $f in *.debug) ;; *) rm -rf "$f" ;; esac
	done
}

# Debian's bpftool knows best what was loaded; without it, ours.
peek()
{
	"${BPFTOOL:-$BPFCTL}" -j "$@"
}

# refuses TEXT STATUS REGEX WORD...: in both renditions, and nothing stays.
refuses()
{
	local text=$1 want=$2 regex=$3 before

	shift 3
	before=$(pins)
	run "$BPFCTL" prog "$@"
	status "$want" "$text: status $want"
	like "$err" "$regex" "$text: says so"
	is "$out" '' "$text: stdout is empty"
	run "$BPFCTL" -j prog "$@"
	json_ok "$text: valid JSON"
	like "$(jq -r .error <<<"$out")" "$regex|$" "$text: with an error in it"
	is "$(pins)" "$before" "$text: no pin is left"
}

obj multi multi
obj nameless multi -DNAMELESS
obj refused refused
obj badmap refused -DBADMAP
obj tracer tracer
obj noplace tracer -DNOPLACE
obj pinned multi -DPINNED
obj counter counter -DBTF
veth "${PFX}a" "${PFX}b" || skip_all "cannot make a veth pair"

# --- what works ---

run "$BPFCTL" prog load "$T/multi.o" "$BPFFS/one"
status 0 "load"
is "$out$err" '' "load says nothing"
is "$(pins)" one "load pins the first program only"
is "$(peek prog show pinned "$BPFFS/one" | jq -r '.type + " " + .name')" "xdp ${PFX}_x" "it is the first one"
run "$BPFCTL" -j prog load "$T/multi.o" "$BPFFS/two" pinmaps "$BPFFS/maps"
is "$out" null "load -j prints null"
json_ok "load -j is valid JSON"
is "$(cd "$BPFFS/maps" && echo *)" "multi_bss multi_rodata ${PFX}_hash ${PFX}_shared" "pinmaps pins all maps"
is "$(peek map dump pinned "$BPFFS/maps/multi_rodata" | jq -r '.. | .limit? // empty' | head -n 1)" 7 \
   "read-only data is in place"
unpin

run "$BPFCTL" prog load <(cat "$T/multi.o") "$BPFFS/one" pinmaps "$BPFFS/maps"
is "$(peek map show pinned "$BPFFS/maps/object_rodata" | jq -r .name)" object.rodata "maps of a pipe are not called 63.rodata"
unpin
run "$BPFCTL" -L prog loadall "$T/multi.o" "$BPFFS/all"
like "$status:$err" "^2:Error: -L is for 'prog load' and 'gen skeleton' only" "loadall has no generated loader"
is "$(pins)" "" "does not pin then"
ln -sf "$BPFCTL" "$T/bpftool"
bpf_cc "$TOP/tests/progs/struct_ops.c" "$T/ops.o" -g -DPFX="$PFX"
bpf_cc "$TOP/tests/progs/iter.c" "$T/iter.o" -g -DPFX="$PFX" -DTASK
touch "$T/key" "$T/cert"
for words in "prog loadall $T/multi.o $BPFFS/all" "struct_ops register $T/ops.o $BPFFS/ops" \
	"iter pin $T/iter.o $BPFFS/iter" "iter run $T/iter.o"; do
	for name in "$BPFCTL" "$T/bpftool"; do
		# shellcheck disable=SC2086
		run "$name" -S -k "$T/key" -i "$T/cert" $words
		like "$status:$err" "^(2|255):Error: -S is for 'prog load' and 'gen skeleton' only" \
			"${name##*/} ${words%% /*} -S: what is to be signed is not loaded unsigned"
	done
done
is "$(pins)" "" "and nothing is left"
run "$BPFCTL" prog loadall "$T/multi.o" "$BPFFS/all"
status 0 "loadall"
is "$(pins)" "all all/${PFX}_t all/${PFX}_with_a_name_beyond_15 all/${PFX}_x" "loadall pins each by its name"
is "$(peek prog show pinned "$BPFFS/all/${PFX}_t" | jq -r .type)" sched_cls "sections tell the types"
run "$BPFCTL" p loada "$T/multi.o" "$BPFFS/again" pin "$BPFFS/again"
status 0 "abbreviations; programs and maps in one directory"
unpin

run "$BPFCTL" prog loadall "$T/multi.o" "$BPFFS/x" type xdp
status 0 "type on an object of several kinds"
like "$err" "${PFX}_t' keeps type sched_cls" "a program whose section contradicts keeps its type, and a notice says so"
is "$(peek prog show pinned "$BPFFS/x/${PFX}_t" | jq -r .type)" sched_cls "it does"
unpin
run "$BPFCTL" prog loadall "$T/nameless.o" "$BPFFS/x" type xdp
is "$(peek prog show pinned "$BPFFS/x/${PFX}_with_a_name_beyond_15" | jq -r .type)" xdp \
   "type is for sections that do not contain one"
unpin
run "$BPFCTL" prog loadall "$T/multi.o" "$BPFFS/x" type action
status 0 "type that no section agrees with"
is "$(peek prog show pinned "$BPFFS/x/${PFX}_x" | jq -r .type)" sched_act "is for all programs"
unpin
run "$BPFCTL" prog load "$T/counter.o" "$BPFFS/x" type socket
is "$(peek prog show pinned "$BPFFS/x" | jq -r .type)" socket_filter "type is for a program that is alone"
unpin

# replacement maps
run "$BPFCTL" prog load "$T/multi.o" "$BPFFS/first" pinmaps "$BPFFS/maps"
run "$BPFCTL" prog load "$T/multi.o" "$BPFFS/second" map name "${PFX}_shared" pinned "$BPFFS/maps/${PFX}_shared" \
    map idx 0 pinned "$BPFFS/maps/${PFX}_hash"
status 0 "map name and map idx"
shared=$(peek map show pinned "$BPFFS/maps/${PFX}_shared" | jq .id)
hash=$(peek map show pinned "$BPFFS/maps/${PFX}_hash" | jq .id)
is "$(peek prog show pinned "$BPFFS/second" | jq -c "[.map_ids[] | select(. == $shared or . == $hash)] | length")" 2 \
   "both programs use the same maps"

refuses "a map of another geometry" 1 "cannot reuse map [0-9]+ for '${PFX}_shared': the object needs array, key 4, value 8, max_entries 1, flags 0x0; the map has hash, key 4, value 8, max_entries 16, flags 0x1" \
	load "$T/multi.o" "$BPFFS/no" map name "${PFX}_shared" pinned "$BPFFS/maps/${PFX}_hash"
refuses "a map replaced twice" 2 "twice" load "$T/multi.o" "$BPFFS/no" \
	map idx 0 pinned "$BPFFS/maps/${PFX}_hash" map name "${PFX}_hash" pinned "$BPFFS/maps/${PFX}_hash"
refuses "an index beyond the maps" 1 "has 4 maps, none with index 4" \
	load "$T/multi.o" "$BPFFS/no" map idx 4 pinned "$BPFFS/maps/${PFX}_hash"
refuses "an index that is no number" 2 "index" load "$T/multi.o" "$BPFFS/no" map idx 4x pinned "$BPFFS/maps"
refuses "a name the object does not have" 1 "no map 'nosuch'" \
	load "$T/multi.o" "$BPFFS/no" map name nosuch pinned "$BPFFS/maps/${PFX}_hash"
refuses "a name no map has" 1 "${PFX}_nosuch" load "$T/multi.o" "$BPFFS/no" map name "${PFX}_hash" name "${PFX}_nosuch"
refuses "map without a map" 2 "id.*name.*pinned" load "$T/multi.o" "$BPFFS/no" map name "${PFX}_hash"
refuses "a pinned program as a map" 1 "first" load "$T/multi.o" "$BPFFS/no" map idx 0 pinned "$BPFFS/first"
unpin

# devices
run "$BPFCTL" prog load "$T/counter.o" "$BPFFS/meta" xdpmeta_dev "${PFX}a"
if [ "$status" = 0 ]; then
	is "$(pins)" meta "xdpmeta_dev"
else
	skip "xdpmeta_dev" "this kernel or veth cannot: $err"
fi
unpin
refuses "offload_dev to a device that cannot" 1 "(create map|load program)" \
	load "$T/counter.o" "$BPFFS/no" offload_dev lo
like "$(jq -r .hint <<<"$out")" "driver of 'lo'" "the hint names the device"
run "$BPFCTL" prog load "$T/counter.o" "$BPFFS/no" dev lo
like "$err" "'dev' is deprecated" "dev: a notice"
refuses "a device nobody has" 1 "network device 'nosuch'" load "$T/counter.o" "$BPFFS/no" xdpmeta_dev nosuch
refuses "two devices" 2 "exclude each other" load "$T/counter.o" "$BPFFS/no" offload_dev lo xdpmeta_dev lo

# autoattach
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
run "$BPFCTL" prog loadall "$T/tracer.o" "$BPFFS/at" autoattach
if [ "$status" = 0 ]; then
	like "$err" "'${PFX}_sock' is pinned, not attached: section name 'socket' gives no attach target" "autoattach: a notice where there is no place"
	is "$(peek link show pinned "$BPFFS/at/${PFX}_raw" | jq -r .type)" raw_tracepoint "autoattach pins a link"
	is "$(peek prog show pinned "$BPFFS/at/${PFX}_sock" | jq -r .type)" socket_filter "or else the program"
	is "$(peek link show pinned "$BPFFS/at/${PFX}_tp" | jq -r .type)" perf_event "links of perf events too"
else
	skip "autoattach" "$err"
fi
unpin
refuses "autoattach to a place that is not there" 1 "attach program '${PFX}_tp'" \
	loadall "$T/noplace.o" "$BPFFS/no" autoattach

# CO-RE
if [ -r /sys/kernel/btf/vmlinux ]; then
	run "$BPFCTL" prog load "$T/tracer.o" "$BPFFS/core" kernel_btf /sys/kernel/btf/vmlinux
	status 0 "kernel_btf"
	unpin
	run "$BPFCTL" prog load <(cat "$T/tracer.o") "$BPFFS/core" kernel_btf <(cat /sys/kernel/btf/vmlinux)
	status 0 "kernel_btf and the object from pipes"
	unpin
fi
refuses "kernel_btf that is not there" 1 "/nosuch" load "$T/tracer.o" "$BPFFS/no" kernel_btf /nosuch
refuses "kernel_btf of nothing" 1 "/dev/null.*is neither BTF" load "$T/tracer.o" "$BPFFS/no" kernel_btf /dev/null
refuses "kernel_btf of something else" 1 "refused '${PFX}_raw' .*no struct task_struct.tgid" \
	load "$T/tracer.o" "$BPFFS/no" kernel_btf "$T/counter.o"

# --- what does not ---

echo 'no object' >"$T/text.o"
head -c 700 "$T/counter.o" >"$T/cut.o"
refuses "a missing file" 1 "object file '$T/nosuch.o': \[ENOENT\]" load "$T/nosuch.o" "$BPFFS/no"
refuses "a file that is no ELF" 1 "not an object file" load "$T/text.o" "$BPFFS/no"
refuses "an empty file" 1 "not an object file" load /dev/null "$BPFFS/no"
refuses "a directory" 1 "EISDIR" load "$T" "$BPFFS/no"
refuses "an ELF file that is no BPF object" 1 "not a BPF object" load "$(command -v bash)" "$BPFFS/no"
refuses "an object that is cut off" 1 "section headers .* beyond the end of the file" load "$T/cut.o" "$BPFFS/no"
refuses "a program the verifier refuses" 1 "the verifier refused '${PFX}_bad' \(xdp, refused.o\): a pointer that may be NULL" \
	load "$T/refused.o" "$BPFFS/no"
json_is '[.errno, .verifier.category, .verifier.class]' '["EACCES","Memory Safety","source"]' "its category and class"
like "$(jq -r .hint <<<"$out")" "compare .* with NULL" "the hint is what to do"
like "$(jq -r .verifier.kernel_message <<<"$out")" "R0 invalid mem access 'map_value_or_null'" "the verifier is quoted"
like "$(jq -r '.log[]' <<<"$out")" "processed [0-9]+ insns" "the log is there, whole"
refuses "loadall with one that is refused" 1 "the verifier refused '${PFX}_bad'" \
	loadall "$T/refused.o" "$BPFFS/no" pinmaps "$BPFFS/nomaps"
refuses "a map that cannot be" 1 "create map '${PFX}_map' \(hash, key 4, value 8, max_entries 0" \
	load "$T/badmap.o" "$BPFFS/no"
refuses "a section that tells no type" 1 "section 'nowhere' of program" load "$T/nameless.o" "$BPFFS/no"
refuses "an unknown type" 2 "unknown program type 'zzz'" load "$T/counter.o" "$BPFFS/no" type zzz
refuses "no PATH" 2 "PATH" load "$T/counter.o"
refuses "an unknown keyword" 2 "frobnicate" load "$T/counter.o" "$BPFFS/no" frobnicate

run "$BPFCTL" prog load "$T/counter.o" "$BPFFS/there"
refuses "a pin that exists" 1 "'$BPFFS/there' already exists" load "$T/counter.o" "$BPFFS/there"
refuses "loadall into a pin" 1 "there" loadall "$T/counter.o" "$BPFFS/there"
mkdir "$BPFFS/taken"
run "$BPFCTL" prog load "$T/counter.o" "$BPFFS/taken/counter"
refuses "loadall where one name is taken" 1 "already exists" \
	loadall "$T/counter.o" "$BPFFS/taken" pinmaps "$BPFFS/taken"
refuses "pinmaps that is a pin" 1 "Not a directory" \
	load "$T/multi.o" "$BPFFS/new" pinmaps "$BPFFS/there"
unpin
mkdir "$BPFFS/busy"
run "$BPFCTL" prog load "$T/multi.o" "$BPFFS/busy/${PFX}_shared"
refuses "pinmaps after some maps are pinned" 1 "${PFX}_shared' already exists" \
	loadall "$T/multi.o" "$BPFFS/new" pinmaps "$BPFFS/busy"
unpin
mkdir "$T/full" "$T/bare" && touch "$T/full/file"
run "$BPFCTL" prog load "$T/multi.o" "$T/bare/one" pinmaps "$T/full"
status 1 "a mount for the first pin, and no place for the maps"
is "$(stat -f -c %T "$T/bare")" "$(stat -f -c %T "$T")" "the mount is taken back"
unlike "$err" "mounted a BPF" "and not reported"
refuses "a directory that is no bpffs" 1 "not on a BPF file system" load "$T/counter.o" "$T/full/pin"
refuses "a path that is not there" 1 "$BPFFS/none" load "$T/counter.o" "$BPFFS/none/pin"
refuses "pinmaps below nowhere" 1 "$BPFFS/none" load "$T/counter.o" "$BPFFS/pin" pinmaps "$BPFFS/none/maps"
is "$(ls "$T/full")" file "nothing was mounted over it"

# A map that wants a pin by name gets it in /sys/fs/bpf; a later failure takes it back.
mount -t bpf bpf /sys/fs/bpf 2>/dev/null
run "$BPFCTL" prog load "$T/pinned.o" "$BPFFS/there"
is "$status $(find /sys/fs/bpf -name "${PFX}_shared" | wc -l)" "0 1" "a map that asks for it is pinned by name"
rm -f "/sys/fs/bpf/${PFX}_shared"
run "$BPFCTL" prog load "$T/pinned.o" "$BPFFS/fresh" pinmaps "$BPFFS/there"
is "$status $(find /sys/fs/bpf -name "${PFX}_shared" | wc -l)" "1 0" "and unpinned when a later step fails"

# Flags and sizes that the kernel changes by itself do not keep a map from being reused.
reuse_c()
{
	cat <<-C
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	#define PINNED __uint(pinning, LIBBPF_PIN_BY_NAME); __uint(key_size, 4); __uint(value_size, 4)
	struct { __uint(type, BPF_MAP_TYPE_DEVMAP); __uint(max_entries, 8); PINNED; } ${PFX}_dev SEC(".maps");
	struct { __uint(type, BPF_MAP_TYPE_DEVMAP_HASH); __uint(max_entries, 8); PINNED; } ${PFX}_devh SEC(".maps");
	struct { __uint(type, BPF_MAP_TYPE_LRU_HASH); __uint(map_flags, BPF_F_NO_COMMON_LRU); __uint(max_entries, 61);
		 PINNED; } ${PFX}_lru SEC(".maps");
	struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(map_flags, BPF_F_RDONLY); __uint(max_entries, 8); PINNED; }
		${PFX}_ro SEC(".maps");
	struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, $1); PINNED; } ${PFX}_own SEC(".maps");
	SEC("xdp") int ${PFX}_r(void *ctx)
	{
		int key = 0;

		return bpf_map_lookup_elem(&${PFX}_own, &key) ? 2 : bpf_redirect_map(&${PFX}_dev, 0, 0);
	}
	char _license[] SEC("license") = "GPL";
	C
}
reuse_c 8 >"$T/reuse.c"
reuse_c 9 >"$T/other.c"
bpf_cc "$T/reuse.c" "$T/reuse.o" -g && bpf_cc "$T/other.c" "$T/other.o" -g || skip_all "cannot compile"
ids()
{
	local f

	for f in dev devh lru ro own; do peek map show pinned "/sys/fs/bpf/${PFX}_$f" | jq .id; done
}
run "$BPFCTL" prog load "$T/reuse.o" "$BPFFS/r1"
status 0 "maps that are pinned by name: made"
before=$(ids)
run "$BPFCTL" prog load "$T/reuse.o" "$BPFFS/r2"
status 0 "devmaps, an LRU map of a rounded size, a map for reading: reused"
is "$(ids)" "$before" "they are the same maps"
is "$(peek prog show pinned "$BPFFS/r2" | jq -c .map_ids)" "$(peek prog show pinned "$BPFFS/r1" | jq -c .map_ids)" "for both programs"
refuses "a pinned map of another shape" 1 \
	"cannot reuse map [0-9]+ for '${PFX}_own': the object needs hash, key 4, value 4, max_entries 9, flags 0x0; the map has hash, key 4, value 4, max_entries 8, flags 0x0" \
	load "$T/other.o" "$BPFFS/r3"
run "$BPFCTL" prog load "$T/other.o" "$BPFFS/r3"
like "$err" "pinned at '/sys/fs/bpf/${PFX}_own'" "and where it is"
run "$BPFCTL" map create "$BPFFS/mine" type hash key 4 value 4 entries 9 name "${PFX}_mine"
run "$BPFCTL" prog load "$T/other.o" "$BPFFS/r3" map name "${PFX}_own" pinned "$BPFFS/mine"
status 0 "a map that is named takes precedence"
mine=$(peek map show pinned "$BPFFS/mine" | jq .id)
is "$(peek prog show pinned "$BPFFS/r3" | jq ".map_ids | index($mine) != null")" true "it is the one"
rm -f /sys/fs/bpf/"${PFX}"_*
umount /sys/fs/bpf
unpin

# Objects with maps and no program.
cat >"$T/maps.c" <<C
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __uint(key_size, 4); __uint(value_size, 4); }
	${PFX}_h SEC(".maps");
#ifdef FUNC
int ${PFX}_twice(int a) { return 2 * a; }
#endif
C
bpf_cc "$T/maps.c" "$T/maps.o" -g
bpf_cc "$T/maps.c" "$T/func.o" -g -DFUNC
for o in maps func; do
	run "$BPFCTL" prog loadall "$T/$o.o" "$BPFFS/p" pinmaps "$BPFFS/m"
	status 0 "$o: no program, loadall with pinmaps"
	is "$(pins)" "m m/${PFX}_h" "$o: the map is pinned"
	unpin
	refuses "$o: loadall without pinmaps" 1 "contains no program|gives no program type" loadall "$T/$o.o" "$BPFFS/p"
	refuses "$o: load" 1 "contains no program" load "$T/$o.o" "$BPFFS/p" pinmaps "$BPFFS/m"
done

# Without privileges: our error, not what libbpf guesses about memory limits.
if command -v setpriv >/dev/null; then
	chmod 755 "$T"
	for o in counter multi; do
		run setpriv --reuid 65534 --regid 65534 --clear-groups "$BPFCTL" prog load "$T/$o.o" "$BPFFS/x"
		status 1 "$o: without privileges"
		unlike "$err" "MEMLOCK" "$o: no word of RLIMIT_MEMLOCK"
	done
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$BPFCTL" map create /tmp/x type array key 4 value 4 entries 1 name x
	unlike "$err" "MEMLOCK" "map create: no word of it either"
	run setpriv --inh-caps=-all --bounding-set=-all "$BPFCTL" prog load "$T/counter.o" "$BPFFS/x"
	unlike "$err" "MEMLOCK" "root without capabilities: nor here"
else
	skip "without privileges" "no setpriv"
fi

# A signal comes before the first pin, or after the last.
counts=
for ((i = 1; i <= 30; i++)); do
	timeout -s TERM "0.0$((i / 10))$((i % 10))" "$BPFCTL" prog loadall "$T/multi.o" "$BPFFS/sig" pinmaps "$BPFFS/maps" \
		>/dev/null 2>&1
	counts+=$(find "$BPFFS/sig" "$BPFFS/maps" 2>/dev/null | wc -l)$'\n'
	unpin
	rm -rf "$BPFFS"/{sig,maps}
done
"$BPFCTL" prog loadall "$T/multi.o" "$BPFFS/sig" pinmaps "$BPFFS/maps"
all=$(find "$BPFFS/sig" "$BPFFS/maps" | wc -l)
rm -rf "$BPFFS"/{sig,maps}
is "$(sort -u <<<"$counts" | grep -vxE "0|$all|")" '' "ended by a signal: all is pinned or nothing"

# -d: libbpf and the verifier on stderr, the data undisturbed
run "$BPFCTL" -d prog load "$T/counter.o" "$BPFFS/d"
status 0 "-d"
like "$err" "libbpf: .*counter" "-d: libbpf speaks"
like "$err" "processed [0-9]+ insns" "-d: so does the verifier, though nothing is wrong"
unpin
run "$BPFCTL" -d -j prog load "$T/counter.o" "$BPFFS/d"
is "$out" null "-d -j: stdout is not disturbed"
unpin
# Where libcrypto is not built in, that is what it says.
refuses "signing" 1 "private key '/dev/null'|libcrypto" -S -k /dev/null -i /dev/null load "$T/counter.o" "$BPFFS/no"

# -L: by a generated loader program; nothing stays
run "$BPFCTL" -L prog load "$T/multi.o"
is "$status $out$err" "0 " "-L loads, without a PATH"
run "$BPFCTL" -j -L prog load "$T/multi.o"
is "$out" null "-L -j prints null"
run "$BPFCTL" -L -d prog load "$T/counter.o"
like "$err" "processed [0-9]+ insns" "-L -d shows the verifier's log"
is "$(pins)" '' "-L pins nothing"
refuses "-L with a program the verifier refuses" 1 "the verifier refused '${PFX}_bad' \(xdp, refused.o\): a pointer that may be NULL" \
	load "$T/refused.o" -L
json_is .verifier.kernel_message "R0 invalid mem access 'map_value_or_null'" "the verifier's reason comes through the loader"
refuses "-L with pinmaps" 2 "does not pin" load "$T/multi.o" pinmaps "$BPFFS/no" -L

# no privileges
chmod 755 "$T" "$BPFFS"
chmod 1777 "$BPFFS"
refuses_as_nobody()
{
	local tool=$BPFCTL

	BPFCTL=$T/as_nobody
	printf '#!/bin/sh\nexec setpriv --bounding-set=-all --inh-caps=-all --reuid=65534 "%s" "$@"\n' "$tool" >"$BPFCTL"
	chmod 755 "$BPFCTL"
	refuses "$@"
	BPFCTL=$tool
}
if setpriv --bounding-set=-all --inh-caps=-all --reuid=65534 "$BPFCTL" version >/dev/null 2>&1; then
	refuses_as_nobody "without privileges" 1 "EPERM" load "$T/counter.o" "$BPFFS/no"
	like "$(jq -r .hint <<<"$out")" "cap_bpf" "the hint names the capability"
else
	skip "without privileges" "nobody cannot run $BPFCTL"
fi

nothing_left "nothing is left"
done_testing

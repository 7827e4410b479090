#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Every type of map the kernel makes: create, show, dump, beside the distribution's bpftool on the
# same map; and the types that cannot be dumped, which say what can be done instead.
. "$(dirname "$0")/../lib.sh"
live
need_bpftool

# make NAME TYPE WORD...: a map pinned as NAME; false where this kernel has no such type
make()
{
	local name=$1 type=$2

	shift 2
	run "$BPFCTL" map create "$BPFFS/$name" type "$type" "$@" name "${PFX}_m"
	[ "$status" = 0 ] && return
	if [[ $err == *EINVAL* && " arena xskmap " == *" $type "* ]]; then
		skip "create $name" "this kernel has no $type"
	else
		status 0 "create $name"
	fi
	return 1
}

ln -s "$BPFCTL" "$T/bpftool"

# The same in text, JSON and the pretty form; what the kernel says in numbers counts as equal. Under its own name the
# program reports values that cannot be read, too.
same()
{
	local name=$1 o ours theirs unread

	for o in "" -j -p; do
		run "$T/bpftool" $o map dump pinned "$BPFFS/$name"
		status 0 "$name: dump $o"
		ours=${out//Not supported by the kernel/Unknown error 524}
		theirs=$("$BPFTOOL" $o map dump pinned "$BPFFS/$name" 2>/dev/null)
		is "$ours" "$theirs" "$name: as bpftool $o"
	done
	unread=$(jq 'map(select(.value | objects | .error // "No such" | startswith("No such") | not)) | length' <<<"$out")
	theirs=$(jq -c . <<<"$out")
	run "$BPFCTL" -j map dump pinned "$BPFFS/$name"
	status $((unread ? 3 : 0)) "$name: $unread values cannot be read"
	is "$(jq -c 'map(select(has("key")))' <<<"$out") $(jq 'map(select(.error)) | length' <<<"$out")" \
		"$theirs $((unread > 0))" "$name: the same with a report"
	run "$BPFCTL" -j map show pinned "$BPFFS/$name"
	is "$(jq -cS 'del(.pids)' <<<"$out")" \
		"$("$BPFTOOL" -j map show pinned "$BPFFS/$name" | jq -cS 'del(.pids)')" "$name: show as bpftool"
}

put()
{
	local name=$1

	shift
	run "$BPFCTL" map update pinned "$BPFFS/$name" "$@"
	status 0 "$name: update"
}

for type in hash lru_hash percpu_hash lru_percpu_hash; do
	for value in 4 8 16 17 20 33; do
		make "${type}_$value" $type key 4 value $value entries 8 || continue
		# shellcheck disable=SC2046
		put "${type}_$value" key 1 2 3 4 value $(seq 1 $value)
		same "${type}_$value"
	done
done
make hash_key17 hash key 17 value 1 entries 8 && put hash_key17 key $(seq 1 17) value hex ff && same hash_key17
for type in array percpu_array; do
	make $type $type key 4 value 12 entries 3 || continue
	put $type key 2 0 0 0 value 1 2 3 4 5 6 7 8 9 10 11 12
	same $type
done
make lpm lpm_trie key 8 value 4 entries 4 flags no_prealloc && {
	put lpm key 16 0 0 0 10 1 0 0 value 1 2 3 4
	put lpm key 32 0 0 0 10 1 0 1 value 5 6 7 8
	same lpm
}
for type in array_of_maps hash_of_maps; do
	make $type $type key 4 value 4 entries 3 inner_map pinned "$BPFFS/hash_4" || continue
	put $type key 1 0 0 0 value pinned "$BPFFS/hash_4"
	inner=$("$BPFCTL" -j map show pinned "$BPFFS/hash_4" | jq .id)
	run "$BPFCTL" map dump pinned "$BPFFS/$type"
	is "$out" "key: 01 00 00 00  inner_map_id: $inner "$'\n'"Found 1 element" "$type: empty slots are left out"
	run "$BPFCTL" -j map dump pinned "$BPFFS/$type"
	# bpftool 7.1 does not have inner_map_id yet
	is "$(jq -c 'map(del(.inner_map_id))' <<<"$out")" "$("$BPFTOOL" -j map dump pinned "$BPFFS/$type")" "$type: as bpftool"
	run "$BPFCTL" -j map lookup pinned "$BPFFS/$type" key 1 0 0 0
	json_is .inner_map_id "$inner" "$type: the map that was put in"
	run "$BPFCTL" map update pinned "$BPFFS/$type" key 0 0 0 0 value 1 2 3 4
	status 2 "$type: bytes are no map"
done
for type in prog_array perf_event_array cgroup_array; do
	make $type $type key 4 value 4 entries 2 && same $type
done
for type in devmap devmap_hash sockmap sockhash cpumap xskmap reuseport_sockarray; do
	make $type $type key 4 value 4 entries 2 && same $type
done
run "$BPFCTL" map dump pinned "$BPFFS/reuseport_sockarray"
like "$err" "value" "reuseport_sockarray: a notice why values cannot be read"
make sockmap8 sockmap key 4 value 8 entries 2 && same sockmap8
make reuse8 reuseport_sockarray key 4 value 8 entries 2 && same reuse8
make stack_trace stack_trace key 4 value 64 entries 2 && same stack_trace
for type in cgroup_storage percpu_cgroup_storage; do
	make $type $type key 16 value 4 entries 0 && same $type
done

# --- without keys ---

no_dump()
{
	run "$BPFCTL" map dump pinned "$BPFFS/$1"
	status 1 "$1: dump fails"
	is "$out" "" "$1: nothing on stdout"
	like "$err" "cannot be listed.*Hint: .*$2" "$1: says why and what can be done"
	run "$BPFCTL" -j map dump pinned "$BPFFS/$1"
	json_ok "$1: the error is JSON"
	json_is 'has("error") and has("hint")' true "$1: with hint"
}

make queue queue key 0 value 4 entries 2 && no_dump queue "map pop"
make stack stack value 4 entries 2 && no_dump stack "map pop"
make bloom bloom_filter value 4 entries 20 && no_dump bloom "map lookup"
make ringbuf ringbuf entries 4096 && no_dump ringbuf consumer
make user_ringbuf user_ringbuf entries 4096 && no_dump user_ringbuf program
make arena arena entries 1 flags mmapable && no_dump arena mmap

for type in queue:1 stack:2; do
	name=${type%:*} first=${type#*:}
	"$BPFCTL" map push pinned "$BPFFS/$name" value 1 0 0 0
	"$BPFCTL" map enqueue pinned "$BPFFS/$name" value 2 0 0 0
	run "$BPFCTL" map push pinned "$BPFFS/$name" value 3 0 0 0
	status 1 "$name: full"
	run "$BPFCTL" map push pinned "$BPFFS/$name" key 0 value 3 0 0 0
	status 2 "$name: takes no key"
	is "$("$BPFCTL" map peek pinned "$BPFFS/$name")" "value: 0$first 00 00 00" "$name: peek"
	run "$BPFCTL" -j map peek pinned "$BPFFS/$name"
	is "$out" "$("$BPFTOOL" -j map peek pinned "$BPFFS/$name")" "$name: peek as bpftool"
	is "$("$BPFCTL" map pop pinned "$BPFFS/$name")" "value: 0$first 00 00 00" "$name: pop"
	run "$BPFCTL" -j map dequeue pinned "$BPFFS/$name"
	json_is .key '[]' "$name: dequeue"
	for verb in pop peek; do
		run "$BPFCTL" map $verb pinned "$BPFFS/$name"
		status 1 "$name: $verb when empty"
		like "$err" "is empty" "$name: $verb says so"
		run "$BPFCTL" -j map $verb pinned "$BPFFS/$name"
		json_is .errno ENOENT "$name: $verb says so in JSON"
	done
done
run "$BPFCTL" map pop pinned "$BPFFS/hash_4"
status 1 "a hash has nothing to pop"

"$BPFCTL" map push pinned "$BPFFS/bloom" value 1 2 3 4
run "$BPFCTL" map lookup pinned "$BPFFS/bloom" value 1 2 3 4
status 0 "bloom: a value that is in"
run "$BPFCTL" map lookup pinned "$BPFFS/bloom" value 9 9 9 9
status 1 "bloom: one that is not"
run "$BPFCTL" map lookup pinned "$BPFFS/bloom"
status 2 "bloom: must be asked"
run "$BPFCTL" map lookup pinned "$BPFFS/bloom" key 1
like "$err" "expected value or as, pretty, cpu, got: .key." "bloom: by its value"

# --- what cannot be made ---

for words in "hash key 0 value 4 entries 1:above 0" "array key 8 value 4 entries 1:key 4" \
	     "lpm_trie key 8 value 4 entries 1:no_prealloc" "ringbuf entries 1000:page size" \
	     "sk_storage key 4 value 4 flags no_prealloc:BTF" "array_of_maps key 4 value 4 entries 1:inner_map"; do
	# shellcheck disable=SC2086
	run "$BPFCTL" map create "$BPFFS/never" type ${words%:*} name "${PFX}_n"
	status 1 "create ${words%:*}: refused"
	like "$err" "Hint: .*${words#*:}" "create ${words%:*}: told what is needed"
	ok "and nothing is left" [ ! -e "$BPFFS/never" ]
done
run "$BPFCTL" map create "$BPFFS/long" type array key 4 value 4 entries 1 name "${PFX}_0123456789abcdef"
status 0 "a long name"
like "$err" "15 characters" "is cut, and that is said"
run "$BPFCTL" -j map show pinned "$BPFFS/long"
json_is '.name | length' 15 "to 15 characters"
run "$BPFCTL" map create "$BPFFS/flags" type array key 4 value 4 entries 1 name "${PFX}_f" flags BPF_F_MMAPABLE,rdonly_prog
status 0 "flags by name"
run "$BPFCTL" -j map show pinned "$BPFFS/flags"
json_is .flags $((0x400 | 0x80)) "are the numbers"
run "$BPFCTL" map create "$BPFFS/never" type array key 4 value 4 entries 1 name x flags nosuch
status 2 "a flag nobody has"
run "$BPFCTL" map create "$BPFFS/long" type array key 4 value 4 entries 1 name x
status 1 "a path that is taken"
run "$BPFCTL" map create "$BPFFS/never" type array key 4 value 4 entries 1 name x offload_dev nosuch0
like "$err" "nosuch0" "a device nobody has"
done_testing

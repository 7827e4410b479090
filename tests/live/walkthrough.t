#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# A newcomer's first hour: load, list, look inside, attach to XDP, read the counter, detach; then the
# same with type information; and a real tracing tool seen through perf show.
#
# The objects carry $PFX in their names, since other tests may run the same program meanwhile.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq
src=$TOP/tests/progs/counter.c
prog=${PFX}_cnt
map=${PFX}_map
names=(-Dcounter="$prog" -Dcounter_map="$map")
dev=${PFX}v
veth "$dev" "${PFX}w" || exit 1
ping_dev() { peer ping -q -c "$1" -i 0.2 -W 2 10.99.0.1; }

# --- Simple introspection: no BTF, the map defined the legacy way ---
ok "compile without BTF" bpf_cc "$src" "$T/counter_nobtf.o" "${names[@]}"
run "$BPFCTL" prog load "$T/counter_nobtf.o" "$BPFFS/counter_nobtf" type xdp
status 0 "load and pin a legacy object"
is "$out" '' "a load prints nothing"
like "$err" "converted" "a notice says that legacy maps were converted"

run "$BPFCTL" --compat prog show --bpffs
status 0 "list programs with their pins"
like "$out" "[0-9]+: xdp  name $prog  tag [0-9a-f]{16}  gpl"$'\n' "the program is listed"
like "$out" $'\n\t'"pinned $BPFFS/counter_nobtf" "with its pin"
run "$BPFCTL" prog show pinned "$BPFFS/counter_nobtf"
like "$out" $'\n\t'"loaded_at [0-9T:+-]+  uid 0"$'\n' "second line"
like "$out" $'\n\t'"xlated [0-9]+B  (jited [0-9]+B|not jited)  memlock [0-9]+B  map_ids [0-9]+" "third line"

run "$BPFCTL" prog dump xlated pinned "$BPFFS/counter_nobtf"
status 0 "dump translated instructions"
like "$out" "\(18\) r[0-9] = map\[id:[0-9]+\]" "map addresses read as map ids"
like "$out" "\(95\) exit" "up to the exit"
unlike "$out" "int $prog" "without BTF there are no prototypes"
run "$BPFCTL" prog dump jited pinned "$BPFFS/counter_nobtf"
if [[ $err == *"not jited"* || $err == *interpreted* ]]; then
	skip "dump jited instructions" "the JIT is off here"
else
	status 0 "dump jited instructions"
	like "$out" "^bpf_prog_[0-9a-f]{16}_$prog:"$'\n'" +0:" "under the name the kernel gives them"
	like "$out" "movabsq.*<map\\[id:[0-9]+\\]|movabsq" "where maps are addresses"
fi

run "$BPFCTL" prog show
like "$out" "[0-9]+ +xdp +$prog +[0-9]+[smhd] +[0-9.]+ [KM]iB .*pin $BPFFS/counter_nobtf" "one line per program, with its pin"
run "$BPFCTL" --compat map show
like "$out" "[0-9]+: array  name $map  flags 0x0"$'\n\t'"key 4B  value 8B  max_entries 1  memlock [0-9]+B" \
	"the map is listed"
run "$BPFCTL" map dump name "$map"
is "$out" "key: 00 00 00 00  value: 00 00 00 00 00 00 00 00"$'\n'"Found 1 element" "its only entry is zero"

# --- Attach to XDP ---
run "$BPFCTL" net attach xdp pinned "$BPFFS/counter_nobtf" dev "$dev"
status 0 "attach to $dev"
run "$BPFCTL" net show
like "$out" "xdp:"$'\n'"$dev\([0-9]+\) driver id [0-9]+" "net show tells"
run "$BPFCTL" -p net show
json_ok "-p net show"
run "$BPFCTL" -j net show
id=$(jq ".[].xdp[] | select(.devname == \"$dev\") | .id // .multi_attachments[].id" <<<"$out")
is "$id" "$("$BPFCTL" -j prog show pinned "$BPFFS/counter_nobtf" | jq .id)" "JSON leads to the program's id"
like "$(ip link show dev "$dev")" "prog/xdp id $id" "ip link agrees"

ok "packets arrive" ping_dev 3
n=$("$BPFCTL" -j map lookup name "$map" key 0 0 0 0 | jq -r '.value[0] | ltrimstr("0x")')
ok "they were counted" [ $((16#$n)) -ge 3 ]
run "$BPFCTL" net detach xdp dev "$dev"
status 0 "detach"
unlike "$("$BPFCTL" net show)" "$dev" "net show does not know it any more"

# --- A tracing tool of somebody else's ---
tool=$(command -v execsnoop || command -v execsnoop.bt || true)
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
if [ -n "$tool" ]; then
	"$tool" </dev/null >"$T/execsnoop.out" 2>&1 &
	snoop=$!
	at_exit kill "$snoop"
	# All of what it attaches: the enter and the exit of the call are two programs.
	wait_until eval "! kill -0 $snoop || '$BPFCTL' perf show | grep -q 'pid $snoop .*sys_enter_execve'"
	out=$("$BPFCTL" perf show)
	if kill -0 "$snoop" 2>/dev/null; then
		like "$out" "pid $snoop  fd [0-9]+: prog_id [0-9]+  tracepoint  sys_(enter|exit)_execve" \
			"perf show lists what ${tool##*/} attached"
		run "$BPFCTL" -j perf show
		json_ok "-j perf show"
		json_is "[.[] | select(.pid == $snoop) | .tracepoint] | index(\"sys_enter_execve\") != null" \
			true "in JSON too"
		kill "$snoop"
	else
		skip "perf show lists what ${tool##*/} attached" "it does not run here: $(head -1 "$T/execsnoop.out")"
	fi
else
	skip "perf show lists what execsnoop attached" "no execsnoop (libbpf-tools, bpftrace)"
fi

# --- Again, with BTF ---
ok "compile with BTF" bpf_cc "$src" "$T/counter_btf.o" "${names[@]}" -g -D BTF
run "$BPFCTL" prog load "$T/counter_btf.o" "$BPFFS/counter_btf" type xdp --debug
status 0 "load with the library's messages"
like "$err" "libbpf: " "they are there"
run "$BPFCTL" prog dump xlated name "$prog"
status 0 "dump both programs of one name"
like "$out" "int $prog\(void \*( )?ctx\):" "the new one has its prototype"
like "$out" $'\n'"; .*__sync_fetch_and_add" "and lines of C"
is "$(grep -c '^[0-9]*: xdp' <<<"$out")" 2 "each has its header"

run "$BPFCTL" net attach xdp pinned "$BPFFS/counter_btf" dev "$dev"
status 0 "attach"
ok "packets arrive" ping_dev 3
id=$("$BPFCTL" map -j | jq -r ".[] | select(.name == \"$map\") | select(.btf_id) | .id")
like "$id" '^[0-9]+$' "the map with BTF is found by jq"
run "$BPFCTL" map dump id "$id"
like "$out" '"key": 0,'$'\n'' +"value": \{'$'\n'' +"packets": [0-9]+' "typed dump"
n=$(jq -r '.[0].value.packets' <<<"$out")
ok "it counted ($n)" [ "$n" -ge 3 ]
run "$BPFCTL" net detach xdp dev "$dev"
status 0 "detach"

btf_id=$("$BPFCTL" map -j | jq -r ".[] | select(.name == \"$map\") | select(.btf_id) | .btf_id")
run "$BPFCTL" btf dump id "$btf_id"
status 0 "dump the map's BTF"
like "$out" "STRUCT '$prog' size=8 vlen=1"$'\n\t'"'packets' type_id=[0-9]+ bits_offset=0" "the struct is there"
run "$BPFCTL" --compat btf show
status 0 "list BTF"
like "$out" "[0-9]+: name \[vmlinux\]  size [0-9]+B" "the kernel's"
like "$out" $'(^|\n)'"$btf_id: name <anon>  size [0-9]+B  prog_ids [0-9]+  map_ids $id" "ours with who uses it"

ok "remove the first program" rm "$BPFFS/counter_nobtf"
run "$BPFCTL" --compat prog show name "$prog"
is "$(grep -c "name $prog" <<<"$out")" 1 "only the second is left"
rm "$BPFFS/counter_btf"
nothing_left "nothing is left"
done_testing

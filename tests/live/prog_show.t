#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# prog show and pin on the real kernel: full names, references, metadata, pins, races.
. "$(dirname "$0")/../lib.sh"
live
need_clang
need jq
long=${PFX}_xdp_a_name_longer_than_the_kernel_keeps
bpf_cc "$TOP/tests/live/meta.bpf.c" "$T/meta.o" -g -DPFX="$PFX" -DSALT="$$" || exit 1
ok "three programs are loaded" "$BPFCTL" prog loadall "$T/meta.o" "$BPFFS/p" pinmaps "$BPFFS/m"
prog=$BPFFS/p/$long

run "$BPFCTL" -j prog show pinned "$prog"
status 0 "show one program"
json_ok "it is one document"
json_is .name "$long" "the full name comes from BTF"
json_is .type xdp "its type"
json_is 'has("pinned")' false "no pins without -f"
json_is '.map_ids | length' 3 "three maps: the array and two of constants"
json_is '.metadata' '{"answer":42,"author":"an author","negative":-7,"version":{"major":3,"minor":14}}' \
	"metadata of both read-only sections"
json_is '[.orphaned, .jited, .uid]' '[false,true,0]' "flags and uid"
json_is '(.loaded_at - now | fabs) < 60' true "loaded a moment ago"
json_is 'keys_unsorted | join(" ")' \
	"id type name tag gpl_compatible loaded_at uid orphaned bytes_xlated jited bytes_jited bytes_memlock map_ids btf_id metadata" \
	"keys in the order scripts know"
id=$(jq .id <<<"$out") tag=$(jq -r .tag <<<"$out")

run "$BPFCTL" prog show pinned "$prog"
like "$out" "^$id: xdp  name $long  tag $tag  gpl"$'\n\tloaded_at 20[0-9-]*T[0-9:]*\+0000  uid 0\n\txlated [0-9]+B  jited [0-9]+B  memlock [0-9]+B  map_ids [0-9,]+\n\tbtf_id [0-9]+\n' \
	"text: the lines"
like "$out" $'\n\tmetadata:\n\t\tanswer = 42\n\t\tauthor = "an author"\n\t\tnegative = -7\n' "text: metadata"

for ref in "id $id" "tag $tag" "name $long" "pinned $prog"; do
	run "$BPFCTL" -j prog show $ref
	json_is .id "$id" "by ${ref%% *}"
done

run "$BPFCTL" prog show name "${long:0:15}"
status 1 "the kernel's 15 characters are not the name"
like "$err" "no program named '${long:0:15}'" "it says so"
like "$err" "Hint: similar names: .*'$long'" "it tells the names that begin so"
[ -n "$BPFTOOL" ] || skip "Debian's bpftool finds the same" "no bpftool"
[ -z "$BPFTOOL" ] || is "$("$BPFTOOL" -j prog show name "$long" | jq .id)" "$id" "Debian's bpftool finds the same"

# two with the same tag
cp "$T/meta.o" "$T/again.o"
ok "the same once more" "$BPFCTL" prog load "$T/again.o" "$BPFFS/again"
run "$BPFCTL" -j prog show tag "$tag"
json_is 'length == 2 and (map(.tag) | unique) == ["'"$tag"'"]' true "a tag that two have: a list of two"
run "$BPFCTL" prog pin tag "$tag" "$BPFFS/never"
status 1 "one program cannot be meant by it"
like "$err" "several programs match tag '$tag': ids $id, [0-9]+" "the error tells the ids"
run "$BPFCTL" -j prog pin name "${PFX}_nosuch" "$BPFFS/never"
status 1 "a name nobody has"
json_is .error "no program named '${PFX}_nosuch'" "the JSON error says so"

# pins
run "$BPFCTL" prog pin id "$id" "$BPFFS/second"
status 0 "pin it a second time"
is "$out$err" '' "silently"
run "$BPFCTL" -jf prog show id "$id"
json_is .pinned "[\"$prog\",\"$BPFFS/second\"]" "both paths, sorted"
run "$BPFCTL" -f prog show id "$id"
like "$out" $'\n\tpinned '"$prog"$'\n\tpinned '"$BPFFS/second"$'\n' "both lines"
run "$BPFCTL" -jf prog show pinned "$BPFFS/p/${PFX}_sock"
json_is '.pinned | length' 1 "the other has one"
run "$BPFCTL" -j prog pin id "$id" "$BPFFS/third"
is "$out" null "JSON: null"

# the oracle
if [ -n "$BPFTOOL" ]; then
	lost=$(jq -nr --argjson a "$("$BPFTOOL" -jf prog show | jq -c "map(select(.name // \"\" | startswith(\"$PFX\")))")" \
		--argjson b "$("$BPFCTL" -jf prog show | jq -c "map(select(.name // \"\" | startswith(\"$PFX\")))")" '
		def sorted: if type == "array" and (.[0] | type) == "string" then sort else . end;
		($b | map({key: "\(.id)", value: .}) | from_entries) as $ours |
		if ($a | length) != ($b | length) or ($a | length) == 0 then "lengths" else empty end,
		($a[] | . as $p | to_entries[] | select(.key != "metadata") |
		 select((.value | sorted) != ($ours["\($p.id)"][.key] | sorted)) | "\($p.id) \(.key)")')
	is "$lost" '' "all that Debian's bpftool prints, we print"
	is "$("$BPFCTL" prog show id "$id" | head -1)" "$("$BPFTOOL" prog show id "$id" | head -1)" "the first line is the same"
	is "$("$BPFCTL" prog show id "$id" | sed -n 2,3p)" "$("$BPFTOOL" prog show id "$id" | sed -n 2,3p)" "so are the second and third"
else
	skip "compared with Debian's bpftool" "no bpftool"
fi

# owners: somebody with a descriptor
command python3 - "$prog" <<'PY' 2>/dev/null &
import ctypes, sys, time, struct, platform
path = ctypes.create_string_buffer(sys.argv[1].encode())
attr = ctypes.create_string_buffer(struct.pack("QIIi", ctypes.addressof(path), 0, 0, 0), 128)
nr = {"x86_64": 321, "aarch64": 280}[platform.machine()]
fd = ctypes.CDLL(None).syscall(nr, 7, attr, 24)
time.sleep(30 if fd >= 0 else 0)
PY
holder=$!
at_exit kill $holder
wait_until eval "readlink /proc/$holder/fd/* | grep -q bpf-prog || ! kill -0 $holder"
if readlink /proc/$holder/fd/* 2>/dev/null | grep -q bpf-prog; then
	run "$BPFCTL" -j prog show id "$id"
	json_is '.pids' "[{\"pid\":$holder,\"comm\":\"$(</proc/$holder/comm)\"}]" "who holds it"
	run "$BPFCTL" prog show id "$id"
	like "$out" $'\n\tpids '"$(</proc/$holder/comm)\($holder\)" "the same in text"
else
	skip "who holds it" "no python3"
fi

# other mounts
mkdir "$T/other dir" && mount -t bpf other "$T/other dir"
at_exit umount -l "$T/other dir"
ok "pin in a mount with a blank in its path" "$BPFCTL" prog pin id "$id" "$T/other dir/p"
run "$BPFCTL" -jf prog show id "$id"
json_is ".pinned | index(\"$T/other dir/p\") != null" true "it is found there"

# races
if gcc -O1 -o "$T/churn" "$TOP/tests/live/churn.c" -lbpf 2>/dev/null; then
	"$T/churn" 600 &
	churn=$!
	at_exit kill $churn
	bad=0 races=()
	end=$((SECONDS + 30))		# fewer on a busy machine
	for ((i = 0; i < 200 && (i < 10 || SECONDS < end); i++)); do
		"$BPFCTL" -j prog show >"$T/race.$i" 2>"$T/race.err" ||
			{ bad=$((bad + 1)); diag "status $?: $(tail -c 300 "$T/race.$i") $(<"$T/race.err")"; }
		races+=("$T/race.$i")
	done
	lists=$(jq -c 'type == "array" and all(.[]; has("id"))' "${races[@]}" | uniq -c | xargs)
	ok "programs came and went meanwhile" kill -0 $churn
	kill $churn
	is "$bad $lists" "0 $i true" "$i listings while programs come and go: status 0, valid JSON"
else
	skip "200 listings while programs come and go" "no gcc"
fi

umount -l "$T/other dir"
rm -rf "$BPFFS"/p "$BPFFS"/m "$BPFFS"/again "$BPFFS"/second "$BPFFS"/third
kill $holder 2>/dev/null
wait 2>/dev/null
nothing_left "nothing is left"
done_testing

#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Command lines: shortened words and their order, options anywhere, help, where things are printed.
. "$(dirname "$0")/cli.sh"
need jq

same()
{
	local text=$1 a=$2 b=$3 want

	# shellcheck disable=SC2086
	fake basic $b
	want=$status/$out/$err
	# shellcheck disable=SC2086
	fake basic $a
	is "$status/$out/$err" "$want" "$text"
}

# --- shortened words: the first entry that fits, in this order for ever ---
same "p s" "p s" "prog show"
same "p l is list" "p l" "prog show"
same "p s i 7" "p s i 7" "prog show id 7"
same "p s n counter" "p s n counter" "prog show name counter"
same "p s t TAG" "p s t 0011223344556677" "prog show tag 0011223344556677"
same "m" "m" "map show"
same "m s" "m s" "map show"
same "l" "l" "link show"
same "bt" "bt" "btf show"
same "f l" "f l prog_types" "feature list_builtins prog_types"
same "v" "v" "version"
same "s" "s" "struct_ops show"
same "t" "t" "token show"
same "c is cgroup, whose first verb is show" "c" "cgroup show"
same "c t" "c t" "cgroup tree"
same "i p is iter pin" "i p" "iter pin"
same "i alone is its help" "i" "iter help"
same "prog list" "prog list" "prog show"
same "prog" "prog" "prog show"
same "the empty word is the first entry's" "prog  show" "prog show"
fake basic pe
unlike "$err" "unknown" "pe is perf"
fake basic b
like "$err" "batch" "b is batch"
for word in d p lo loada; do
	fake basic prog $word
	status 2 "prog $word wants more words"
done
fake basic prog lo
like "$out$err" "load" "prog lo is load"
fake basic map d
like "$out$err" "dump|MAP" "map d is dump"

# --- options ---
same "options behind the words" "prog show id 7 -j" "-j prog show id 7"
same "options between the words" "prog --json show id 7" "-j prog show id 7"
same "bundled" "-jf prog show" "-j -f prog show"
same "shortened" "--jso prog show" "-j prog show"
same "-p includes -j" "-jp prog show" "-p prog show"
same "-V wins over words" "prog show -V" "version"
same "-Vj" "-Vj" "-j version"
fake basic -- prog show id 7
status 0 "-- ends options"
fake basic map show id -- -5
status 2 "behind -- a minus sign is an argument"
like "$err" "'-5'" "and is named"
fake basic --frob prog show
status 2 "an unknown option"
like "$err" "frob" "is named"
like "$err" "help" "help is pointed to"
fake basic -j --frob
json_ok "an unknown option with -j"
fake basic -B
status 2 "an option without its value"

# --- help ---
for words in help --help -h "prog help" "prog show help" "--help prog" "prog load help" "map help" \
	     "link help" "net help" "perf help" "btf help" "batch help" "version help"; do
	# shellcheck disable=SC2086
	fake basic $words
	status 0 "$words: status"
	like "$out" "[Uu]sage" "$words: on stdout"
	is "$err" '' "$words: stderr is silent"
	# shellcheck disable=SC2086
	fake basic -j $words
	is "$out/$status" null/0 "$words with -j is null"
done
fake basic
status 0 "no words: status"
like "$out$err" "[Uu]sage" "no words: help"
fake basic prgo show
status 2 "a mistyped object"
like "$err" "did you mean 'prog'" "is understood"
# opposite TYPED NEAR GROUP: the word that undoes what was typed, or does what was to be undone, is not offered
opposite()
{
	fake basic "$3" "$1"
	status 2 "$3 $1"
	unlike "$err" "did you mean '$2'" "does not lead to $2"
}
opposite unpin pin iter
opposite unattach attach cgroup

# --- version ---
fake basic version
like "$out" "^bpfctl v[0-9]+\.[0-9]+\.[0-9]+"$'\n'"compatible with bpftool v7\.8\.0"$'\n'"using libbpf v[0-9]+\.[0-9]+"$'\n'"features:" "version"
fake basic -j version
json_is '[.version, .libbpf_version, (.features | type)] | map(type) | unique | tojson' '["string"]' "version in JSON"
json_is '[.bpftool_version, (.version == .bpftool_version)]' '["7.8.0",false]' "its own, and bpftool's"
json_is '.features | keys_unsorted | tojson' '["libbfd","llvm","crypto","skeletons","bootstrap"]' "its features"
ln -s "$T/bpfctl" "$T/bpftool"
run env FAKE_KERNEL="$T/fx/basic.kernel" LD_PRELOAD="$T/fake_bpf.so" "$T/bpftool" version
served=$out
fake_as basic "$T/bpftool" version
is "$out" "$served" "started for each run or for all of them: the same"
like "$out" "^bpftool v7\.8\.0"$'\n'"using libbpf v[0-9]+\.[0-9]+"$'\n'"features:[^"$'\n'"]*$" "called as bpftool"
fake_as basic "$T/bpftool" -j version
json_is 'keys_unsorted' '["version","libbpf_version","features"]' "called as bpftool, in JSON"

# --- batch ---
batch()
{
	printf '%s' "$1" >"$T/batch"
	fake basic "${@:2}" batch file "$T/batch"
}
batch $'prog show id 7 # the first\n\nmap show id 1\n'
status 0 "batch"
like "$out" "^7: xdp .*"$'\n'"1: hash .*"$'\n'"processed 2 commands$" "outputs, then the count"
batch $'prog show id 7\nprog show id 999\nmap show id 1\n'
status 1 "batch stops at the first failure"
like "$err" "^Error: line 2: " "and says in which line"
unlike "$out" "processed|1: hash" "nothing behind it is run"
batch $'prog show id 7\nversion\n' -j
json_ok "batch with -j"
json_is '[.[].command | join(" ")] | join(";")' "prog show id 7;version" "commands in it"
json_is '.[0].output.id' 7 "outputs in it"
batch $'prog show id 999\n' -j
json_ok "a failing batch with -j"
json_is '.[0].output | has("error")' true "the error is the command's output"
batch $'prog show \\\nid 7\n'
like "$out" "^7: xdp" "a line goes on behind a backslash"
batch $'prog show name "no such"\n'
like "$err" "'no such'" "a quoted word"
batch $'prog show name "open\n'
status 1 "an open quote" || status 2 "an open quote"
printf 'prog show id 7\nprog show id 7\0 0\n' >"$T/batch"
fake basic -j batch file "$T/batch"
status 1 "a batch with a NUL byte"
like "$out" '"error":"line 2: contains a NUL byte"' "is not run up to it"
# It would be held in memory, however long it is.
run timeout 20 bash -c '(echo version; tr "\0" x </dev/zero) | "$@"' - "$BPFCTL" batch file -
status 1 "a line without an end"
like "$err" "line 2: longer than 65535 bytes" "is not waited for"
echo "batch file $T/batch" >"$T/batch"
fake basic batch file "$T/batch"
status 1 "a batch that runs itself"
like "$err" "^Error: line 1: .*would run below 8 other batches" "ends"
fake basic -j batch file "$T/batch"
json_ok "and with -j"
echo "batch file $T/loop" >"$T/batch"
echo "batch file $T/batch" >"$T/loop"
fake basic batch file "$T/batch"
status 1 "two batches that run each other"
echo "prog show id 7" >"$T/loop"
fake basic batch file "$T/batch"
status 0 "a batch in a batch"
like "$out" "^7: xdp .*"$'\n'"processed 1 commands"$'\n'"processed 1 commands$" "is run"
fake basic batch file "$T/nosuch"
status 1 "a batch file that is not there"
like "$err" "nosuch.*No such file" "is named"

# --- files without an end: seen by their start, not read until memory is full ---
for words in "btf dump file /dev/zero" "obj show /dev/zero" "gen object $T/made /dev/zero" "gen skeleton /dev/zero name x" \
	     "gen min_core_btf $T/fx/types.btf $T/made /dev/zero"; do
	# shellcheck disable=SC2086
	run timeout 60 "$BPFCTL" $words
	like "$status:$err" "^1:Error: '/dev/zero'.* (not an object file|neither BTF|not an ELF file)" "${words%%/*}/dev/zero"
done

# --- the program describes itself ---
fake basic --introspect-cli
json_ok "--introspect-cli"
json_is '[.commands[].name] | index("prog") < index("perf")' true "the tree is in match order"
done_testing

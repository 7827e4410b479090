#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Files that commands write, and answers that cannot be written: nothing lost, nothing left, nothing silent.
. "$(dirname "$0")/cli.sh"
need jq

DIR=$T/files
mkdir -m 777 "$DIR"
F=$DIR/file

# into FILE: a command that writes one
into()
{
	fake basic btf dump file "$T/fx/types.btf" output "$1"
}

nothing_beside()
{
	is "$(ls -A "$DIR")" "$1" "$2"
}

fake basic btf dump file "$T/fx/types.btf"
whole=$out

# both ways: files without a name, and names that cannot be guessed
both_ways()
{
	into "$F"
	is "$status:$err:$(<"$F")" "0::$whole" "a new file $1"
	is "$(stat -c %a "$F")" "$(printf %o $((0666 & ~0$(umask))))" "its mode is the umask's $1"
	chmod 624 "$F"
	[ $EUID = 0 ] || chgrp "$(id -g)" "$F"
	echo old >"$F"
	into "$F"
	is "$status:$(<"$F")" "0:$whole" "takes the place of the old one $1"
	is "$(stat -c %a "$F")" 624 "the mode stays $1"
	nothing_beside file "nothing is left beside it $1"

	ln -s file "$DIR/link"
	into "$DIR/link"
	is "$(readlink "$DIR/link"):$(<"$F")" "file:$whole" "a link is followed $1"
	rm "$F"
	into "$DIR/link"
	is "$(readlink "$DIR/link"):$(<"$F")" "file:$whole" "one that leads nowhere yet, too $1"
	rm "$F" "$DIR/link"

	echo old >"$F"
	fake basic btf dump id 999 output "$F"
	is "$status:$(<"$F")" 1:old "a failure leaves the old one $1"
	nothing_beside file "and nothing beside it $1"
	rm "$F"
}
both_ways "(O_TMPFILE)"
export FAKE_NO_TMPFILE=1
both_ways "(O_EXCL)"
unset FAKE_NO_TMPFILE

# --- what is no regular file ---
mkfifo -m 666 "$DIR/pipe"
cat "$DIR/pipe" >"$T/read" &
into "$DIR/pipe"
wait $!
is "$status:$(<"$T/read")" "0:$whole" "a pipe is written into"
ok "it is still a pipe" [ -p "$DIR/pipe" ]
rm "$DIR/pipe"
mkdir "$DIR/dir"
into "$DIR/dir"
is "$status:$err" "1:Error: write '@T@/files/dir': [EISDIR] Is a directory" "a directory is refused"
into "$DIR/nosuch/file"
is "$status:$err" "1:Error: write '@T@/files/nosuch/file': [ENOENT] No such file or directory" "so is none"
rmdir "$DIR/dir"
ln -s loop "$DIR/loop"
into "$DIR/loop"
like "$status:$err" "^1:Error: write '@T@/files/loop': \[ELOOP\]" "a link to itself"
rm "$DIR/loop"
on_fake basic btf dump file "$T/fx/types.btf" output /dev/stdout >>"$DIR/all" <<<''
is "$(<"$DIR/all")" "$whole" "/dev/stdout is our own output, not a file of its own"
rm "$DIR/all"
long=$DIR/$(printf '%0250d' 0)
into "$long"
is "$status:$(<"$long")" "0:$whole" "a name as long as names can be"
rm "$long"

# --- signals: the command waits for its input while its output is open ---
mkfifo -m 666 "$T/input"
# In the place of the shell, so that a signal to it is one to bpfctl.
exec_fake()
{
	exec env FAKE_KERNEL="$T/fx/$1.kernel" FAKE_BPFFS="$T/bpffs" LD_PRELOAD="$T/fake_bpf.so" \
		"${powerless[@]}" "$T/bpfctl" "${@:2}"
}

ended_by()
{
	local pid

	echo old >"$F"
	[ $EUID = 0 ] && chmod 666 "$F"
	exec_fake basic gen skeleton "$T/input" name piped output "$F" >"$T/said" 2>&1 &
	pid=$!
	exec {fd}>"$T/input"		# returns when the command has opened the other end
	kill -"$1" "$pid"
	wait "$pid" 2>/dev/null
	is "$?:$(<"$F")" "$2:old" "SIG$1 ends it, the old file stays $3" || cat "$T/said"
	exec {fd}>&-
	nothing_beside file "nothing is left beside it $3"
}
export FAKE_NO_TMPFILE=1
ended_by TERM 143 "(O_EXCL)"
ended_by HUP 129 "(O_EXCL)"
unset FAKE_NO_TMPFILE
ended_by TERM 143 "(O_TMPFILE)"
rm "$F"

# --- answers that cannot be written: always one line, in JSON too ---
to_full()
{
	"$@" >/dev/full
}

lost()
{
	local text=$1

	shift
	run to_full on_fake "$@"
	like "$status:$err" "^1:Error: $want" "$text"
}
want="write to stdout: \[ENOSPC\] No space left on device$"
lost "a listing" basic map show
lost "a listing as records" basic --compat prog show
lost "a listing, -j" basic -j prog show
lost "a dump" basic map dump id 1
want='.*\[ENOSPC\] No space left on device$'
lost "a dump, -j" basic -j map dump id 1
want="no program named 'nosuch'"
lost "an error, -j" basic -j prog show name nosuch
printf 'version\nversion\n' >"$T/two"
chmod a+r "$T/two"
want='(line 1: )?write to stdout: \[ENOSPC\] No space left on device$'
lost "batch" basic batch file "$T/two"
lost "batch, -j" basic -j batch file "$T/two"

# --- a command that failed before its first record answers with the object ---
for words in "prog show" "map show" "link show" "prog show id 999" "map dump id 999" "attach list dev nosuch"; do
	# shellcheck disable=SC2086
	fake denied -j $words
	json_is 'type' object "-j $words: $(jq -r '.error // "no error"' <<<"$out")"
done
done_testing

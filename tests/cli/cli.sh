# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# shellcheck shell=bash
#
# The program on the faked kernel of tests/fake, as any user. After sourcing:
#
#	fake NAME WORD...	run bpfctl WORD... on fixtures/NAME.kernel: $out $err $status
#	fake_as NAME ARGV0 WORD...	the same, called as ARGV0
#	on_fake NAME WORD...	started anew, stdout and stderr are the caller's
#	FAKE_X=y fake ...	with this in its environment (only names that begin so)
#
# The program is started once (tests/serve.c) and forks for each run. Paths below the test's own directory read @T@ in what comes back.

. "${BASH_SOURCE[0]%/*}/../lib.sh"
export COLUMNS=80
HERE=$TOP/tests/cli
BUILT=$TOP/${BUILD:-build}/tests
case ${BUILD:-} in /*) BUILT=$BUILD/tests ;; esac
for so in fake_bpf serve; do
	[ -e "$BUILT/$so.so" ] || skip_all "$BUILT/$so.so is not built: make tests"
done

cp -a "$HERE/fixtures" "$T/fx"
# Links that lead nowhere get lost on the way of a tree from one place to another.
mkdir -p "$T/fx/proc/4242/fd" "$T/bpffs/pins/sub" "$T/bpffs/empty" "$T/fx/cgroup2/web/api" "$T/fx/cgroup2/db" "$T/bpffs/maps" "$T/out"
ln -s anon_inode:bpf-prog "$T/fx/proc/4242/fd/5"
ln -s anon_inode:bpf-map "$T/fx/proc/4242/fd/6"
sed -i "s|@T@|$T|g" "$T"/fx/*.batch
cp "$BUILT/fake_bpf.so" "$BUILT/serve.so" "$BPFCTL" "$T"
[ "${BPFCTL##*/}" = bpfctl ] || mv "$T/${BPFCTL##*/}" "$T/bpfctl"
for pin in counter sub/again plain link; do : >"$T/bpffs/pins/$pin"; done
printf '30 1 0:20 / %s rw,relatime shared:1 - bpf bpf rw,mode=700\n' "$T/bpffs" >"$T/fx/mountinfo"
printf 'bpf %s bpf rw,relatime,mode=700 0 0\n' "$T/bpffs" >"$T/fx/mounts"
echo 0 >"$T/fx/zero"
# A system with more file systems; a place that anybody may write to.
{ echo "$(<"$T/fx/mountinfo")"; printf '31 1 0:21 / %s rw - cgroup2 cgroup2 rw\n' "$T/fx/cgroup2"
  printf '32 1 0:22 / %s rw - tracefs tracefs rw\n' "$T/fx/tracefs"; } >"$T/fx/mountinfo_lab"
{ echo "$(<"$T/fx/mounts")"; printf 'cgroup2 %s cgroup2 rw 0 0\n' "$T/fx/cgroup2"
  printf 'tracefs %s tracefs rw 0 0\n' "$T/fx/tracefs"; } >"$T/fx/mounts_lab"

# Always as somebody who may nothing, so that hints about privileges are the same whoever runs this.
powerless=()
if [ $EUID = 0 ]; then
	chmod -R a+rX "$T"
	chmod 777 "$T/out"
	powerless=(setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all)
fi

# Where what it says is kept: it may write there, whoever it is.
mkdir -m 777 "$T/.fake"
coproc SERVER { exec "${powerless[@]}" env SERVE=1 LD_PRELOAD="$T/serve.so:$T/fake_bpf.so" "$T/bpfctl"; }
exec 8>&"${SERVER[1]}" 9<&"${SERVER[0]}"
eval "exec ${SERVER[1]}>&- ${SERVER[0]}<&-"
server_pid=$SERVER_PID
end_server()
{
	kill "$server_pid"
	wait "$server_pid"
}
at_exit end_server

# heard NAME: the file's text into the variable, without line ends behind it, as $(...) would
heard()
{
	local text=

	IFS= read -r -d '' text <"$T/.fake/$1"
	while [[ $text == *$'\n' ]]; do text=${text%$'\n'}; done
	printf -v "$1" %s "${text//"$T"/@T@}"
}

fake_as()
{
	local FAKE_KERNEL=$T/fx/$1.kernel FAKE_BPFFS=$T/bpffs name environment=()

	shift
	for name in "${!FAKE_@}"; do
		environment+=("$name=${!name}")
	done
	printf '%s\0' $((2 + ${#environment[@]} + $#)) "$T/.fake/out" "$T/.fake/err" "${environment[@]}" "$@" >&8
	read -r status <&9 || { status=dead out='' err='the server is gone'; return; }
	heard out
	heard err
}

fake()
{
	local fixture=$1

	shift
	fake_as "$fixture" "$T/bpfctl" "$@"
}

on_fake()
{
	local fixture=$1

	shift
	FAKE_KERNEL=$T/fx/$fixture.kernel FAKE_BPFFS=$T/bpffs LD_PRELOAD=$T/fake_bpf.so \
		"${powerless[@]}" "$T/bpfctl" "$@" </dev/null
}

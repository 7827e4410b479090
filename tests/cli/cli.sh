# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# shellcheck shell=bash
#
# The program on the faked kernel of tests/fake, as any user. After sourcing:
#
#	fake NAME WORD...	run bpfctl WORD... on fixtures/NAME.kernel: $out $err $status
#
# Paths below the test's own directory read @T@ in what comes back.

. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
HERE=$TOP/tests/cli
FAKE_SO=${FAKE_SO:-$TOP/${BUILD:-build}/tests/fake_bpf.so}
case ${BUILD:-} in /*) FAKE_SO=$BUILD/tests/fake_bpf.so ;; esac
[ -e "$FAKE_SO" ] || skip_all "$FAKE_SO is not built: make tests"

cp -a "$HERE/fixtures" "$T/fx"
# Links that lead nowhere get lost on the way of a tree from one place to another.
mkdir "$T/fx/proc/4242/fd"
ln -s anon_inode:bpf-prog "$T/fx/proc/4242/fd/5"
ln -s anon_inode:bpf-map "$T/fx/proc/4242/fd/6"
cp "$FAKE_SO" "$T/fake.so"
cp "$BPFCTL" "$T/bpfctl"
mkdir -p "$T/bpffs/pins/sub" "$T/bpffs/empty"
touch "$T/bpffs/pins/counter" "$T/bpffs/pins/sub/again" "$T/bpffs/pins/plain" "$T/bpffs/pins/link"
printf '30 1 0:20 / %s rw,relatime shared:1 - bpf bpf rw,mode=700\n' "$T/bpffs" >"$T/fx/mountinfo"
printf 'bpf %s bpf rw,relatime,mode=700 0 0\n' "$T/bpffs" >"$T/fx/mounts"
echo 0 >"$T/fx/zero"

# Always as somebody who may nothing, so that hints about privileges are the same whoever runs this.
powerless=()
if [ "$(id -u)" = 0 ]; then
	chmod -R a+rX "$T"
	powerless=(setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all)
fi

on_fake()
{
	local fixture=$1

	shift
	FAKE_KERNEL=$T/fx/$fixture.kernel FAKE_BPFFS=$T/bpffs LD_PRELOAD=$T/fake.so \
		"${powerless[@]}" "$T/bpfctl" "$@" </dev/null
}

fake()
{
	run on_fake "$@"
	out=${out//"$T"/@T@}
	err=${err//"$T"/@T@}
}

#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# A small part of make torture, always the same: each command while a few things fail.
. "$(dirname "$0")/../lib.sh"
can_bpf || skip_all "needs root (CAP_SYS_ADMIN and CAP_BPF)"
unshare -mnpf --mount-proc true 2>/dev/null || skip_all "cannot make namespaces here"
need jq
need_clang
[ -x "$TOP/${BUILD:-build}/tests/torture/torture" ] || skip_all "make torture knows the registers of x86-64 only"

cd "$TOP" || exit 1
run env SEED=1 TIME=40 COUNT=4 JOBS=1 QUICK=1 tests/torture/run.sh
status 0 "what fails is reported, and nothing is left"
like "$out" $'\nall +[0-9]+' "faults were injected"
diag "$(tail -n 2 <<<"$out")"
done_testing

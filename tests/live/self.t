#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# The world the live tests run in: own bpffs, own network, a peer that answers.
. "$(dirname "$0")/../lib.sh"
live

ok "bpffs of our own" [ "$(stat -f -c %T "$BPFFS")" = bpf_fs ]
ok "a veth pair" veth "${PFX}a" "${PFX}b"
ok "the peer answers" ping -c 1 -W 2 10.99.0.2
is "$(ip -br link | wc -l)" 2 "no other interface is in sight"
run sh -c 'echo to-stdout; echo to-stderr >&2; exit 3'
is "$out/$err/$status" to-stdout/to-stderr/3 "run keeps output, error output and status"
out='{"a":1}' err=''
json_ok "one document"
json_is .a 1 "a value in it"
ok "two documents are not one" eval '! one_json "{} {}"'
ok "nothing is not one" eval '! one_json ""'
nothing_left "nothing is left"
done_testing

#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Figures for Prometheus: the same as those of prog show, in words that its own tools take.
. "$(dirname "$0")/../lib.sh"
live
need jq
need_clang
bpf_cc "$TOP/tests/progs/counter.c" "$T/o.o" -g -DBTF -Dcounter="${PFX}_c" -Dcounter_map="${PFX}_m" || exit 1
"$BPFCTL" prog load "$T/o.o" "$BPFFS/p" type xdp pinmaps "$BPFFS/m" || exit 1
veth "${PFX}v" "${PFX}w" || exit 1
"$BPFCTL" net attach xdp pinned "$BPFFS/p" dev "${PFX}v"
"$BPFCTL" -j top >/dev/null &
wait_until polls $!
peer ping -qc 3 -i 0.2 10.99.0.1 >/dev/null
kill -INT $!
wait $!

"$BPFCTL" map create "$BPFFS/h" type hash key 4 value 4 entries 100 name "${PFX}_h"
"$BPFCTL" map create "$BPFFS/big" type hash key 4 value 4 entries 100000 name "${PFX}_big"
for k in 1 2 3; do
	"$BPFCTL" map update pinned "$BPFFS/h" key $k 0 0 0 value 0 0 0 0
done
id=$("$BPFCTL" -j prog show pinned "$BPFFS/p" | jq .id)
map=$("$BPFCTL" -j map show pinned "$BPFFS/m/${PFX}_m" | jq .id)
run "$BPFCTL" metrics file "$T/bpf.prom"
status 0 "metrics into a file"
is "$out$err" '' "without a word"
is "$(stat -c %a "$T/bpf.prom")" 644 "that others may read"
figure()
{
	awk -v metric="$1{" -v id="id=\"$2\"" 'index($0, metric) == 1 && index($0, id) { print $NF }' "$T/bpf.prom"
}
show=$("$BPFCTL" -j prog show id "$id")
is "$(figure bpf_program_runs_total "$id")" "$(jq '.run_cnt // 0' <<<"$show")" "runs"
ok "which are some" [ "$(figure bpf_program_runs_total "$id")" -gt 0 ]
is "$(figure bpf_program_run_seconds_total "$id")" \
	"$(jq -r '.run_time_ns // 0 | tostring | ("0" * ([10 - length, 0] | max) // "") + . | .[:-9] + "." + .[-9:]' <<<"$show")" \
	"time"
is "$(figure bpf_program_memory_bytes "$id")" "$(jq .bytes_memlock <<<"$show")" "memory"
is "$(figure bpf_map_max_entries "$map")" 1 "room in the map"
is "$(figure bpf_map_memory_bytes "$map")" "$("$BPFCTL" -j map show id "$map" | jq .bytes_memlock)" "its memory"
hash=$("$BPFCTL" -j map show pinned "$BPFFS/h" | jq .id)
is "$(figure bpf_map_entries "$hash")" 3 "entries of a small hash"
big=$("$BPFCTL" -j map show pinned "$BPFFS/big" | jq .id)
is "$(figure bpf_map_entries "$big")" '' "none of a large one"
is "$(figure bpf_map_max_entries "$big")" 100000 "whose room is told"
like "$(grep '^bpf_attachments{kind="xdp"}' "$T/bpf.prom")" ' [1-9]' "XDP attachments"
is "$(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$T/bpf.prom" | sort | uniq -d)" '' "each metric is declared once"
run "$BPFCTL" metrics
is "$(grep -c '^# TYPE' <<<"$out")" "$(grep -c '^# TYPE' "$T/bpf.prom")" "the same to stdout"
run "$BPFCTL" -j metrics
status 2 "text is no JSON"
json_ok "said in JSON"
run "$BPFCTL" -j metrics file "$T/bpf.prom"
is "$out" null "to a file it is null"
cp "$T/bpf.prom" "$T/old"
run "$BPFCTL" metrics file "$T/nodir/x.prom"
status 1 "a directory that is not there"
like "$err" "nodir" "is named"

if command -v promtool >/dev/null; then
	ok "promtool has nothing to say" promtool check metrics <"$T/bpf.prom"
else
	skip "promtool" "not installed"
fi
exporter=$(command -v prometheus-node-exporter || command -v node_exporter)
if [ -n "$exporter" ] && command -v curl >/dev/null; then
	ip link set lo up
	mkdir "$T/textfile"
	"$BPFCTL" metrics file "$T/textfile/bpf.prom"
	"$exporter" --collector.disable-defaults --collector.textfile --collector.textfile.directory="$T/textfile" \
		--web.listen-address=127.0.0.1:19177 >"$T/exporter" 2>&1 &
	at_exit kill $!
	wait_until curl -so "$T/scraped" http://127.0.0.1:19177/metrics
	like "$(grep "^bpf_program_runs_total{id=\"$id\"" "$T/scraped")" " $(figure bpf_program_runs_total "$id")\$" \
		"a scrape gives the figures of prog show"
	like "$(grep node_textfile_scrape_error "$T/scraped" | tail -1)" ' 0$' "and no error"
else
	skip "a scrape" "prometheus-node-exporter or curl is not installed"
fi
rm -r "${BPFFS:?}"/{p,m,h,big}
"$BPFCTL" net detach xdp dev "${PFX}v"
nothing_left "nothing is left"
done_testing

#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Calls that have one home, headers that stand alone, licence lines, scripts, spelling, and sizes to read.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1
need python3
BUILD=${BUILD:-build}

# found CHECK FINDINGS: those of one check
found()
{
	sed -n "s/^$1\t//p" <<<"$2"
}

findings=$(python3 tests/style/source.py "$TOP")
is "$(found leaves "$findings")" '' "only main leaves"
is "$(found stderr "$findings")" '' "only main and the log callback know stderr"
is "$(found prints "$findings")" '' "nobody prints past the writer"
is "$(found strerror "$findings")" '' "strerror has one home"
is "$(found numbers "$findings")" '' "no number is parsed without checks"
is "$(found libraries "$findings")" '' "dlopen has one home"
is "$(found options "$findings")" '' "libbpf's options have one home"
is "$(found cleanup "$findings")" '' "what cleans up by itself is called auto_*"
is "$(found guards "$findings")" '' "include guards are paths"
is "$(found long "$findings")" '' "lines keep to 100 columns"
is "$(found overruns "$findings")" '' "memory of fixed size is not overrun"
is "$(found words "$findings")" '' "strings, comments and pages use plain words: not 'is no', 'tells', 'behind'"
is "$(found licence "$findings")" '' "every file names its licence"

# A tree in which everything is wrong, beside what only looks so.
mkdir -p "$T/bad/kern/run"
printf '/* %s */\n' SPDX-License-Identifier "$(printf '%093d' 0)" "$(printf '%094d' 0)" "$(printf '%095d' 0)" >"$T/bad/kern/run/a.c"
cp "$T/bad/kern/run/a.c" "$T/bad/kern/wide.c"
cat >"$T/bad/kern/a.c" <<'C'
/* exit(1); "a comment" */ // printf("x");
static const char text[] = "exit(1) \" stderr", c = '"';
int f(void)
{
	exit (1); _exit(1); fprintf(stderr, "x"); perror("x"); printf("x"); puts(text);
	strerror(1); atoi("1"); strcpy(a, b); sprintf(a, "x");
	LIBBPF_OPTS(x, "there is no x", "this is no word"); /* "is no word" */
	__attribute__((cleanup(x_free))) struct x x = {};
	out_uint(o, "a", "out_text(", 1); out_json_str(o, "b", "x"); out_text_str(o, "x");
	table_bool(t, 1, "", "", v);
	if (out_is_json(o)) /* out_is_json() */ out_json_list(o, NULL);
	strcpy(a, "fits"); exited(1); my_printf("x"); snprintf(a, 1, "x");
}
#define auto_x __attribute__((cleanup(x_free)))
C
mkdir -p "$T/bad/Documentation"
printf 'Nothing is left behind.\n\nWhat is\nno number.\n' >"$T/bad/Documentation/a.rst"
printf '/*\n * There is no more, and\n * there is no way. It\n * tells nothing.\n */\n' >>"$T/bad/kern/a.c"
printf '#ifndef B_H\n#define B_H\n#endif\n' >"$T/bad/kern/b.h"
printf '#ifndef KERN_C_H\n#define KERN_C_H\n#endif\n' >"$T/bad/kern/c.h"
bad=$(python3 tests/style/source.py "$T/bad")
is "$(cut -f 1,2 <<<"$bad" | sed 's/: .*//')" "$(printf '%s\t%s\n' words kern/a.c:7 words kern/a.c:7 words kern/a.c:15 leaves kern/a.c:5 stderr kern/a.c:5 prints kern/a.c:5 \
	strerror kern/a.c:6 numbers kern/a.c:6 options kern/a.c:7 cleanup kern/a.c:8 overruns kern/a.c:6 size 11 file 19 calls 2 guards kern/b.h long kern/run/a.c:4 file 4 long kern/wide.c:4 file 4 \
	words Documentation/a.rst:3 licence kern/a.c 	licence kern/b.h licence kern/c.h)" "all that is wrong is found"
is "$(found calls "$bad")" "$(printf '2\t1\t1\t1\tkern/a.c')" "calls are counted by rendition"

# What the compiler and shellcheck said of files, when these were last changed; a complaint is asked for again.
ok "headers and scripts were looked at" make --no-print-directory BUILD="$BUILD" lint
complaints()
{
	local file said

	for file; do
		file=$BUILD/lint/$file.said
		said=$(<"$file") || said="$file is missing"
		[ -z "$said" ] || { rm -f "$file"; echo "$said"; }
	done
}
mapfile -t headers < <(own_files '*.h')
ok "headers were found" [ ${#headers[@]} -gt 100 ]
for h in "${headers[@]}"; do
	said=$BUILD/lint/$h.said
	[ -e "$said" ] && [ ! -s "$said" ] && result 0 "$h stands alone" && continue
	is "$(complaints "$h")" '' "$h stands alone"
done
if command -v shellcheck >/dev/null; then
	is "$(complaints tests/*.sh tests/*/*.sh tests/*/*.t bash-completion/bpfctl .ci/run bootstrap)" '' "shellcheck"
	like "$(printf '#!/bin/sh\n[ $a == b ]\n' | shellcheck -S warning -)" SC3014 "which finds something"
else
	skip "shellcheck" "not installed"
fi
if command -v codespell >/dev/null; then
	ok "spelling" codespell -q 3 -L ser,nd,fo,tre,hel,conter,nmae,upported,shwo,overwirte,prgo,te,ans,crate,mis,hist,unexpect,mmaped \
		--skip 'build*,.git,*/golden/*,*.btf,*.kernel,bpfctl' .
else
	skip "spelling" "codespell is not installed"
fi

# One call for both renditions: in the commands, that is outside of the writer and of the decoders' own printing.
calls=$(found calls "$findings")
one_call=$(awk '$5 !~ /^decode\// { both += $1; json += $2; text += $3 } END {
	printf "%d for both renditions, %d JSON only, %d text only: %d", both, json, text, 100 * both / (both + json + text) }' <<<"$calls")
asking=$(awk '{ n += $4 } END { print n + 0 }' <<<"$calls")
ok "at least 75 % of the calls that print data are for both renditions ($one_call %)" [ "${one_call##* }" -ge 75 ]
ok "at most 25 lines ask which rendition it is ($asking)" [ "$asking" -le 25 ]

# A report, no gate.
sizes=$(found size "$findings")
ok "functions were measured" [ "$(wc -l <<<"$sizes")" -gt 20 ]
awk '{ n++; if ($1 > 60) over++; if ($1 > 35) long++ } END {
	printf "# %d functions, %d over 35 lines, %d over 60\n", n, long, over }' <<<"$sizes"
sort -rn <<<"$sizes" | awk '$1 > 60 { print "# " $0 }'
echo "# data calls in the commands: $one_call %; $asking lines ask out_is_json"
found file "$findings" | awk '$1 > 800 { print "# " $1 " lines: " $2 }'
done_testing

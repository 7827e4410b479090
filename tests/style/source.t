#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Calls that have one home, headers that stand alone, licence lines, scripts, spelling, and sizes to read.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1
CC=${CC:-cc}
shopt -s nullglob
mapfile -t sources < <(own_files '*.c')
mapfile -t headers < <(own_files '*.h')

# Code without comments and strings, "line: text".
bare()
{
	"$CC" -fpreprocessed -dD -E -P -x c "$1" 2>/dev/null | sed 's/"\([^"\\]\|\\.\)*"/""/g'
}

# only TEXT REGEX HOME...: REGEX is found in no source file but these
only()
{
	local text=$1 regex=$2 file found=

	shift 2
	for file in "${sources[@]}"; do
		[[ " $* " == *" $file "* ]] && continue
		found=$found$(bare "$file" | grep -nE "$regex" | sed "s|^|$file: |")
	done
	is "$found" '' "$text"
}

only "only main leaves" '\b(_?exit|_Exit|abort)[ ]*\(' main.c
only "only main and the log callback know stderr" '\bstderr\b|\bperror[ ]*\(' main.c kern/libbpf_log.c
only "nobody prints past the writer" '\b(v?printf|puts|putchar)[ ]*\(|\bstdout\b' main.c json_items.c json_writer.c top/screen.c
only "strerror has one home" '\bstrerror(_r|name_np|desc_np)?[ ]*\(' cli/err.c cli/errno.c
only "no number is parsed without checks" '\b(ato[il]l?|sscanf|strto[dfl]+)[ ]*\(' cli/err.c decode/btf/value.c decode/btf/parse.c
only "libbpf's options have one home" '\bLIBBPF_OPTS[ ]*\(' kern/libbpf_opts.h
only "memory of fixed size is not overrun" '\bstrcpy[ ]*\([^"]*$|\b(strcat|sprintf|gets|alloca)[ ]*\(' ''

for h in "${headers[@]}"; do
	ok "$h stands alone" "$CC" -std=gnu11 -D_GNU_SOURCE -Wall -Werror -iquote . -fsyntax-only -x c \
		-include "$h" /dev/null
done

# Words that nobody writes so: messages and help use the field's.
cat >"$T/words.py" <<'PY'
import re, sys
odd = re.compile(r"\b(tells?|told|behind) (?!a loader)|\b(?<!there )(is|are|was) no (?!longer)|\bso many\b|\bby leave\b|\bis none\b")
for path in sys.argv[1:]:
    text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), open(path).read(), flags=re.S)
    for m in re.finditer(r'"(?:[^"\\\n]|\\.)*"', text):
        if odd.search(m[0].replace("left behind", "")):
            print(f"{path}:{text.count(chr(10), 0, m.start()) + 1}: {m[0]}")
PY
echo 'x = "this is no word";' >"$T/odd.c"
if command -v python3 >/dev/null; then
	like "$(python3 "$T/words.py" "$T/odd.c")" "this is no word" "odd words are found"
	is "$(python3 "$T/words.py" "${sources[@]}")" '' "strings use plain words: not 'is no', 'tells', 'behind'"
else
	skip "plain words" "python3 is not installed"
fi

missing=
for file in "${sources[@]}" "${headers[@]}" tests/*/*.[ch] tests/*.sh tests/*/*.sh tests/*/*.t bpf/*.c; do
	head -n 3 "$file" | grep -q SPDX-License-Identifier || missing="$missing $file"
done
is "$missing" '' "every file names its licence"

if command -v shellcheck >/dev/null; then
	ok "shellcheck" shellcheck -x -S warning -e SC1091,SC2010,SC2034,SC2154,SC2164 \
		tests/*.sh tests/*/*.sh tests/*/*.t bash-completion/bpfctl .ci/run
else
	skip "shellcheck" "not installed"
fi
if command -v codespell >/dev/null; then
	ok "spelling" codespell -q 3 -L ser,nd,fo,tre,hel,conter,nmae,upported,shwo,overwirte,prgo,te,ans,crate,mis,hist,unexpect,mmaped \
		--skip 'build*,.git,*/golden/*,*.btf,*.kernel,bpfctl' .
else
	skip "spelling" "codespell is not installed"
fi

# A report, no gate. Kernel style: a function's body is from "{" to "}" in the first column.
sizes=$(awk 'FNR == 1 { f = "" } /^[a-zA-Z].*\)$/ { name = $0; at = FNR; next }
	     /^[a-zA-Z].*\(/ { name = $0; at = FNR } /^\{/ && at { f = name }
	     /^\}/ && f { print FNR - at + 1, FILENAME ": " f; f = ""; at = 0 }' "${sources[@]}")
ok "functions were measured" [ "$(wc -l <<<"$sizes")" -gt 20 ]
awk '{ n++; if ($1 > 60) over++; if ($1 > 35) long++ } END {
	printf "# %d functions, %d over 35 lines, %d over 60\n", n, long, over }' <<<"$sizes"
sort -rn <<<"$sizes" | awk '$1 > 60 { print "# " $0 }'
wc -l "${sources[@]}" | awk '$2 != "total" && $1 > 800 { print "# " $1 " lines: " $2 }'
done_testing

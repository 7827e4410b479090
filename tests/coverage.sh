#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# Run tests on a build with --coverage (BUILD, BPFCTL), then print how many lines of each source they
# ran, the file with most lines left first: tests/coverage.sh [unit|cli|FILE]...
# The tests' helpers and what runs inside the kernel (bpf/) do not count.

set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-build-cov}
counts=$(mktemp -d)
trap 'rm -rf "$counts"' EXIT

# Tests of the faked kernel run as nobody, who may write only to counts that root's runs have begun.
(cd "$BUILD" && find . -type d) | sed "s|^|$counts$PWD/$BUILD/|" | xargs mkdir -p
rc=0
export GCOV_PREFIX=$counts TEST_TIMEOUT=${TEST_TIMEOUT:-1500}
"$BPFCTL" version >/dev/null
for group in "${@:-unit cli}"; do
	for one in $group; do
		chmod -R a+rwX "$counts"
		tests/run.sh "$one" || rc=$?
	done
done
unset GCOV_PREFIX

find "$BUILD" -name '*.gcda' -delete
cp -r "$counts$PWD/$BUILD/." "$BUILD/"
find "$BUILD" -name '*.gcda' ! -path '*/tests/*' -print0 | xargs -0 -n 1 gcov -n 2>/dev/null | awk '
/^File/ { split($0, word, "\047"); file = word[2] }
/^Lines executed/ && file ~ /\.c$/ && file !~ /^\// {
	split($2, percent, /[:%]/)
	lines[file] = $4
	left[file] = $4 - int(percent[2] * $4 / 100 + 0.5)
	file = ""
}
END {
	sort = "sort -k1,1nr -k4"
	for (file in lines) {
		printf "%6d of %6d lines not run  %-34s %5.1f %%\n", left[file], lines[file], file,
		       100 - 100 * left[file] / lines[file] | sort
		all += lines[file]
		missed += left[file]
	}
	close(sort)
	printf "%.1f %% of %d lines run\n", all ? 100 - 100 * missed / all : 0, all
}'
exit $rc

#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Install puts everything in its place, uninstall takes all of it away again.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1
args=(--no-print-directory "BUILD=${BUILD:-build}" "PROG=${BPFCTL#"$TOP"/}" "DESTDIR=$T/root" prefix=/usr)

ok "install" make "${args[@]}" install
ok "the program runs from there" "$T/root/usr/sbin/bpfctl" version
for file in bash-completion/completions/bpfctl zsh/site-functions/_bpfctl fish/vendor_completions.d/bpfctl.fish; do
	ok "the completion is there: $file" test -s "$T/root/usr/share/$file"
done
if python3 -c 'import docutils' 2>/dev/null; then
	is "$(cd "$T/root/usr/share/man/man8" && echo *)" \
		"$(cd Documentation && for f in *.rst; do echo "${f%.rst}.8"; done | xargs)" "all manual pages are there"
else
	skip "all manual pages are there" "docutils is not installed"
fi
ok "uninstall" make "${args[@]}" uninstall
is "$(find "$T/root" ! -type d)" '' "nothing is left"
done_testing

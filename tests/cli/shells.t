#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Completion in zsh and fish: words, files, nothing. That of bash, with ids and names: tests/live/completion.t.
. "$(dirname "$0")/../lib.sh"
ln -s "$BPFCTL" "$T/bpfctl"
cd "$T" || exit 1
PATH=$T:$PATH
touch "an object.o"

# What each shell offers for a command line of these words, the last of which is being typed; a name a line
in_fish()
{
	fish --no-config -c 'source $argv[1]; complete -C "$argv[2..-1]"' "$TOP/fish-completion/bpfctl.fish" "$@" 2>&1
}

# Zsh completes in its line editor only: what is handed to that is caught.
in_zsh()
{
	# shellcheck disable=SC2016
	zsh -f -c 'fpath=($1 $fpath); autoload -Uz compinit; compinit -u -D
		compadd() { print -rl -- ${(P)2}; }
		_files() { print -rl -- ${words[CURRENT]}*(N); }
		words=("${@[2,-1]}") CURRENT=$#words
		$_comps[bpfctl]' zsh "$TOP/zsh-completion" "$@" 2>&1
}

for shell in fish zsh; do
	if ! command -v $shell >/dev/null; then
		skip "completion of $shell" "it is not installed"
		continue
	fi
	is "$(in_$shell bpfctl prog dump '' | sort | xargs)" "help jited xlated" "$shell: commands"
	is "$(in_$shell bpfctl map create x type lru_h)" lru_hash "$shell: a word that was begun"
	is "$(in_$shell bpfctl --js | xargs)" "--json --jsonl" "$shell: options"
	is "$(in_$shell bpfctl gen skeleton an)" "an object.o" "$shell: files"
	is "$(in_$shell bpfctl nosuch '')" '' "$shell: nothing behind nonsense"
done
done_testing

#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# Completion in zsh and fish: words, files, nothing. That of bash, with ids and names: tests/live/completion.t.
. "$(dirname "$0")/../lib.sh"
ln -s "$BPFCTL" "$T/bpfctl"
cd "$T" || exit 1
PATH=$T:$PATH
touch "an object.o"

# What each shell offers for each line of stdin, the last word of which is being typed; "." after each answer.
in_fish()
{
	# shellcheck disable=SC2016
	fish --no-config -c 'source $argv[1]
		while read -l line
			complete -C "$line"
			echo .
		end' "$TOP/fish-completion/bpfctl.fish" 2>&1 | cut -f1
}

# Zsh completes in its line editor only: what is handed to that is caught. And of a hundred commands' completion, which
# it would look through, it sees only ours.
in_zsh()
{
	# shellcheck disable=SC2016
	zsh -f -c 'fpath=($1 ${^fpath}/compinit(N:h)); autoload -Uz compinit; compinit -u -D
		compadd() { print -rl -- ${(P)@[-1]}; }
		_files() { print -rl -- ${words[CURRENT]}*(N); }
		while IFS= read -r line; do
			words=("${(@s: :)line}") CURRENT=$#words
			$_comps[bpfctl]
			print .
		done' zsh "$TOP/zsh-completion" 2>&1
}

# next: the lines of the next answer in $answer, each with a comma
next()
{
	local line

	answer=
	while read -r line && [ "$line" != . ]; do answer+=$line,; done
}

for shell in fish zsh; do
	if ! command -v $shell >/dev/null; then
		skip "completion of $shell" "it is not installed"
		continue
	fi
	{
		next; like "$answer" "^(help,jited,xlated|xlated,jited,help),\$" "$shell: commands"
		next; is "$answer" "lru_hash," "$shell: a word that was begun"
		next; is "$answer" "--json,--jsonl," "$shell: options"
		next; is "$answer" "an object.o," "$shell: files"
		next; is "$answer" "" "$shell: nothing behind nonsense"
	} < <(printf 'bpfctl %s\n' 'prog dump ' 'map create x type lru_h' --js 'gen skeleton an' 'nosuch ' | in_$shell)
done
done_testing

# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# fish completion for bpfctl. As that for bash: the program is asked what may come next, here with a
# description after a tab.

function __bpfctl_complete
	set -l words (commandline -opc)
	set -l current (commandline -ct)

	# An empty word must stay one: it is the place where the cursor stands.
	for line in (command $words[1] __describe $words[2..-1] "$current" 2>/dev/null)
		if test "$line" = :file
			__fish_complete_path "$current"
		else
			echo $line
		end
	end
end
complete -c bpfctl -f -a '(__bpfctl_complete)'
# Also a link named bpftool, but not the bpftool of the distribution.
if string match -q '*/bpfctl' (realpath (command -s bpftool; or echo /) 2>/dev/null)
	complete -c bpftool -f -a '(__bpfctl_complete)'
end

# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# shellcheck shell=bash
#
# Packages of another suite of the archive that this machine has its packages from, by apt and with its signatures
# checked, but with lists and state of its own: nothing is added to the system.
#
#	apt_suite DIR SUITE		$apt: a command line for apt-get, its lists up to date; DIR is removed by the caller
#	apt_names REGEX			the names of its packages that match
#	apt_unpack DIR NAME...		these packages, unpacked there

apt=()

# The archive, and the keys that this machine knows it by.
apt_suite()
{
	local dir=$1 suite=$2 uri key

	command -v apt-get >/dev/null || return 1
	uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' 2>/dev/null |
		grep -v security | head -n 1)
	[ -n "$uri" ] || return 1
	key=$(cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk -v RS= -v FS='\n' -v uri="${uri%/}" '
		index($0, uri) { for (i = 1; i <= NF; i++) if ($i ~ /^Signed-By: *\//) { sub(/^[^:]*: */, "", $i); print $i } }' |
		head -n 1)
	mkdir -p "$dir"/{lists,cache/archives}/partial
	echo "deb ${key:+[signed-by=$key] }$uri $suite main" >"$dir/sources.list"
	apt=(-q -o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$dir/lists"
		-o "Dir::Cache=$dir/cache" -o Acquire::Languages=none -o APT::Sandbox::User="$(id -un)")
	apt-get "${apt[@]}" -o APT::Update::Error-Mode=any update >"$dir/log" 2>&1
}

apt_names()
{
	apt-cache "${apt[@]}" pkgnames | grep -E "$1" | sort
}

apt_unpack()
{
	local dir=$1 files file

	shift
	files=$(mktemp -d "$dir/debs.XXXXXX") || return 1
	(cd "$files" && apt-get "${apt[@]}" download "$@" >log 2>&1) || { rm -r "$files"; return 1; }
	for file in "$files"/*.deb; do
		dpkg-deb -x "$file" "$dir" || return 1
	done
	rm -r "$files"
}

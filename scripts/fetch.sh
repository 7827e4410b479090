#!/bin/sh
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# The distribution's newest source package, for a build that needs a library newer than the installed one.
#
#	scripts/fetch.sh DIR PACKAGE		unpacks it as DIR/PACKAGE; done when that is there already
#
# apt downloads it and checks the signatures, from where this machine has its packages (archive and keys are those of
# its own lists, only the suite is another), with lists and state of its own in DIR, which are removed in the end:
# nothing on the system changes, and a user can do it. Ends with status 1 and one line that has the reason if there is
# nothing to be had: without network in seconds, and never later than LIMIT.

set -u
LIMIT=${LIMIT:-120}
dir=$1 package=$2
[ ! -d "$dir/$package" ] || exit 0

fail()
{
	echo "$package: $*" >&2
	exit 1
}

command -v apt-get >/dev/null || fail "there is no apt here"
ID='' VERSION_CODENAME=''
# shellcheck disable=SC1091
. /etc/os-release
case $ID in
debian) newest=sid ;;
ubuntu) newest=devel ;;
*) fail "no newer packages are known for ${ID:-this system}" ;;
esac

mkdir -p "$dir" || exit 1
own=$(mktemp -d "$(cd "$dir" && pwd)/apt.XXXXXX") || exit 1
trap 'rm -rf "$own"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir -p "$own/lists/partial" "$own/cache/archives/partial" "$own/sources" "$own/source" || exit 1

# Of each paragraph that leads to this release all but what is replaced; nothing may switch off the checks.
paragraphs()
{
	cat /etc/apt/sources.list.d/*.sources 2>/dev/null | sed '/^#/d' | awk -v RS= -v FS='\n' \
		-v names="$VERSION_CODENAME stable testing unstable sid devel" -v newest="$newest" '
	function leads_here(suites,	i, n, word, known) {
		n = split(names, known, " ")
		for (i = 1; i <= n; i++)
			if (index(" " suites " ", " " known[i] " "))
				return 1
	}
	{
		keep = "Types: deb-src\nSuites: " newest "\nComponents: main\n"
		on = here = off = 0
		for (i = 1; i <= NF; i++) {
			key = tolower($i)
			if (key ~ /^[^ \t]/)
				on = key !~ /^(types|suites|components|trusted|check-|allow-|enabled|architectures|languages|targets)/
			if (key ~ /^suites:/)
				here = leads_here(substr(key, 8))
			if (key ~ /^enabled: *(no|false|0)/)
				off = 1
			if (on)
				keep = keep $i "\n"
		}
		if (here && !off)
			print keep
	}'
}

# The same of lists of one line each; of their options only the keys are kept.
lines()
{
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | awk \
		-v names="$VERSION_CODENAME stable testing unstable sid devel" -v newest="$newest" '
	$1 == "deb" {
		options = ""
		line = $0
		if (match(line, /\[[^]]*\]/)) {
			options = substr(line, RSTART + 1, RLENGTH - 2)
			line = substr(line, 1, RSTART - 1) substr(line, RSTART + RLENGTH)
		}
		split(line, word, " ")
		if (!index(" " names " ", " " word[3] " ") || index(line, " main") == 0)
			next
		key = match(options, /signed-by=[^ ]*/) ? "[" substr(options, RSTART, RLENGTH) "] " : ""
		print "deb-src " key word[2] " " newest " main"
	}' | sort -u
}

paragraphs >"$own/sources/newest.sources"
lines >"$own/sources/newest.list"
[ -s "$own/sources/newest.sources" ] || [ -s "$own/sources/newest.list" ] ||
	fail "the lists of apt have no archive of $VERSION_CODENAME"

# What the machine needs to reach its archive (proxies) and no more: no hooks, no switch that takes what is unsigned.
{
	apt-config dump | grep '^Acquire::' | grep -v '::Allow'
	cat <<END
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$own/sources";
Dir::State::lists "$own/lists";
Dir::Cache "$own/cache";
Acquire::Retries "0";
Acquire::http::Timeout "10";
Acquire::https::Timeout "10";
Acquire::ForceHash "SHA256";
END
	# As root apt becomes a user of its own, who may not get into the build folder of another.
	[ "$(id -u)" != 0 ] || echo 'APT::Sandbox::User "root";'
} >"$own/apt.conf"

# In a process group of its own, with what it starts: nothing is left behind at the end of the time.
with_apt()
{
	(cd "$own/source" && APT_CONFIG=$own/apt.conf timeout -k 5 "$LIMIT" apt-get -q "$@") >"$own/log" 2>&1 </dev/null
}

reason()
{
	sed -n "s/^[EW]: //p" "$own/log" | grep . | head -n 1 || echo "apt-get failed"
}

# Other archives may have a suite of this machine's name and none of the newest's: what counts is the package.
with_apt update
why=$(reason)
with_apt source --download-only "$package" ||
	fail "${why:-$(reason)}"
archive=$(find "$own/source" -name "${package}_*.orig.tar.*" ! -name '*.asc' | head -n 1)
[ -n "$archive" ] || fail "its source package has no archive that this knows"
mkdir "$own/unpacked" && tar -C "$own/unpacked" --strip-components=1 -xf "$archive" || fail "cannot unpack $archive"
# Another make may have been faster.
mv -T "$own/unpacked" "$dir/$package" 2>/dev/null || [ -d "$dir/$package" ] || fail "cannot write to $dir"

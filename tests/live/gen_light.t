#!/bin/bash
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
#
# gen skeleton -L: programs written against the headers, in C and C++ and without libbpf, do what they should on this
# kernel; what no loader program can do is refused by name.
. "$(dirname "$0")/../lib.sh"
live "$@"
. "$TOP/tests/live/skel.sh"
bpf_cc "$HERE/light.bpf.c" "$T/light.o" -g "-DNAME=$PFX" || skip_all "clang does not compile this"

run "$BPFCTL" -L gen skeleton "$T/light.o" name app -o "$H/app.lskel.h"
status 0 "a header"
is "$out" '' "and nothing else"
like "$err" "does not pin: map '${PFX}_pinned'" "a map that would be pinned is told"
for l in "${languages[@]}"; do
	rm -f "$T/use"
	ok "$l: compiles without libbpf" strict "$l" '-DHEADER="app.lskel.h"' "-DNAME=$PFX" "$HERE/light_use.c" -o "$T/use"
	run_tap "$l" "$T/use"
	printf '#include "app.lskel.h"\nint main(void) { return 0; }\n' >"$T/unused.c"
	ok "$l: compiles where nothing is used" strict "$l" -c "$T/unused.c" -o "$T/unused.o"
done
if command -v clang >/dev/null; then
	ok "clang: compiles" clang -Wall -Wextra -Werror "-I$H" '-DHEADER="app.lskel.h"' "-DNAME=$PFX" \
		"$HERE/light_use.c" -o "$T/use"
fi
ok "large sections of zeros are not written out" \
	[ "$(grep -c 'static const char data\[20[0-9]*\] .*= { 0 };' "$H/app.lskel.h")" = 1 ]

# The functions and members are those that programs know.
if [ -n "$BPFTOOL" ]; then
	names()
	{
		grep -oE '\bapp(__[a-zA-Z0-9_]+)?\b|\w+_fd;|struct bpf_(map|prog)_desc \w+' "$1" |
			grep -vE 'app__(error|set_errno|has_size)' | sort -u
	}
	mkdir "$T/theirs"
	sed 's/LIBBPF_PIN_BY_NAME/0/' "$HERE/light.bpf.c" >"$T/light.bpf.c"
	bpf_cc "$T/light.bpf.c" "$T/unpinned.o" -g "-DNAME=$PFX"
	"$BPFTOOL" -L gen skeleton "$T/unpinned.o" name app >"$T/theirs/app.lskel.h" 2>/dev/null
	names "$T/theirs/app.lskel.h" >"$T/names"
	ok "bpftool's header has names" [ "$(wc -l <"$T/names")" -gt 20 ]
	is "$(names "$H/app.lskel.h" | comm -13 - "$T/names")" '' "ours has all of them"
else
	skip "bpftool's names" "no bpftool here"
fi

# --- names that are none in C++, all kinds of variables, .kconfig ---
bpf_cc "$HERE/skeleton.bpf.c" "$T/full.o" -g "-DNAME=$PFX" "-I$HERE"
run "$BPFCTL" -L gen skeleton "$T/full.o" name full -o "$H/full.lskel.h"
status 0 "an object with everything"
like "$err" "kconfig keep this machine's values" "whose values .kconfig has"
cat >"$T/full.c" <<'C'
#include "skeleton_types.h"
#include "full.lskel.h"
#include <string.h>
#include <sys/utsname.h>
int main(void)
{
	struct full *s = full__open_and_load();
	int good = s && s->rodata->limits.a == 3 && s->data->class_ == 11 && !strcmp(s->data->text, "hello") &&
		   s->rodata_more->constant == 5 && s->kconfig->LINUX_KERNEL_VERSION > 0x40000;

	full__destroy(s);
	return !good;
}
C
for l in "${languages[@]}"; do
	ok "$l: compiles" strict "$l" "$T/full.c" -o "$T/full"
	ok "$l: the values are those of the object" "$T/full"
done

# --- a failure to load leaves nothing and is told ---
bpf_cc "$TOP/tests/progs/refused.c" "$T/refused.o" -g "-DPFX=$PFX"
run "$BPFCTL" -L gen skeleton "$T/refused.o" name refused -o "$H/refused.lskel.h"
status 0 "a program that the verifier refuses has a skeleton"
printf '%s\n' '#include "refused.lskel.h"' \
	'int main(void) { return refused__open_and_load() || (errno != EACCES && errno != EINVAL); }' >"$T/refused.c"
for l in "${languages[@]}"; do
	ok "$l: it does not load, and errno says why" sh -c \
		"$(declare -f strict); H='$H' HERE='$HERE'; strict $l '$T/refused.c' -o '$T/refused' && '$T/refused'"
done

# --- nothing to load ---
echo 'int x = 3; int f(int *n) { return *n + x; }' >"$T/none.c"
bpf_cc "$T/none.c" "$T/none.o" -g
run "$BPFCTL" -L gen skeleton "$T/none.o" name none -o "$H/none.lskel.h"
status 0 "an object without programs"
# Before, it was a program.
libbpf_since 1 7 || like "$err" "'f' is not in a program section and is skipped" "what is left out"
printf '%s\n' '#include "none.lskel.h"' 'int main(void)' \
	'{ struct none *s = none__open_and_load(); return !s || s->data->x != 3 || none__attach(s); }' >"$T/none_use.c"
for l in "${languages[@]}"; do
	ok "$l: compiles" strict "$l" "$T/none_use.c" -o "$T/none"
	ok "$l: and has its variables" "$T/none"
done

# --- JSON ---
run "$BPFCTL" -j -L gen skeleton "$T/light.o" name app
json_ok "one document with -j"
jq -j .header <<<"$out" >"$T/json.h"
ok "with the header in it" cmp "$H/app.lskel.h" "$T/json.h"

# --- signed ---
sign=(-S -k "$T/key.pem" -i "$T/cert.pem")
if ! command -v openssl >/dev/null; then
	skip "signatures" "openssl is not installed"
elif [ "$("$BPFCTL" -j version | jq .features.crypto)" != true ]; then
	run "$BPFCTL" -S -k "$T/key.pem" -i "$T/cert.pem" gen skeleton "$T/light.o"
	status 1 "-S is refused"
	like "$err" "built without libcrypto" "as there is nothing to sign with"
else
	make_key()
	{
		openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$PFX" "$@" 2>/dev/null
	}
	make_key -keyout "$T/key.pem" -out "$T/cert.pem"
	make_key -keyout "$T/other.pem" -out "$T/othercert.pem"
	openssl x509 -in "$T/cert.pem" -outform DER -out "$T/cert.der"
	openssl pkey -in "$T/key.pem" -aes128 -passout pass:secret -out "$T/locked.pem"

	run "$BPFCTL" "${sign[@]}" gen skeleton "$T/light.o" name app -o "$H/signed.lskel.h"
	status 0 "a signed skeleton"
	for l in "${languages[@]}"; do
		rm -f "$T/signed"
		ok "signed, $l: compiles" strict "$l" '-DHEADER="signed.lskel.h"' "$HERE/light_signed.c" -o "$T/signed"
	done
	mkdir "$T/dump"
	"$T/signed" dump "$T/dump" >/dev/null
	verify()
	{
		openssl cms -verify -binary -inform DER -in "$T/dump/signature" -content "$T/dump/insns" \
			-certfile "$1" -noverify -out /dev/null
	}
	ok "openssl takes the signature of the instructions" verify "$T/cert.pem"
	run verify "$T/othercert.pem"
	ok "but not as somebody else's" [ "$status" != 0 ]
	printf x >>"$T/dump/insns"
	run verify "$T/cert.pem"
	ok "nor of other instructions" [ "$status" != 0 ]
	truncate -s -1 "$T/dump/insns"
	is "$(sha256sum <"$T/dump/insns")" "$(od -An -v -tx1 "$T/dump/hash" | tr -d ' \n')  -" "the map is for these only"
	run openssl cms -cmsout -print -inform DER -in "$T/dump/signature"
	like "$out" "d.subjectKeyIdentifier" "the signer by key"
	like "$out" "sha256" "SHA-256"
	like "$out" "certificates:[[:space:]]*<ABSENT>" "no certificates"
	like "$out" "signedAttrs:[[:space:]]*<ABSENT>" "no signed attributes"
	like "$out" "eContent:[[:space:]]*<ABSENT>" "detached"

	if [ "$("$T/signed" load whole)" = 0 ]; then
		result 0 "it loads, without its signature"
		is "$("$T/signed" load data)" -74 "it refuses data that somebody has changed"
		is "$("$T/signed" load shared)" -74 "and a map that others could change"
	else
		skip "what a signed loader refuses" "this kernel has no maps of one program (Linux 6.18.44)"
	fi
	for cert in cert.pem cert.der; do
		run "$BPFCTL" -S -k "$T/key.pem" -i "$T/$cert" prog load "$T/light.o"
		if [ "$status" = 0 ]; then
			result 0 "$cert: the kernel takes the signature"
		else
			like "$err" "EOPNOTSUPP.*CONFIG_SYSTEM_DATA_VERIFICATION|E2BIG.*6\.18|too old" \
				"$cert: the kernel cannot verify, and that is told"
		fi
	done
	run "$BPFCTL" -j "${sign[@]}" prog load "$T/light.o"
	json_ok "one document"
	# The kernel takes its time with what nobody holds any more.
	wait_until eval "! grep -q '$PFX' /proc/keys"
	is "$(grep -c "$PFX" /proc/keys)" 0 "the certificate is gone with the command"

	echo nothing >"$T/nothing"
	# bad_key KEY CERT REGEX
	bad_key()
	{
		run "$BPFCTL" -S -k "$1" -i "$2" gen skeleton "$T/light.o" -o "$T/no.h"
		status 1 "key ${1##*/}, certificate ${2##*/}: refused"
		like "$err" "$3" "and told why"
		is "$(grep -c '^Error' <<<"$err")" 1 "once"
		run "$BPFCTL" -j -S -k "$1" -i "$2" prog load "$T/light.o"
		json_ok "and in JSON"
	}
	bad_key "$T/nosuch" "$T/cert.pem" "$T/nosuch'.*No such file"
	bad_key "$T/key.pem" "$T/nosuch" "$T/nosuch'.*No such file"
	bad_key "$T/nothing" "$T/cert.pem" "private key '$T/nothing': OpenSSL"
	bad_key "$T/key.pem" "$T/nothing" "certificate '$T/nothing': OpenSSL"
	bad_key "$T/locked.pem" "$T/cert.pem" "'$T/locked.pem': it is encrypted"
	bad_key "$T/key.pem" "$T/othercert.pem" "othercert.pem' does not match private key '$T/key.pem'"
	ok "no header" [ ! -e "$T/no.h" ]
fi

# --- sections newer than libbpf ---
i=0
for section in tcx/ingress tcx/egress netfilter "uprobe.multi//bin/true:main" cgroup/connect_unix cgroup/sendmsg_unix; do
	i=$((i + 1))
	cat >"$T/new.c" <<-C
	#include <linux/bpf.h>
	#include <bpf/bpf_helpers.h>
	SEC("$section") int ${PFX}_n(void *ctx) { return 1; }
	char _license[] SEC("license") = "GPL";
	C
	bpf_cc "$T/new.c" "$T/new.o" -g
	run "$BPFCTL" -L prog load "$T/new.o"
	[ "$status" = 0 ] || { skip "$section" "cannot be loaded here"; continue; }
	run "$BPFCTL" -L gen skeleton "$T/new.o" name fresh -o "$T/fresh.h"
	status 0 "$section: light skeleton"
	cat >"$T/fresh.c" <<-C
	#include <stdio.h>
	#include "fresh.h"
	int main(void)
	{
		struct fresh *s = fresh__open_and_load();

		if (!s)
			return 1;
		printf("%d\n", s->progs.${PFX}_n.prog_fd > 0);
		fresh__destroy(s);
		return 0;
	}
	C
	ok "$section: compiles" gcc -O1 -iquote "$T" -o "$T/fresh" "$T/fresh.c" -lbpf
	is "$("$T/fresh")" 1 "$section: loads"
done

# --- what no loader can do ---
refused()
{
	run "$BPFCTL" -L gen skeleton "$2" name app -o "$T/no.h"
	status 1 "$1: refused"
	like "$err" "$3" "$1: by name"
	ok "$1: no header" [ ! -e "$T/no.h" ]
	run "$BPFCTL" -L prog load "$2"
	status 1 "$1: not loaded either"
	like "$err" "$3" "$1: for the same reason"
	run "$BPFCTL" -j -L gen skeleton "$2" name app
	json_ok "$1: one document"
}
bpf_cc "$TOP/tests/progs/struct_ops.c" "$T/ops.o" -g "-DPFX=$PFX"
refused "struct_ops" "$T/ops.o" "map '${PFX}_ops' is a struct_ops map"
cat >"$T/replace.c" <<C
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("freplace/f") int ${PFX}_new(void *ctx) { return 0; }
C
bpf_cc "$T/replace.c" "$T/replace.o" -g
sed 's/freplace.f/nosuchtype/' "$T/replace.c" >"$T/typeless.c"
bpf_cc "$T/typeless.c" "$T/typeless.o" -g
run "$BPFCTL" -L gen skeleton "$T/typeless.o"
status 1 "a program without a type: refused"
like "$err" "program '${PFX}_new' is in a section whose name does not contain a type" "by name"
refused "freplace" "$T/replace.o" "program '${PFX}_new' replaces a function"
cat >"$T/tail.c" <<C
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("socket") int ${PFX}_one(void *ctx) { return 0; }
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, int(void *));
} ${PFX}_tail SEC(".maps") = { .values = { [0] = (void *)&${PFX}_one } };
C
bpf_cc "$T/tail.c" "$T/tail.o" -g
refused "a filled program array" "$T/tail.o" "fill '${PFX}_tail' in the application"
cat >"$T/strong.c" <<C
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
extern int CONFIG_${PFX^^} __kconfig;
int x;
SEC("socket") int ${PFX}_one(void *ctx) { x = CONFIG_${PFX^^}; return 0; }
C
bpf_cc "$T/strong.c" "$T/strong.o" -g
refused "a configuration that is not there" "$T/strong.o" "CONFIG_${PFX^^}"
nothing_left "nothing is left"
done_testing

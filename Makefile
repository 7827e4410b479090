# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
# make          build bpfctl               make V=1     show the commands
# make check    install what tests need, build, run all tests
# make demo     install what the build needs, build, run the main job
# make help     the other targets

VERSION := 0.2.0
prefix ?= /usr/local
sbindir ?= $(prefix)/sbin
mandir ?= $(prefix)/share/man
bashcompdir ?= $(prefix)/share/bash-completion/completions
zshcompdir ?= $(prefix)/share/zsh/site-functions
fishcompdir ?= $(prefix)/share/fish/vendor_completions.d
DESTDIR ?=

CC ?= gcc
CLANG ?= clang
OBJCOPY ?= objcopy
PKG_CONFIG ?= pkg-config
# The distribution's own, which has the modules that tests/deps.sh installs.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
BUILD ?= build
PROG ?= bpfctl
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = @printf '  %-8s %s\n' $(1) $(2)

# libbpf: LIBBPF=DIR is that source tree, LIBBPF=system the installed library whatever its version. Else it is the
# installed one if it is new enough, else Debian's newest source, fetched once, else (offline) the installed one.
LIBBPF ?=
LIBBPF_NEW := 1.7
FETCHED ?= $(BUILD)/fetched
PKGS := libelf zlib jansson libcap libmnl
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -iquote . -DBPFCTL_VERSION='"$(VERSION)"' $(WARN) $(WERROR) \
	-MMD -MP $(PKG_CFLAGS) $(HELPERS_DEF) $(CRYPTO_DEF) $(CFLAGS)
ALL_LDFLAGS = $(LDFLAGS)
# For signatures; the library is opened when somebody signs. CRYPTO= leaves it out.
CRYPTO ?= $(shell $(PKG_CONFIG) --exists libcrypto 2>/dev/null && echo 1)
CRYPTO_DEF := $(if $(CRYPTO),-DHAVE_LIBCRYPTO $(shell $(PKG_CONFIG) --cflags libcrypto 2>/dev/null))

# What only calls make again, and what needs no compiler, does not look for libbpf.
BARE := check check-beside check-builds check-fresh clean coverage demo dev format fuzz help torture uninstall
ifneq ($(filter-out $(BARE),$(or $(MAKECMDGOALS),all)),)
ifneq ($(LIBBPF),)
LIBBPF_SOURCE := $(filter-out system,$(LIBBPF))
else ifneq ($(shell $(PKG_CONFIG) --exists 'libbpf >= $(LIBBPF_NEW)' 2>/dev/null && echo 1),)
# Inside, too, where the distribution has it as an archive.
LIBBPF_ARCHIVE := $(wildcard $(shell $(PKG_CONFIG) --variable=libdir libbpf)/libbpf.a)
else
include $(BUILD)/libbpf.mk
endif
endif

# The source tree's headers and archive, or those of the system.
ifneq ($(LIBBPF_SOURCE),)
LIBBPF_HEADERS := $(BUILD)/libbpf/headers
LIBBPF_ARCHIVE := $(BUILD)/libbpf/libbpf.a
PKG_CFLAGS := -isystem $(LIBBPF_HEADERS)
else
LIBBPF_HEADERS := $(or $(shell $(PKG_CONFIG) --variable=includedir libbpf 2>/dev/null),/usr/include)
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags libbpf 2>/dev/null)
endif
LIBBPF_LIB := $(if $(LIBBPF_ARCHIVE),$(BUILD)/libbpf/libbpf.o)
PKG_CFLAGS += $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
LIBS := $(or $(LIBBPF_LIB),$(shell $(PKG_CONFIG) --libs libbpf 2>/dev/null)) \
	$(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null) -ldl

# Programs for the kernel, if there is a clang that can compile them. bpf/NAME.bpf.c becomes the bytes
# between NAME_bpf_start and NAME_bpf_end.
HELPERS := $(shell echo 'int x;' | $(CLANG) -target bpf -g -O2 -x c -c - -o /dev/null 2>/dev/null && \
	echo $(wildcard bpf/*.bpf.c))
HELPERS_DEF := $(if $(HELPERS),-DHAVE_BPF_HELPERS)
HELPERS_OBJS := $(HELPERS:%.bpf.c=$(BUILD)/%.embed.o)
LLVM_STRIP ?= llvm-strip

# A folder for each group of commands, view/ and load/ for what groups share, the layers below (CONTRIBUTING.md).
ROOMS := prog map link net btf feature gen obj struct_ops top view load cli kern kern/* decode decode/*
SRCS := $(wildcard *.c $(ROOMS:%=%/*.c))
OBJS := $(SRCS:%.c=$(BUILD)/%.o) $(HELPERS_OBJS) $(BUILD)/scripts.o
LIB_OBJS := $(filter-out $(BUILD)/main.o,$(OBJS))

all: $(PROG)

OLD_NOTE = note: the installed libbpf is older than $(LIBBPF_NEW), so some objects cannot be loaded, and a newer one \
	cannot be had: $(LIBBPF_OLD). To try again: rm $(BUILD)/libbpf.mk
$(PROG): $(OBJS) $(LIBBPF_LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(OBJS) $(LIBS)
	$(Q)$(if $(LIBBPF_OLD),echo '$(OLD_NOTE)' >&2)

# Once for each build folder, and source for all of them. It is asked for before anything else is made.
$(BUILD)/libbpf.mk:
	$(call say,FETCH,libbpf)
	$(Q)mkdir -p $(@D)
	$(Q)if why=$$(scripts/fetch.sh $(FETCHED) libbpf 2>&1); then echo 'LIBBPF_SOURCE := $(FETCHED)/libbpf' >$@; \
		else printf 'LIBBPF_OLD := %s\n' "$$(printf %s "$$why" | tr -d "$$#()\"'\\\\\`\n")" >$@; fi

# Its own Makefile, nothing of ours in it: flags of sanitizers and of coverage are for our sources.
ifneq ($(LIBBPF_SOURCE),)
LIBBPF_CFLAGS := -O2 -g -w -std=gnu11 -ffunction-sections -fdata-sections
$(LIBBPF_ARCHIVE): $(wildcard $(addprefix $(LIBBPF_SOURCE)/src/,*.c *.h Makefile libbpf.map)) $(BUILD)/libbpf/flags | libraries
	$(call say,LIBBPF,$(LIBBPF_SOURCE))
	$(Q)[ -e $(LIBBPF_SOURCE)/src/libbpf.map ] || { echo "$(LIBBPF_SOURCE) is not a source tree of libbpf" >&2; exit 1; }
	$(Q)rm -rf $(@D)/obj $(LIBBPF_HEADERS) && mkdir $(@D)/obj
	$(Q)unset CFLAGS CPPFLAGS LDFLAGS; $(MAKE) -s -C $(LIBBPF_SOURCE)/src MAKEOVERRIDES= CC='$(CC)' CFLAGS='$(LIBBPF_CFLAGS)' \
		BUILD_STATIC_ONLY=1 OBJDIR=$(abspath $(@D)/obj) INCLUDEDIR=$(abspath $(LIBBPF_HEADERS)) \
		UAPIDIR=$(abspath $(LIBBPF_HEADERS)) DESTDIR= V=0 \
		$(abspath $(@D)/obj)/libbpf.a install_headers install_uapi_headers >$(@D)/log 2>&1 || { cat $(@D)/log >&2; exit 1; }
	$(Q)mv $(@D)/obj/libbpf.a $@ && rm -r $(@D)/obj
endif

# One object that has for others only what its headers offer: what it calls its own may be called the same by us.
$(BUILD)/libbpf/libbpf.o: $(LIBBPF_ARCHIVE)
	$(Q)mkdir -p $(@D)
	$(Q)grep -hoE '\<[a-z_0-9]+ ?\(' $(LIBBPF_HEADERS)/bpf/*.h | tr -d ' (' | sort -u >$(@D)/names
	$(Q)$(CC) -r -nostdlib -o $@ -Wl,--whole-archive $< -Wl,--no-whole-archive
	$(Q)$(OBJCOPY) --keep-global-symbols=$(@D)/names $@

$(SRCS:%.c=$(BUILD)/%.o): $(BUILD)/%.o: %.c $(BUILD)/flags | libraries
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Other flags, another compiler: everything is compiled anew.
note_flags = $(shell mkdir -p $(@D))$(file >$@.new,$(1))
keep_flags = $(Q)if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
$(BUILD)/flags: FORCE
	$(call note_flags,$(CC) $(ALL_CFLAGS))
	$(keep_flags)
$(BUILD)/libbpf/flags: FORCE
	$(call note_flags,$(CC) $(LIBBPF_SOURCE) $(LIBBPF_HEADERS) $(LIBBPF_CFLAGS))
	$(keep_flags)
FORCE:

# Without debug sections it is a third of the size; types (.BTF) stay. Where there is no llvm-strip, so be it.
$(BUILD)/%.bpf.o: %.bpf.c
	$(call say,BPF,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -target bpf -g -O2 -Wall -Wextra $(WERROR) $(PKG_CFLAGS) -MMD -MP -c -o $@ $<
	$(Q)$(LLVM_STRIP) -g $@ 2>/dev/null || :

$(BUILD)/%.embed.o: $(BUILD)/%.bpf.o
	$(Q)printf '.section .rodata\n.balign 8\n.global %s_bpf_start, %s_bpf_end\n%s_bpf_start:\n.incbin "%s"\n%s_bpf_end:\n.section .note.GNU-stack,"",%%progbits\n' \
		$(*F) $(*F) $(*F) $< $(*F) | $(CC) -c -x assembler - -o $@

# What "bpfctl completion" prints: the bytes of each script between completion_SHELL_start and completion_SHELL_end.
embed = printf '.global completion_%s_start, completion_%s_end\ncompletion_%s_start:\n.incbin "%s"\ncompletion_%s_end:\n' \
	$(1) $(1) $(1) $(2) $(1)
SCRIPTS := bash-completion/bpfctl zsh-completion/_bpfctl fish-completion/bpfctl.fish
$(BUILD)/scripts.o: $(SCRIPTS)
	$(Q)mkdir -p $(@D)
	$(Q)(echo '.section .rodata'; $(call embed,bash,$(word 1,$^)); $(call embed,zsh,$(word 2,$^)); \
		$(call embed,fish,$(word 3,$^)); echo '.section .note.GNU-stack,"",%progbits') | \
		$(CC) -c -x assembler - -o $@

# A test may stand in for libbpf's functions.
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/t_*.c))
# A test is linked with what it uses, not with everything.
LIB := $(BUILD)/objects.a
$(LIB): $(LIB_OBJS)
	$(Q)rm -f $@
	$(Q)$(AR) rcsT $@ $^

$(UNIT): $(BUILD)/tests/unit/%: tests/unit/%.c $(LIB) $(LIBBPF_LIB)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Wl,-z,muldefs -o $@ $< $(LIB) $(LIBS)

unit: $(UNIT)
	$(Q)set -e; for t in $(UNIT); do echo "# $$t"; $$t; done

libraries:
	$(Q)$(PKG_CONFIG) --exists --print-errors $(if $(LIBBPF_SOURCE),,libbpf) $(PKGS) || \
		{ echo "bpfctl needs: libbpf $(PKGS); to get them: sudo tests/deps.sh build" >&2; exit 1; }

# --- tests ---

# The faked kernel is preloaded; it is no part of what a sanitizer build checks.
FAKE := $(BUILD)/tests/fake_bpf.so
$(FAKE): $(wildcard tests/fake/*.c tests/fake/*.h)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -g $(WARN) -shared -fPIC $(PKG_CFLAGS) \
		-o $@ tests/fake/*.c -ldl

# One start for many runs of the program.
SERVE := $(BUILD)/tests/serve.so
$(SERVE): tests/serve.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -g $(WARN) -shared -fPIC -Wl,-z,now -o $@ $< -ldl

# Is stdin one JSON document?
ONE_JSON := $(BUILD)/tests/one_json
$(ONE_JSON): tests/one_json.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -g $(WARN) $(PKG_CFLAGS) -o $@ $< -ljansson

# Faults under ptrace: it knows the registers of one machine.
ifeq ($(shell uname -m),x86_64)
TORTURE := $(addprefix $(BUILD)/tests/torture/,torture preload.so make_link)
endif
$(BUILD)/tests/torture/torture: $(addprefix tests/torture/,torture.c trace.c faults.c judge.c world.c torture.h alloc.h)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -g $(WARN) $(PKG_CFLAGS) -o $@ $(filter %.c,$^) $(LIBS)
$(BUILD)/tests/torture/preload.so: tests/torture/preload.c tests/torture/alloc.h
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -g $(WARN) -shared -fPIC -o $@ $<
$(BUILD)/tests/torture/make_link: tests/torture/make_link.c kern/abi.h
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 $(WARN) $(PKG_CFLAGS) -o $@ $< $(LIBS)

# Headers that stand alone, scripts that shellcheck likes: looked at when they have changed. What is said of each is
# kept, and tests/style/source.t fails if it is anything.
LINT_HEADERS := $(patsubst %,$(BUILD)/lint/%.said,$(wildcard *.h $(ROOMS:%=%/*.h)))
LINT_SCRIPTS := $(patsubst %,$(BUILD)/lint/%.said,$(wildcard tests/*.sh tests/*/*.sh tests/*/*.t \
	bash-completion/bpfctl scripts/*.sh .ci/run bootstrap))
$(LINT_HEADERS): $(BUILD)/lint/%.said: %
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -Wall -Werror -iquote . $(PKG_CFLAGS) -MMD -MP -MF $@.d -MT $@ \
		-fsyntax-only -x c -include $< /dev/null >$@ 2>&1 || echo "does not compile" >>$@
$(LINT_SCRIPTS): $(BUILD)/lint/%.said: % tests/lib.sh tests/cli/cli.sh
	$(Q)mkdir -p $(@D)
	$(Q)shellcheck -x -S warning -e SC1091,SC2010,SC2034,SC2154,SC2164 $< >$@ 2>&1 || echo "shellcheck failed" >>$@
lint: $(LINT_HEADERS) $(if $(shell command -v shellcheck),$(LINT_SCRIPTS))
.PHONY: lint

programs: all $(UNIT) $(FAKE) $(SERVE) $(ONE_JSON) $(TORTURE)
tests: programs lint
.PHONY: programs

TESTS ?= unit style docs cli live

check:
	$(Q)tests/deps.sh build test
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)BUILD=$(BUILD) BPFCTL=$(CURDIR)/$(PROG) tests/run.sh $(TESTS)

# The live tests, TIMES= in a row, while others list, trace and keep a processor busy.
check-beside:
	$(Q)tests/deps.sh build test beside
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)BUILD=$(BUILD) BPFCTL=$(CURDIR)/$(PROG) tests/beside.sh $(if $(filter command% environment%,$(origin TESTS)),$(TESTS))
.PHONY: check-beside

demo:
	$(Q)tests/deps.sh build demo
	$(Q)$(MAKE) --no-print-directory all
	$(Q)BPFCTL=$(CURDIR)/$(PROG) tests/demo.sh

# ASan needs no first place in the list of libraries: the faked kernel only wraps libc.
SAN := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
dev:
	$(Q)tests/deps.sh build test dev
	$(Q)$(MAKE) --no-print-directory BUILD=build-dev PROG=build-dev/bpfctl WERROR=-Werror \
		CFLAGS="-O1 -g $(SAN)" LDFLAGS="$(SAN)" programs
	$(Q)BUILD=build-dev BPFCTL=$(CURDIR)/build-dev/bpfctl \
		ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=1 tests/run.sh unit cli

# What unit and cli tests run of each source, worst first.
COV := BUILD=build-cov PROG=build-cov/bpfctl
coverage:
	$(Q)tests/deps.sh build test
	$(Q)$(MAKE) --no-print-directory $(COV) CFLAGS="-O0 -g --coverage" LDFLAGS=--coverage programs
	$(Q)BUILD=build-cov BPFCTL=$(CURDIR)/build-cov/bpfctl tests/coverage.sh $(COV_TESTS)
.PHONY: coverage

# Each target of tests/fuzz for FUZZ_TIME seconds, on what LLVM's fuzzer makes of small objects and their types.
FUZZ := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/*.c))
$(FUZZ): $(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(LIB_OBJS) $(LIBBPF_LIB)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $< $(LIB_OBJS) $(LIBS)

fuzz-targets: $(PROG) $(FUZZ)

FUZZ_TIME ?= 60
FUZZ_SAN := -fsanitize=fuzzer-no-link $(SAN)
fuzz:
	$(Q)tests/deps.sh build fuzz
	$(Q)$(MAKE) --no-print-directory BUILD=build-fuzz PROG=build-fuzz/bpfctl WERROR=-Werror CC=clang \
		CFLAGS="-O1 -g $(FUZZ_SAN)" LDFLAGS="$(FUZZ_SAN)" fuzz-targets
	$(Q)BUILD=build-fuzz FUZZ_TIME=$(FUZZ_TIME) tests/fuzz/run.sh $(FUZZ_TARGETS)
.PHONY: fuzz fuzz-targets

# One thing after the other fails under each command: SEED=, TIME=, COUNT=, ONLY=command (tests/torture/run.sh).
torture:
	$(Q)tests/deps.sh build test
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)BUILD=$(BUILD) BPFCTL=$(CURDIR)/$(PROG) tests/torture/run.sh
.PHONY: torture

bench: all
	$(Q)BPFCTL=$(CURDIR)/$(PROG) BUILD=$(BUILD) CC=$(CC) tests/bench/run.sh

# Not in check, as they download: Debian's 6.1 and newest kernels under QEMU; every build configuration;
check-vm: tests
	$(Q)tests/deps.sh vm
	$(Q)BPFCTL=$(CURDIR)/$(PROG) tests/vm/run.sh
	$(Q)BPFCTL=$(CURDIR)/$(PROG) tests/vm/newest.sh
check-builds:
	$(Q)tests/builds.sh
# the README's two commands in a Debian of nothing but what every Debian has;
check-fresh:
	$(Q)tests/deps.sh fresh
	$(Q)tests/fresh.sh
# the kernel's own BPF programs through btf, gen and obj (half an hour).
check-selftests: all
	$(Q)BPFCTL=$(CURDIR)/$(PROG) tests/selftests.sh
.PHONY: check-vm check-builds check-fresh check-selftests

# Its headers are not in the lists of the compiler, as those of the system are not.
ifneq ($(LIBBPF_SOURCE),)
$(OBJS:.embed.o=.bpf.o) $(UNIT) $(FUZZ) $(FAKE) $(TORTURE) $(LINT_HEADERS): $(LIBBPF_ARCHIVE)
endif

# --- what is installed ---

PAGES := $(patsubst Documentation/%.rst,$(BUILD)/man/%.8,$(wildcard Documentation/*.rst))

# Synopsis and options come from the program itself, so they cannot drift.
MAKE_PAGES = $(PYTHON) Documentation/pages.py $(abspath $(PROG)) $(BUILD)/man $(wildcard Documentation/*.rst)
docs: $(PROG)
	$(call say,MAN,$(BUILD)/man)
	$(Q)$(MAKE_PAGES)

install: all
	install -D -m 755 $(PROG) $(DESTDIR)$(sbindir)/bpfctl
	install -D -m 644 bash-completion/bpfctl $(DESTDIR)$(bashcompdir)/bpfctl
	install -D -m 644 zsh-completion/_bpfctl $(DESTDIR)$(zshcompdir)/_bpfctl
	install -D -m 644 fish-completion/bpfctl.fish $(DESTDIR)$(fishcompdir)/bpfctl.fish
	$(Q)if $(PYTHON) -c 'import docutils' 2>/dev/null; then \
		$(MAKE_PAGES) && install -D -m 644 -t $(DESTDIR)$(mandir)/man8 $(PAGES); \
	else echo 'No manual pages: python3-docutils is not installed'; fi

uninstall:
	rm -f $(DESTDIR)$(sbindir)/bpfctl $(DESTDIR)$(bashcompdir)/bpfctl
	rm -f $(DESTDIR)$(zshcompdir)/_bpfctl $(DESTDIR)$(fishcompdir)/bpfctl.fish
	rm -f $(patsubst $(BUILD)/man/%,$(DESTDIR)$(mandir)/man8/%,$(PAGES))

# --- for those who work on it ---

compile_commands.json: Makefile $(SRCS)
	$(Q){ sep='['; for f in $(SRCS); do printf '%s\n{"directory":"%s","file":"%s","command":"%s"}' \
		"$$sep" '$(CURDIR)' "$$f" '$(subst ",\\\",$(subst ',,$(CC) $(ALL_CFLAGS))) -c '"$$f"; sep=,; \
		done; echo; echo ']'; } >$@

# Only lines that differ from main (or BASE=...): the rest is as its author left it.
BASE ?= main
format:
	git diff -U0 --no-color $(BASE) -- '*.[ch]' | clang-format-diff -p1 -i

help:
	@echo 'make                    build bpfctl (V=1 shows the commands, CC=clang works too)'
	@echo 'sudo make demo          install what the build needs, build, run the main job'
	@echo 'sudo make check         install what tests need, build, run all tests'
	@echo '                        (without root: what can run without; TESTS="unit cli" chooses)'
	@echo 'make dev                ASan, UBSan, -Werror build in build-dev, unit and cli tests on it'
	@echo 'make coverage           lines that unit and cli tests run of each source, in build-cov'
	@echo 'make fuzz               readers of objects and types, command lines, the writer, each on'
	@echo '                        random input for a minute (FUZZ_TIME=60, FUZZ_TARGETS="btf_read ...")'
	@echo 'sudo make torture       every command while system calls, memory, files and limits fail (15 minutes)'
	@echo 'sudo make check-beside  live tests, three times, while others list, trace and compute (TIMES=3, TESTS=live)'
	@echo 'sudo make check-fresh   ./bootstrap demo and check in a minimal Debian of its own (downloads)'
	@echo 'make check-selftests    the BPF programs of the kernel sources through btf, gen, obj (downloads)'
	@echo 'make bench              our times and memory beside bare system calls and bpftool'
	@echo 'make docs               man pages in $(BUILD)/man'
	@echo 'make install uninstall  DESTDIR, prefix, sbindir, mandir, bashcompdir'
	@echo 'make compile_commands.json    for editors and clang-tidy'
	@echo 'make format             clang-format on the lines that differ from main'
	@echo 'make clean'

clean:
	rm -rf $(BUILD) build-dev build-fuzz build-cov $(PROG) compile_commands.json

# Kept, although only a rule in between makes them. Without a name it would mean everything, and a missing
# object would not be made again.
.SECONDARY: $(HELPERS_OBJS:.embed.o=.bpf.o)
-include $(OBJS:.o=.d) $(UNIT:=.d) $(LINT_HEADERS:=.d) $(FUZZ:=.d) $(HELPERS_OBJS:.embed.o=.bpf.d)
.PHONY: all clean unit libraries tests check demo dev bench docs install uninstall format help

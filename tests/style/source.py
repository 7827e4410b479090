#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Calls that have one home, licence lines and sizes, in one reading of all sources. source.py TOP: a line
"CHECK<TAB>FILE:LINE: text" per thing that is wrong, "size<TAB>LINES<TAB>FILE: name" per function."""
import re
import sys
from pathlib import Path

from layers import own_files

# (check, what is looked for in code without comments and strings, the files where it is at home)
HOMES = [
    ("leaves", r"\b(?:_?exit|_Exit|abort) *\(", "main.c"),
    ("stderr", r"\bstderr\b|\bperror *\(", "main.c kern/libbpf_log.c"),
    ("prints", r"\b(?:v?printf|puts|putchar) *\(|\bstdout\b", "main.c json_items.c json_writer.c top/screen.c"),
    ("strerror", r"\bstrerror(?:_r|name_np|desc_np)? *\(", "cli/err.c cli/errno.c"),
    ("numbers", r"\b(?:ato[il]l?|sscanf|strto[dfl]+) *\(", "cli/err.c decode/btf/value.c decode/btf/parse.c"),
    ("libraries", r"\bdl(?:open|sym|close|error) *\(", "cli/library.c"),
    ("options", r"\bLIBBPF_OPTS *\(", "kern/libbpf_opts.h"),
    ("cleanup", r"^(?!#define auto_).*__attribute__\(\(cleanup", ""),
    ("overruns", r"\bstrcpy *\([^\"]*$|\b(?:strcat|sprintf|gets|alloca) *\(", ""),
]
# Sources whose lines keep to the 100 columns; the others are to follow.
SCRIPTS = ("tests/*/*.[ch]", "tests/*.c", "tests/*.sh", "tests/*/*.sh", "tests/*/*.t", "tests/*/*.py", "Documentation/*.py",
           "bpf/*.[ch]", "bootstrap", ".ci/run")
ODD = re.compile(r"\b(tells?|told|behind) (?!a loader)|\b(?<!there )(is|are|was) no (?!longer)|\bso many\b|\bby leave\b|"
                 r"\bis none\b")
NO_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)


def bare(text):
    """Code without comments and strings, on the lines where it was."""
    def instead(m):
        if m[0][0] == "/":
            return " " + "\n" * m[0].count("\n")
        return '""' if m[0][0] == '"' else m[0]
    return NO_CODE.sub(instead, text)


def strays(name, text):
    code = bare(text).split("\n")
    for check, regex, homes in HOMES:
        if name not in homes.split():
            yield from (f"{check}\t{name}:{n}: {line.strip()}" for n, line in enumerate(code, 1) if re.search(regex, line))


def odd_words(name, text):
    """Strings in words that nobody writes so: messages and help use the field's."""
    text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.S)
    for m in re.finditer(r'"(?:[^"\\\n]|\\.)*"', text):
        if ODD.search(m[0].replace("left behind", "")):
            yield f"words\t{name}:{text.count(chr(10), 0, m.start()) + 1}: {m[0]}"


def guards(name, text):
    """The include guard of a header is its path."""
    want = re.sub(r"[/.]", "_", name).upper()
    if not re.search(rf"^#ifndef {want}\n#define {want}\n", text, re.M):
        yield f"guards\t{name}: not {want}"


def long_lines(name, text):
    for n, line in enumerate(text.split("\n"), 1):
        if len(line.expandtabs(8)) > 100:
            yield f"long\t{name}:{n}: {line.strip()}"


def functions(name, text):
    """(lines, name) of each. Kernel style: a body is from "{" to "}" in the first column."""
    head, at, inside = "", 0, ""
    for n, line in enumerate(text.split("\n"), 1):
        if re.match(r"[a-zA-Z].*\(", line):
            head, at = line, n
        elif line.startswith("{") and at:
            inside = head
        elif line.startswith("}") and inside:
            yield n - at + 1, f"{name}: {inside}"
            inside, at = "", 0


def main():
    top = Path(sys.argv[1])
    own = sorted(own_files(top))
    for name in own:
        text = (top / name).read_text(encoding="utf-8")
        for wrong in (*(guards(name, text) if name.endswith(".h") else ()), *long_lines(name, text)):
            print(wrong)
        if not name.endswith(".c"):
            continue
        for wrong in (*strays(name, text), *odd_words(name, text)):
            print(wrong)
        for lines, what in functions(name, text):
            print(f"size\t{lines}\t{what}")
        print(f"file\t{len(text.splitlines())}\t{name}")
    for name in own + sorted(str(f.relative_to(top)) for pattern in SCRIPTS for f in top.glob(pattern)):
        with open(top / name, encoding="utf-8") as f:
            if "SPDX-License-Identifier" not in "".join(f.readlines()[:3]):
                print(f"licence\t{name}")


if __name__ == "__main__":
    main()

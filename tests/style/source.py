#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Calls that have one home, licence lines and sizes, in one reading of all sources. source.py TOP: a line
"CHECK<TAB>FILE:LINE: text" per thing that is wrong, "size<TAB>LINES<TAB>FILE: name" per function,
"calls<TAB>BOTH<TAB>JSON<TAB>TEXT<TAB>ASK<TAB>FILE": calls of the writer for both renditions, for one,
and lines that ask which it is."""
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
SCRIPTS = ("tests/*/*.[ch]", "tests/*.c", "tests/*.sh", "tests/*/*.sh", "tests/*/*.t", "tests/*/*.py", "Documentation/*.py",
           "bpf/*.[ch]", "bootstrap", ".ci/run")
# Words that strings, comments and pages do not use, and what kernel engineers write instead. Each is a literal
# translation, which has to be read twice.
ODD = [
    (r"\b(?:tells?|told)\b", "report, return, contain, say: only people tell"),
    (r"(?<!\bleft )(?<!\bleave )(?<!\bnothing )\bbehind\b", "after, in: nothing in a file or list is behind"),
    (r"(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b)\w+", "is not a"),
    (r"(?<!\bthere )\bis none\b", "does not exist, is not one"),
    (r"\bso many\b", "N, this number of"),
    (r"\bby leave\b", "with permission of"),
    (r"\bpass(?:es|ed)? over\b", "skip, ignore"),
    (r"\bout of sight\b", "not visible, not accessible"),
    (r"\bfor ever\b", "forever"),
]
ANY_ODD = re.compile("|".join(regex for regex, _ in ODD), re.I)    # most parts of a text are done with one look
PARAGRAPH = re.compile(r"(?:[^\n]+\n)+")
PAGES = ("Documentation/*.rst", "*.md", "*/README", "*/*/README", "tests/*/README.md")
# The writer's calls that give data, by rendition; trees and --introspect-cli look the same in both.
DATA = {
    "both": re.compile(r"\b(?:out_(?:uint|int|str|raw|enum|count|nonzero|id|flag|bool|bytes|source|bare)|"
                       r"btf_plan_show|table_(?:str|str_as|uint|nonzero|enum|bool|double)) *\("),
    "json": re.compile(r"\bout_json_(?:uint|int|strn?|bool|null|raw|bytes|numbers|verbatim) *\("),
    "text": re.compile(r"\b(?:out_item|out_text\w*|table_text|table_line) *\("),
}
WRITER = {"json_writer.c", "json_items.c", "view/table.c"}
TREES = {"gen/describe.c", "decode/btf/value.c", "describe.c"}
NO_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)


def bare(text):
    """Code without comments and strings, on the lines where it was."""
    def instead(m):
        if m[0][0] == "/":
            return " " + "\n" * m[0].count("\n")
        return '""' if m[0][0] == '"' else m[0]
    return NO_CODE.sub(instead, text)


def strays(name, text):
    whole = bare(text)
    code = whole.split("\n")
    for check, regex, homes in HOMES:
        if name not in homes.split() and re.search(regex, whole, re.M):
            yield from (f"{check}\t{name}:{n}: {line.strip()}" for n, line in enumerate(code, 1) if re.search(regex, line))


def odd_words(name, text, prose):
    """Words that nobody writes so, in the parts of a text that prose matches."""
    for m in prose.finditer(text):
        part = re.sub(r"\s+(?:\*(?!/) )?", " ", m[0])
        if not ANY_ODD.search(part):
            continue
        for regex, instead in ODD:
            for odd in re.finditer(regex, part, re.I):
                line = text.count("\n", 0, m.start()) + 1
                yield f"words\t{name}:{line}: {odd[0]} ({instead}): {part.strip()}"


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


def calls(name, text):
    """(both, JSON only, text only, lines that ask) of a file that is not the writer's."""
    code = re.sub(r"(?m)^(?:void|static) .*", "", bare(text))
    both, json, text = (len(regex.findall(code)) for regex in DATA.values())
    asking = sum(bool(re.search(r"\bout_is_json\(", line)) for line in code.split("\n") if "out_is_json(" in line)
    return (both + json, 0, text, 0) if name in TREES else (both, json, text, asking)


def main():
    top = Path(sys.argv[1])
    own = sorted(own_files(top))
    for name in own:
        text = (top / name).read_text(encoding="utf-8")
        for wrong in (*(guards(name, text) if name.endswith(".h") else ()), *long_lines(name, text),
                      *odd_words(name, text, NO_CODE)):
            print(wrong)
        if not name.endswith(".c"):
            continue
        for wrong in strays(name, text):
            print(wrong)
        for lines, what in functions(name, text):
            print(f"size\t{lines}\t{what}")
        print(f"file\t{len(text.splitlines())}\t{name}")
        counts = calls(name, text)
        if name not in WRITER and any(counts):
            print("calls", *counts, name, sep="\t")
    for name in sorted({str(f.relative_to(top)) for pattern in PAGES for f in top.glob(pattern)}):
        for wrong in odd_words(name, (top / name).read_text(encoding="utf-8"), PARAGRAPH):
            print(wrong)
    for name in own + sorted(str(f.relative_to(top)) for pattern in SCRIPTS for f in top.glob(pattern)):
        with open(top / name, encoding="utf-8") as f:
            if "SPDX-License-Identifier" not in "".join(f.readlines()[:3]):
                print(f"licence\t{name}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Every #include of the sources beside tests/style/layers.table. layers.py TOP: a line "FILE N what is wrong" per file
with N includes, nothing behind N when all is well. layers.py TOP FILE INCLUDED: what is wrong with one include, which need not be
there; INCLUDED as it is written for a library ("<bpf/bpf.h"), from the top for one of our own."""
import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^#[ \t]*include[ \t]*(?:"([^"]*)"|(<[^>]*)>)', re.M)


class Layers:
    def __init__(self, table):
        self.may, self.library_may = {}, {}
        for line in table.splitlines():
            if line and not line.startswith("#"):
                place, allowed = line.split(":", 1)
                (self.library_may if place.startswith("<") else self.may)[place] = allowed.split()

    def place_of(self, path):
        """cli/err.h: cli; kern/map/io.c: kern; map/dump.c and map.c: map; main.c: main"""
        name = path.split("/")[0] if "/" in path else path.rsplit(".", 1)[0]
        return "json_writer" if name.startswith("json_") else name

    def edge(self, path, to_path):
        here, to = self.place_of(path), self.place_of(to_path)
        may = self.may.get(here, self.may["GROUP"])
        if here == to or to in may or to_path.rsplit("/", 1)[0] in may:
            return ""
        return f"{path} ({here}) includes {to_path} ({to})"

    def library(self, path, header):
        here = self.place_of(path)
        names = {here, path.rsplit(".", 1)[0]} | (set() if here in self.may else {"GROUP"})
        bad = any(header.startswith(p) and not names & set(places) for p, places in self.library_may.items())
        return f"{path} ({here}) includes {header}>" if bad else ""

    def include(self, path, own, header):
        return self.edge(path, own) if own else self.library(path, header)


def own_files(top):
    """The program's own sources, from the top: what is not in tests/, bpf/ or a build folder."""
    for folder in ("", "*/", "*/*/"):
        for file in top.glob(folder + "*.[ch]"):
            path = str(file.relative_to(top))
            if not re.match(r"(tests|bpf|build[^/]*)/", path):
                yield path


def main():
    top = Path(sys.argv[1])
    layers = Layers((top / "tests/style/layers.table").read_text(encoding="utf-8"))
    if len(sys.argv) == 4:
        path, to = sys.argv[2:]
        print(layers.include(path, "" if to.startswith("<") else to, to))
        return
    for path in sorted(own_files(top)):
        text = (top / path).read_text(encoding="utf-8", errors="replace")
        wrong = [layers.include(path, own, header) for own, header in INCLUDE.findall(text)]
        print(path, len(wrong), "; ".join(w for w in wrong if w))


if __name__ == "__main__":
    main()

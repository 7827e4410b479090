#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Introspection = help = completion = manual. Prints what is wrong, a line each: "TREE: what: problem".

    check.py PROGRAM TREE.json...

A TREE is what the program says about itself (--introspect-cli), or would say. In the manual a command has a heading
of its own ("prog load"), and below it each parameter a term: "**type** *TYPE*" for a keyword, "*OBJ*" for one that is
known by its place. The program is started once where tests/serve.c is built ($SERVE_SO).
"""
import functools
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "Documentation"))
from synopsis import commands, fill, param_text  # noqa: E402


class Program:
    """Answers for words, each asked for once."""

    def __init__(self, path):
        self.path, self.server = path, None
        so = os.environ.get("SERVE_SO")
        if so and os.path.exists(so):
            self.server = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                           env={**os.environ, "SERVE": "1", "LD_PRELOAD": so})
            self.folder = tempfile.TemporaryDirectory()

    @functools.lru_cache(maxsize=None)
    def said(self, *words):
        if not self.server:
            return subprocess.run([self.path, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  text=True, check=False).stdout
        out = Path(self.folder.name) / "out"
        strings = [str(out), "/dev/null", "SERVED=1", self.path, *words]
        self.server.stdin.write("".join(f"{s}\0" for s in [len(strings), *strings]).encode())
        self.server.stdin.flush()
        if not self.server.stdout.readline():
            sys.exit("check.py: the server is gone")
        return out.read_text(encoding="utf-8")


def page_of(path):
    page = TOP / "Documentation" / f"bpfctl-{path[0]}.rst"
    return page if page.exists() else TOP / "Documentation" / "bpfctl.rst"


def sections(page):
    """Heading -> the lines below it, for headings underlined with '-'."""
    lines = page.read_text(encoding="utf-8").splitlines() + [""]
    found, name = {}, None
    for i, line in enumerate(lines[:-1]):
        below = lines[i + 1]
        subtitle = i and re.fullmatch(r"-{3,}", lines[i - 1])
        if line and not subtitle and re.fullmatch(r"-{3,}", below):
            name = line
            found[name] = []
        elif line and re.fullmatch(r"={3,}", below):
            name = None
        elif name:
            found[name].append(line)
    return found


def terms(lines):
    """Terms of a definition list: unindented, the next line indented."""
    for i, line in enumerate(lines[:-1]):
        if line and not line[0].isspace() and lines[i + 1].startswith("    "):
            yield line


def manual(_program, cli):
    known = {}
    for path, c in commands(cli):
        known.setdefault(page_of(path), {})[" ".join(path)] = c
    for page in sorted((TOP / "Documentation").glob("*.rst")):
        known.setdefault(page, {})
    for page, cmds in known.items():
        have = sections(page)
        for name in have:
            if name not in cmds:
                yield f"{page.name}: '{name}' is no command"
        for name, c in cmds.items():
            if name not in have:
                yield f"{page.name}: no paragraph for '{name}'"
                continue
            wanted = {param_text(p) for p in c["params"] if not p.get("hidden")}
            found = set(terms(have[name]))
            yield from (f"{page.name}: {name}: no paragraph for {t}" for t in sorted(wanted - found))
            yield from (f"{page.name}: {name}: {t} is no parameter" for t in sorted(found - wanted))
            if not " ".join(have[name]).strip():
                yield f"{page.name}: {name}: nothing is said about it"


def help_(program, cli):
    top = program.said("help")
    for path, c in commands(cli):
        if not re.search(rf"\b{path[0]}\b", top):
            yield f"help does not name {path[0]}"
        if len(path) > 1 and not re.search(rf"\b{path[1]}\b", program.said(path[0], "help")):
            yield f"'{path[0]} help' does not name {path[1]}"
        text = program.said(*path, "help")
        if not text:
            yield f"'{' '.join(path)} help' prints nothing"
        for p in c["params"]:
            if p.get("hidden"):
                continue
            for word in filter(None, (p["name"], p["metavar"])):
                if word not in text:
                    yield f"'{' '.join(path)} help' does not name {word}"


def stand_in(p):
    """Words that could stand for a positional parameter."""
    if p["kind"] == "ref":
        return [p["words"][0], "1"]
    if p["words"]:
        return [p["words"][0]]
    return ["1"] if p["kind"] in ("u32", "u64") else ["x"]


def completion(program, cli):
    groups = {}
    for path, c in commands(cli):
        groups.setdefault(path[:-1], set()).update([path[-1], *c.get("aliases", [])])
    groups[()] = groups.get((), set()) | {g[0] for g in groups if g}
    for group, verbs in groups.items():
        offered = set(program.said("__complete", *group, "").split("\n"))
        for verb in sorted(verbs - offered):
            yield f"completion after '{' '.join(group)}' does not offer {verb}"
    for path, c in commands(cli):
        typed = list(path)
        positional = [p for p in c["params"] if not p["name"]]
        if any(p["kind"] in ("tail", "custom") or (p["repeat"] and p["kind"] != "ref") for p in positional):
            continue
        for p in positional:
            typed += stand_in(p)
        offered = set(program.said("__complete", *typed, "").split("\n"))
        for p in c["params"]:
            if p["name"] and not p.get("hidden") and p["name"] not in offered:
                yield f"completion after '{' '.join(typed)}' does not offer {p['name']}"


def options(program, cli):
    top = program.said("help")
    offered = set(program.said("__complete", "-").split("\n"))
    filled = fill(cli, (TOP / "Documentation/bpfctl.rst").read_text(encoding="utf-8"))
    for o in cli["options"]:
        for name in ([f"-{o['short']}"] if o["short"] else []) + ([f"--{o['long']}"] if o["long"] else []):
            if name not in top:
                yield f"help does not name {name}"
            if name not in filled:
                yield f"bpfctl.rst does not name {name}"
            if name.startswith("--") and name not in offered:
                yield f"completion does not offer {name}"


CHECKS = {"manual": manual, "help": help_, "completion": completion, "options": options}


def main():
    program = Program(sys.argv[1])
    for tree in sys.argv[2:]:
        cli = json.loads(Path(tree).read_text(encoding="utf-8"))
        for what, check in CHECKS.items():
            for problem in check(program, cli):
                print(f"{Path(tree).stem}: {what}: {problem}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""What golden.t ran, judged: TAP on stdout. golden.py FOLDER <records"""
import difflib
import json
import os
import re
import sys
from pathlib import Path

MODES = ("plain", "-j", "-p", "--jsonl")


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def check(self, good, text, said=""):
        self.n += 1
        self.bad += not good
        text = text.replace("#", "no.")
        print(f"{'' if good else 'not '}ok {self.n} - {text}")
        if not good:
            print("".join(f"# {line}\n" for line in str(said).splitlines()[:40]), end="")


def no_constant(text):
    raise ValueError(f"{text} is no JSON")


def parse(text):
    """The value of exactly one document; a ValueError says what is wrong."""
    return json.loads(text, parse_constant=no_constant)


def value_of(text):
    try:
        return parse(text)
    except ValueError as e:
        return f"no JSON: {e}"


def leaves(value, key=""):
    """(key, value) of what is not null, an array's elements under the array's key. Text shows entries of maps with
    type information by their types, and not as bytes besides."""
    if isinstance(value, dict):
        typed = "formatted" in value
        for k, v in value.items():
            if not (typed and k in ("key", "value", "values")):
                yield from leaves(v, k)
    elif isinstance(value, list):
        for v in value:
            yield from leaves(v, key)
    elif value is not None:
        yield key, value if isinstance(value, str) else json.dumps(value)


def in_text(value, text):
    """A value may read in text as itself (control bytes escaped), in hex, as bytes without 0x."""
    value = value.replace("\x1b", "\\x1b")
    return (value in text or
            (re.fullmatch(r"-?\d+", value) and f"{int(value) % (1 << 64):#x}" in text) or
            (value.startswith("0x") and value[2:] in text))


class JsonOnly:
    """Keys, or "key=value" with dots for what is no letter or digit, that text need not have."""

    def __init__(self, path):
        self.words = {line.split()[0] for line in path.read_text().splitlines() if line.strip()}

    def has(self, key, value):
        if key in self.words:
            return True
        pattern = re.escape(key) + "=" + re.sub("[^0-9a-z]", ".", value)
        return any(w.startswith(key + "=") and re.fullmatch(pattern, w) for w in self.words)


class Golden:
    def __init__(self, folder, tap):
        self.folder, self.tap = folder / "golden", tap
        self.json_only = JsonOnly(folder / "json-only.txt")
        self.update = bool(os.environ.get("UPDATE"))

    def kept(self, name, got, what):
        path = self.folder / name
        got = re.sub(r'"(cgroup_id|netns_ino)":\d{6,}', r'"\1":"N"', got) + "\n"    # of this machine
        if self.update:
            path.write_bytes(os.fsencode(got))
        if not path.exists():
            self.tap.check(False, f"{what}: golden/{name} is missing")
            return
        want = os.fsdecode(path.read_bytes())
        diff = difflib.unified_diff(want.split("\n"), got.split("\n"), name, "got", lineterm="")
        self.tap.check(got == want, what, "" if got == want else "\n".join(diff))

    def parity(self, name, value, text):
        lost = [f"{k}={v}" for k, v in leaves(value) if not self.json_only.has(k, v) and not in_text(v, text)]
        self.tap.check(not lost, f"{name}: what JSON tells is in the text", " ".join(lost))

    def case(self, name, want, runs):
        check = self.tap.check
        plain, _, other = want.rstrip("~").partition("/")
        for mode, (status, out, err) in zip(MODES, runs):
            due = plain if mode == "plain" else other or plain
            check(status == due, f"{name}: exit status, {mode}", f"status {status}, want {due}\n{out}\n{err}")
        (_, text, err), (_, doc, silent), (_, pretty, silent_p), (_, lines, _) = runs
        self.kept(f"{name}.txt", text + (f"\n--- stderr\n{err}" if err else ""), f"{name}: plain")
        value = value_of(doc)
        check(not silent and not str(value).startswith("no JSON"), f"{name}: -j is one document, stderr silent",
              f"{value}\n{doc}\n{silent}")
        self.kept(f"{name}.json", doc, f"{name}: -j")
        if want == "0":
            self.parity(name, value, text)
        check(not silent_p and value_of(pretty) == value, f"{name}: -p is the same value, stderr silent",
              f"{pretty}\n{silent_p}")
        bad = [line for line in lines.splitlines() if str(value_of(line)).startswith("no JSON")]
        check(not bad, f"{name}: --jsonl is a document per line", "\n".join(bad))


def main():
    tap = Tap()
    golden = Golden(Path(sys.argv[1]), tap)
    fields = os.fsdecode(sys.stdin.buffer.read()).split("\0")[:-1]
    size = 2 + 3 * len(MODES)
    if not fields or len(fields) % size:
        tap.check(False, "whole records came", f"{len(fields)} strings")
    for at in range(0, len(fields) - size + 1, size):
        name, want, *rest = fields[at:at + size]
        golden.case(name, want, [rest[i:i + 3] for i in range(0, len(rest), 3)])
    print(f"1..{tap.n}")
    return tap.bad != 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Fill a manual page's placeholders from what the program says about itself.

    synopsis.py PROGRAM PAGE.rst

".. synopsis: prog load" becomes the command line of that command, or of each command of a
group; ".. options:" becomes the list of global options. The result goes to stdout.
"""
import json
import re
import subprocess
import sys


def describe(program):
    return json.loads(subprocess.check_output([program, "--introspect-cli"]))


def commands(node, path=()):
    """All commands below node that are not hidden, each with its words."""
    for c in node.get("commands", []):
        words = path + (c["name"],)
        if c.get("hidden"):
            continue
        if "commands" in c:
            yield from commands(c, words)
        else:
            yield words, c


def param_text(p):
    """One parameter as it stands on a command line."""
    text = p["name"] and f"**{p['name']}**"
    if p["metavar"] and p["kind"] != "flag":
        text += (" " if text else "") + f"*{p['metavar']}*"
    return text


def params_text(params):
    groups = []
    for p in (p for p in params if not p.get("hidden")):
        if p["group"] and groups and groups[-1][0]["group"] == p["group"]:
            groups[-1].append(p)
        else:
            groups.append([p])
    for g in groups:
        text = " | ".join(param_text(p) for p in g)
        if not g[0]["required"] and not (g[0]["metavar"] or "").startswith("["):
            text = f"[ {text} ]"
        elif len(g) > 1:
            text = f"{{ {text} }}"
        yield text + ("..." if g[0]["repeat"] else "")


def synopsis(cli, words):
    lines = []
    for path, c in commands(cli):
        if path[:len(words)] != words:
            continue
        verb = "|".join([path[-1]] + c.get("aliases", []))
        # The verb stands for what the group does by default, and may be left out.
        verb = f"[ **{verb}** ]" if c.get("default") else f"**{verb}**"
        head = [f"**{cli['name']}**", "[ *OPTIONS* ]"] + [f"**{w}**" for w in path[:-1]] + [verb]
        lines.append(" ".join(head + list(params_text(c["params"]))))
    if not lines:
        sys.exit(f"synopsis.py: there is no command '{' '.join(words)}'")
    return "\n\n".join(lines)


def options(cli):
    entries = []
    for o in cli["options"]:
        names = ([f"-{o['short']}"] if o["short"] else []) + ([f"--{o['long']}"] if o["long"] else [])
        value = f" {o['metavar']}" if o["metavar"] else ""
        help_text = o["help"][0].upper() + o["help"][1:]
        entries.append(f"{', '.join(n + value for n in names)}\n    {help_text}.")
    return "\n\n".join(entries)


def fill(cli, text):
    text = re.sub(r"^\.\. synopsis:[ ]*(.*)$", lambda m: synopsis(cli, tuple(m[1].split())), text, flags=re.M)
    return re.sub(r"^\.\. options:$", lambda m: options(cli), text, flags=re.M)


def main():
    program, page = sys.argv[1:3]
    with open(page, encoding="utf-8") as f:
        print(fill(describe(program), f.read()), end="")


if __name__ == "__main__":
    main()

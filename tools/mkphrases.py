#!/usr/bin/env python3
"""Compile what the C code says to people, in three languages, and see that nothing is missing.

    mkphrases.py OUT.c texts/phrases.txt texts/help.txt
    mkphrases.py --check ROOT      every phrase in use, translated, and nothing else (make layers)
    mkphrases.py --missing ROOT    the blocks that are missing, to be filled in and put into texts/phrases.txt

The English text stands in the code and is the key: a literal given to a parameter marked SAYS, or PHRASE("…") (src/base/phrase.h), or what
a declaration says of itself: .summary, .details, .help, .group, and the help of a parameter; those stand in texts/help.txt. A block is that text on a line, and beneath it, indented, "es = …" and "pt = …"; # begins a comment. Conversions of printf are
those of the English, in the same order or all numbered (%2$s, %2$.*1$s). A text that is the same in a language is written "= same"; a space at the end of a line is written \\s.
"""
import os
import re
import sys

import ctable

LANGUAGES = ("es", "pt")
TOKEN = re.compile(r'(?P<c>/\*.*?\*/|//[^\n]*)|(?P<s>"(?:\\.|[^"\\])*")|(?P<h>\'(?:\\.|[^\'\\])*\')|(?P<w>[A-Za-z_]\w*)|(?P<n>\d[\w.]*)|(?P<p>[^\s])', re.S)
CONVERSION = re.compile(r"%(?:(\d+)\$)?([-+ 0#']*)(\*(?:\d+\$)?|\d+)?(\.(?:\*(?:\d+\$)?|\d+)?)?(hh|h|ll|l|z|j|t)?([a-zA-Z%])")
DECLARED = ("summary", "details", "help", "group")
PARAM_TYPES = ("P_TEXT", "P_INT", "P_DATE", "P_AMOUNT", "P_CURRENCY", "P_FLAG", "P_FILE", "P_CHOICE")
FILES = ("texts/phrases.txt", "texts/help.txt")
# Where the mark itself is explained or made.
OWN = ("src/base/phrase.h", "src/base/phrase.c")


# ---- the code ----

def tokens(source):
    out, line, at = [], 1, 0
    for m in TOKEN.finditer(source):
        line += source.count("\n", at, m.start())
        at = m.start()
        if m.lastgroup != "c":
            out.append((m.lastgroup, m.group(), line))
    return out


def unescape(text):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text)


def constants(toks):
    """#define NAME "text" and NAME 12 of one file."""
    found = {}
    for i in range(len(toks) - 3):
        if toks[i][1] == "#" and toks[i + 1][1] == "define" and toks[i + 3][0] == "s" and toks[i + 2][2] == toks[i + 3][2]:
            j, text = i + 3, ""
            while j < len(toks) and toks[j][0] == "s":
                text += toks[j][1][1:-1]
                j += 1
            found[toks[i + 2][1]] = text
    return found


def arguments(toks, at):
    """Token lists of the parenthesis opening at `at`."""
    depth, args = 0, [[]]
    for t in toks[at:]:
        if t[0] == "p" and t[1] in "([{":
            depth += 1
            if depth == 1:
                continue
        if t[0] == "p" and t[1] in ")]}":
            depth -= 1
            if depth == 0:
                return args
        if t[1] == "," and t[0] == "p" and depth == 1:
            args.append([])
        else:
            args[-1].append(t)
    return args


def literals(arg, named):
    """Texts of an argument: neighbours are one; what is within a call belongs to that call."""
    out, current, depth, previous = [], None, 0, ("p", "", 0)
    calls = []
    for t in arg:
        if t[0] == "p" and t[1] == "(":
            calls.append(previous[0] == "w" and previous[1] not in ("return",))
            depth += calls[-1]
        if t[0] == "p" and t[1] == ")" and calls:
            depth -= calls.pop()
        text = t[1][1:-1] if t[0] == "s" else named.get(t[1]) if t[0] == "w" else None
        if text is not None and depth == 0:
            current = (current or "") + text
        elif current is not None:
            out.append(current)
            current = None
        previous = t
    if current is not None:
        out.append(current)
    return [unescape(text) for text in out]


def assigned(toks, name):
    """What one file assigns to a variable: a phrase may come that way."""
    for i in range(len(toks) - 2):
        if toks[i][1] == name and toks[i + 1][1] == "=" and toks[i + 2][1] != "=" and toks[i - 1][1] not in (".", ">"):
            end = next((j for j in range(i + 2, len(toks)) if toks[j][1] == ";"), i + 2)
            yield toks[i + 2:end]


def marks(toks):
    """{function: positions of its parameters marked SAYS}."""
    found = {}
    for i, t in enumerate(toks):
        if t[1] != "SAYS" or toks[i - 1][1] == "define":
            continue
        depth, position, j = 0, 0, i - 1
        while not (toks[j][1] == "(" and depth == 0):
            depth += (toks[j][1] == ")") - (toks[j][1] == "(")
            position += toks[j][1] == "," and depth == 0
            j -= 1
        found.setdefault(toks[j - 1][1], set()).add(position)
    return found


def joined(toks, at, named):
    """Neighbouring literals from `at` on, as one text; None when there is none."""
    text = None
    while toks[at][0] == "s" or toks[at][1] in named:
        text = (text or "") + (toks[at][1][1:-1] if toks[at][0] == "s" else named[toks[at][1]])
        at += 1
    return None if text is None else unescape(text)


def declared(toks, named):
    """(text, line) of what declarations say of themselves: .summary = "…", and {"name", P_TEXT, OPTIONAL, "help", …}."""
    for i in range(1, len(toks) - 3):
        if toks[i][1] == "." and toks[i + 1][1] in DECLARED and toks[i + 2][1] == "=":
            text = joined(toks, i + 3, named)
        elif toks[i][1] in PARAM_TYPES and toks[i - 1][1] == ",":
            j = i + 2
            while toks[j][1] not in (",", "}"):
                j += 1
            text = joined(toks, j + 1, named) if toks[j][1] == "," else None
        else:
            continue
        if text:
            yield text, toks[i][2]


def says_something(text):
    return re.search(r"[^\W\d_]", CONVERSION.sub("", text)) is not None


def collect(root):
    """({English: where}, {…: where} of declarations) of the whole source, tests aside."""
    files = {}
    for folder, _, names in os.walk(os.path.join(root, "src")):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith((".c", ".h")) and not name.endswith("_test.c"):
                with open(path, encoding="utf-8") as f:
                    files[os.path.relpath(path, root)] = tokens(f.read())
    everywhere, found, helps = {"PHRASE": {0}}, {}, {}
    for path, toks in files.items():
        if path.endswith(".h"):
            everywhere.update(marks(toks))
    for path, toks in sorted(files.items()):
        if path in OWN:
            continue
        says, named = {**everywhere, **marks(toks)}, constants(toks)
        for text, line in declared(toks, named):
            if says_something(text):
                helps.setdefault(text, f"{path}:{line}")
        for i, t in enumerate(toks):
            if t[0] != "w" or t[1] not in says or i + 1 >= len(toks) or toks[i + 1][1] != "(":
                continue
            args = arguments(toks, i + 1)
            for position in says[t[1]]:
                given = [args[position]] if position < len(args) else []
                if given and len(given[0]) == 1 and given[0][0][0] == "w":
                    given += assigned(toks, given[0][0][1])
                for arg in given:
                    for text in literals(arg, named):
                        if says_something(text):
                            found.setdefault(text, f"{path}:{t[2]}")
    return found, {text: where for text, where in helps.items() if text not in found}


# ---- the texts ----

def read_all(paths):
    """{English: {language: text}} of several files."""
    texts = {}
    for path in paths:
        for english, row in read(path).items():
            if english in texts:
                sys.exit(f"{path}: stands in another file too: {english}")
            texts[english] = row
    return texts


def read(path):
    """{English: {language: text}}"""
    texts, english = {}, None
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = re.sub(r"\\s$", " ", line.rstrip("\n"))
            if not line.strip() or line.startswith("#"):
                continue
            m = re.match(r"  (es|pt) = (.+)$", line)
            if line.startswith(" ") and (not m or english is None or m[1] in texts[english]):
                sys.exit(f"{path}:{number}: beneath an English text stand \"  es = …\" and \"  pt = …\", once each")
            if m:
                texts[english][m[1]] = english if m[2] == "= same" else m[2]
                continue
            if line in texts:
                sys.exit(f"{path}:{number}: given twice: {line}")
            english = line
            texts[english] = {}
    return texts


def conversions(text):
    """[(number or None, kind)] with an entry for each argument taken; kind without flags, as they may differ."""
    out = []
    for m in CONVERSION.finditer(text):
        number, _, width, precision, size, kind = m.groups()
        if kind == "%":
            continue
        for star in (width, precision):
            if star and "*" in star:
                n = re.search(r"\d+", star)
                out.append((int(n[0]) if n else None, "*"))
        out.append((int(number) if number else None, (size or "") + kind))
    return out


def same_arguments(english, text):
    wanted, given = [kind for _, kind in conversions(english)], conversions(text)
    if all(number is None for number, _ in given):
        return [kind for _, kind in given] == wanted
    if any(number is None for number, _ in given):
        return False
    by_number = dict(given)
    return len(by_number) == len(set(given)) and [by_number.get(i + 1) for i in range(len(wanted))] == wanted and len(by_number) == len(wanted)


def faults_of(texts):
    faults = []
    for english, row in texts.items():
        for language in LANGUAGES:
            text = row.get(language)
            if text is None:
                faults.append(f"texts: no {language} for: {english}")
            elif not same_arguments(english, text):
                faults.append(f"texts: {language} has other conversions than: {english}")
            elif "!" in text.replace("!=", "") or (text.endswith(".") and not english.endswith(".")):
                faults.append(f"texts: {language} ends with a full stop or exclaims: {text}")
    return faults


def write(out, paths):
    texts = read_all(paths)
    faults = faults_of(texts)
    if faults:
        sys.exit("\n".join(faults))
    ctable.write(out, "mkphrases.py", "base/phrase.h", "phrase_row", "phrase_row",
                 [(english, [told[language] for language in LANGUAGES]) for english, told in texts.items()])


def check(root):
    faults, texts = [], read_all(os.path.join(root, name) for name in FILES)
    for name, used in zip(FILES, collect(root)):
        given = read(os.path.join(root, name))
        faults += [f"{where}: {name} has no: {text}" for text, where in used.items() if text not in given]
        faults += [f"{name}: nothing says: {text}" for text in given if text not in used]
    faults += faults_of(texts)
    print("\n".join(faults) or f"phrases: {len(texts)} in 3 languages, all in use")
    if faults:
        print("tools/mkphrases.py --missing . prints what to fill in")
    sys.exit(1 if faults else 0)


def missing(root):
    for name, used in zip(FILES, collect(root)):
        path = os.path.join(root, name)
        missing_in(name, used, read(path) if os.path.exists(path) else {})


def missing_in(name, used, texts):
    last = None
    for text, where in used.items():
        if text in texts:
            continue
        if last is None:
            print(f"# ---- {name} ----")
        if where.split(":")[0] != last:
            last = where.split(":")[0]
            print(f"# {last}")
        print(re.sub(r" $", r"\\s", text) + "\n  es = \n  pt = ")


if sys.argv[1] == "--check":
    check(sys.argv[2])
elif sys.argv[1] == "--missing":
    missing(sys.argv[2])
else:
    write(sys.argv[1], sys.argv[2:])

"""Reads a scenario file into statements; knows the shape of the language, not what the verbs mean.

A statement is one line, `VERB words…`; the lines that follow it and begin with `|` are its table, those that begin with `>` its raw
text. `#` begins a comment. Words may be quoted. Ids in comments (REQ: INV: RULE:) say what the scenario is evidence for."""
import re
import shlex


class ScriptError(Exception):
    """A mistake in the scenario itself."""


class Statement:
    def __init__(self, path, line, text):
        self.path, self.line, self.text = path, line, text
        self.words = split_words(path, line, text)
        self.table = []  # lists of cells, the header first
        self.raw = []    # lines of raw text

    def where(self):
        return f"{self.path}:{self.line}"

    def rows(self):
        """The table as dictionaries, rows with {a..b} multiplied."""
        if not self.table:
            return []
        header = self.table[0]
        found = []
        for cells in self.table[1:]:
            if len(cells) != len(header):
                raise ScriptError(f"row has {len(cells)} cells, the header {len(header)}: {cells}")
            for expanded in expand(cells):
                found.append(dict(zip(header, expanded)))
        return found


def split_words(path, line, text):
    try:
        lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
        lexer.whitespace_split = True
        lexer.commenters = ""
        return list(lexer)
    except ValueError as error:
        raise ScriptError(f"{path}:{line}: {error}")


def expand(cells):
    """`C{1..3}` in a cell gives three rows; `{n}` in the others is the counter."""
    for cell in cells:
        span = re.search(r"\{(\d+)\.\.(\d+)\}", cell)
        if span:
            first, last = int(span[1]), int(span[2])
            return [[c.replace(span[0], str(n)).replace("{n}", str(n)) for c in cells] for n in range(first, last + 1)]
    return [cells]


def split_cells(text):
    cells = re.split(r"(?<!\\)\|", text.strip())
    return [c.strip().replace("\\|", "|") for c in cells[1:-1]]


def read(path, shown=None):
    """The statements of a file, and the ids its comments cite."""
    shown = shown or path
    statements, ids = [], []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            text = line.rstrip("\n")
            bare = text.strip()
            if bare.startswith("#"):
                ids += re.findall(r"\b(?:REQ|INV|RULE): *((?:[A-Z][A-Z0-9-]*[0-9][A-Z0-9-]*[ ,]*)+)", bare)
            elif bare.startswith("|") or bare.startswith(">"):
                if not statements:
                    raise ScriptError(f"{shown}:{number}: a table needs a verb above it")
                if bare.startswith("|"):
                    if not bare.endswith("|"):
                        raise ScriptError(f"{shown}:{number}: a table row ends with |")
                    statements[-1].table.append(split_cells(bare))
                else:
                    statements[-1].raw.append(bare[2:] if bare.startswith("> ") else bare[1:])
            elif bare:
                statements.append(Statement(shown, number, bare))
    return statements, sorted({i for group in ids for i in re.split(r"[ ,]+", group) if i})


def conditions(words):
    """`a=1 subject ~ "x" body !~ "y"` as (field, operator, value) triples."""
    found, i = [], 0
    while i < len(words):
        if i + 2 < len(words) + 0 and words[i + 1] in ("~", "!~", "=", "!="):
            found.append((words[i], words[i + 1], words[i + 2]))
            i += 3
        elif re.match(r"[A-Za-z_][\w.\[\]]*!?=", words[i]):
            field, value = words[i].split("=", 1)
            operator = "!=" if field.endswith("!") else "="
            found.append((field.rstrip("!"), operator, value))
            i += 1
        else:
            raise ScriptError(f"cannot read the condition at “{' '.join(words[i:])}”: FIELD=VALUE or FIELD ~ TEXT")
    return found

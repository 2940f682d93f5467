# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds the functions and classes of a C or C++ source, as lint measures them: without a compiler, so that it takes a moment
anywhere. What it makes of a source that clang-tidy can read is the same, within a point or two of complexity."""
import collections
import re

Function = collections.namedtuple("Function", "name first last complexity")
Class = collections.namedtuple("Class", "name line booleans")
Token = collections.namedtuple("Token", "text line")

TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.']*|&&|\|\||::|->|==|!=|<=|>=|\S")
NOISE = re.compile(
    r"//[^\n]*(?:\\\n[^\n]*)*"
    r"|/\*.*?\*/"
    r'|R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",
    re.S,
)
OPENING, CLOSING = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}


def without_noise(text):
    """The text with comments gone and strings as "", each line where it was."""

    def blank(match):
        found = match[0]
        return ('""' if found[0] in "\"'R" else " ") + "\n" * found.count("\n")

    return NOISE.sub(blank, text)


def one_branch(text):
    """Of each #if the first branch alone, and no directives: the braces of all branches together need not match."""
    lines, skipping = [], []
    continued = False
    for line in text.split("\n"):
        directive = re.match(r"\s*#\s*(\w+)", line)
        word = directive[1] if directive else ""
        if word.startswith("if"):
            skipping.append(False)
        elif word in ("else", "elif") and skipping:
            skipping[-1] = True
        elif word == "endif" and skipping:
            skipping.pop()
        lines.append("" if directive or continued or any(skipping) else line)
        continued = (bool(directive) or continued) and line.endswith("\\")
    return "\n".join(lines)


def tokens_of(text):
    return [
        Token(match[0], number)
        for number, line in enumerate(one_branch(without_noise(text)).split("\n"), 1)
        for match in TOKEN.finditer(line)
    ]


class Complexity:
    """Cognitive complexity of a function's body: a point for each break in the flow, and one more for each level that it is
    nested in; else, a change between && and ||, and goto count a point."""

    def __init__(self, tokens, place):
        self.tokens, self.place, self.points = tokens, place, 0

    def now(self):
        return self.tokens[self.place].text if self.place < len(self.tokens) else ""

    def block(self, nesting):
        self.place += 1  # {
        while self.now() not in ("}", ""):
            self.statement(nesting)
        self.place += 1

    def statement(self, nesting, is_else_if=False):
        word = self.now()
        if word == "{":
            self.block(nesting)
        elif word == "if":
            self.points += 1 if is_else_if else 1 + nesting
            self.condition(nesting)
            self.statement(nesting + 1)
            if self.now() == "else":
                self.place += 1
                if self.now() == "if":
                    self.statement(nesting, is_else_if=True)
                else:
                    self.points += 1
                    self.statement(nesting + 1)
        elif word in ("for", "while", "switch", "catch"):
            self.points += 1 + nesting
            self.condition(nesting)
            self.statement(nesting + 1)
        elif word == "do":
            self.points += 1 + nesting
            self.place += 1
            self.statement(nesting + 1)
            self.expression(nesting)  # while (...);
        elif word in ("case", "default"):
            while self.now() not in (":", ""):
                self.place += 1
            self.place += 1
        else:
            self.points += word == "goto"
            self.expression(nesting)

    def condition(self, nesting):
        while self.now() not in ("(", ""):  # constexpr, or a macro's name
            self.place += 1
        self.group(nesting)

    def group(self, nesting):
        """From an opening bracket to behind its end."""
        self.place += 1
        self.run(nesting, CLOSING)
        self.place += 1

    def expression(self, nesting):
        self.run(nesting, {";", "}"})
        self.place += self.now() == ";"

    def run(self, nesting, ends):
        operator, conditions, before = "", 0, ""
        while self.now() not in ends and self.now():
            word = self.now()
            if word == "{":
                if before == ")" or self.is_lambda():
                    self.block(nesting + 1)
                else:
                    self.group(nesting)
                before = "}"
                continue
            if word in OPENING:
                self.group(nesting)
                before = OPENING[word]
                continue
            if word in ("&&", "||") and before not in ("auto", ">", "(", ",", ""):
                self.points += word != operator
                operator = word
            elif word == "?":
                self.points += 1 + nesting + conditions
                conditions += 1
            elif word in (",", ";"):
                operator, conditions = "", 0
            before = word
            self.place += 1

    def is_lambda(self):
        """Whether the brace here begins the body of a lambda: [..] or [..](..), then perhaps mutable or -> a type."""
        place = self.place - 1
        while place > 0 and re.fullmatch(r"[A-Za-z_]\w*|->|::|<|>|\*|&", self.tokens[place].text):
            place -= 1
        return self.tokens[place].text == "]" or (self.tokens[place].text == ")" and self.tokens[place + 1].text in ("->", "mutable"))


Scope = collections.namedtuple("Scope", "kind name line members")


def kind_of(head):
    """What the brace after these tokens begins: a namespace, class, enum, function, or the initial value of something."""
    words = [token.text for token in head]
    if "namespace" in words or words[:1] == ["extern"] and words[-1] == '"' and "(" not in words:
        return "namespace"
    flat = outside_brackets(words)
    if "enum" in flat:
        return "enum"
    if words and words[-1] in ("=", ",", "(", "return"):
        return "value"
    if "=" in flat and "operator" not in flat:
        return "value"
    if "(" in words and "(" in flat:
        members = flat.index(":") if ":" in flat else None  # of a constructor
        if members is not None and re.fullmatch(r"\w+|>", words[-1]):
            return "value"
        return "function"
    if {"class", "struct", "union"} & set(flat):
        return "class"
    return "value"


def outside_brackets(words):
    """The words that stand outside of <...> and (...); an opening bracket stands for the whole."""
    flat, depth, angles = [], 0, 0
    for word in words:
        if word in "([" and not angles:
            if depth == 0:
                flat.append(word)
            depth += 1
        elif word in ")]" and not angles:
            depth -= 1
        elif word == "<" and depth == 0 and flat and flat[-1] != "operator":
            angles += 1
        elif word == ">" and angles:
            angles -= 1
        elif depth == 0 and not angles:
            flat.append(word)
    return flat


def name_of(head, kind):
    words = [token.text for token in head]
    if kind == "class":
        flat = [word for word in outside_brackets(words) if re.match(r"\w", word) and word not in ("final", "alignas")]
        for place, word in enumerate(flat):
            if word in ("class", "struct", "union") and place + 1 < len(flat):
                return flat[place + 1]
        return ""
    depth = 0
    for place, word in enumerate(words):
        if word == "(" and depth == 0 and place and re.match(r"\w", words[place - 1]) and words[place - 1] != "__attribute__":
            return words[place - 1]
        depth += (word == "(") - (word == ")")
    return "?"


def booleans_of(members):
    """How many of the names that these tokens of a class declare are bool, or a field of one bit."""
    count, statement = 0, []
    for word in [*members, ";"]:
        if word != ";":
            statement.append(word)
            continue
        flat = outside_brackets(statement)
        while flat[:2] and flat[0] in ("public", "private", "protected") and flat[1] == ":":
            flat = flat[2:]
        if flat and "(" not in flat and not {"static", "using", "typedef", "constexpr", "friend", "="} & set(flat[:1]):
            names = 1 + flat.count(",")
            if "bool" in flat:
                count += names if not {"*", "&"} & set(flat) else 0
            else:
                count += sum(flat[place : place + 2] == [":", "1"] for place in range(len(flat)))
        statement = []
    return count


class Reader:
    """Goes through a source's tokens once, brace by brace."""

    def __init__(self, tokens):
        self.tokens, self.scopes, self.head = tokens, [], []  # head: the tokens since the last brace or semicolon
        self.functions, self.classes = [], []

    def read(self):
        place = 0
        while place < len(self.tokens):
            token = self.tokens[place]
            if token.text == "{":
                place = self.opened(place)
                continue
            if token.text == "}":
                self.closed()
            elif token.text == ";":
                self.add_members([*(other.text for other in self.head), ";"])
                self.head = []
            elif token.text == ":" and len(self.head) == 1 and self.head[0].text in ("public", "private", "protected"):
                self.head = []
            else:
                self.head.append(token)
            place += 1

    def opened(self, place):
        kind = kind_of(self.head)
        if kind == "function":
            body = Complexity(self.tokens, place)
            body.block(0)
            last = self.tokens[min(body.place, len(self.tokens)) - 1].line
            self.functions.append(Function(name_of(self.head, kind), self.head[0].line, last, body.points))
            self.head = []
            return body.place
        self.scopes.append(Scope(kind, name_of(self.head, kind) if kind == "class" else "", self.tokens[place].line, []))
        if kind != "value":
            self.head = []
        return place + 1

    def closed(self):
        scope = self.scopes.pop() if self.scopes else Scope("namespace", "", 0, [])
        if scope.kind == "class":
            if scope.name:
                self.classes.append(Class(scope.name, scope.line, booleans_of(scope.members)))
            else:
                self.add_members(scope.members)  # without a name: they are the outer one's
        if scope.kind != "value":
            self.head = []

    def add_members(self, words):
        if self.scopes and self.scopes[-1].kind == "class":
            self.scopes[-1].members.extend(words)


def measure(text):
    """The functions and the classes of a source."""
    reader = Reader(tokens_of(text))
    reader.read()
    return reader.functions, reader.classes

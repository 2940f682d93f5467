#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How long and how involved a piece of code may be: part of toolchain/lint.

usage: toolchain/lib/lint_limits.py [--list | --fix] < LIST_OF_FILES

Says which function has more than 60 lines or a cognitive complexity above 25, which class more than 8 booleans, which file more
than 300 lines, and which run of 20 lines stands twice. What is generated, or a table, is as long as it is. --list prints
what is found as entries of toolchain/lint.list; --fix takes entries out of that which aren't needed any more.
"""
import ast
import collections
import pathlib
import re
import sys

import lint_cpp
import lint_list

FUNCTION_LINES, COMPLEXITY, BOOLEANS, FILE_LINES, REPEATED_LINES = 60, 25, 8, 300, 20

# As long as what they list.
TABLES = re.compile(r"(^|/)generated/|_table\.(h|cpp)$|\.inc$")
CPP, PYTHON, SHELL, CMAKE = "C++", "Python", "shell", "CMake"


def language_of(path, text):
    if path.suffix in (".c", ".cpp", ".h"):
        return CPP
    if path.suffix == ".py" or re.match(r"#!.*python", text):
        return PYTHON
    if path.suffix == ".sh" or re.match(r"#!.*[/ ](ba|da)?sh\b", text):
        return SHELL
    if path.suffix == ".cmake" or path.name == "CMakeLists.txt":
        return CMAKE
    return None


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield lint_cpp.Function(node.name, first, node.end_lineno, python_complexity(node.body, 0))


def python_complexity(nodes, nesting):
    """As lint_cpp.Complexity counts it."""
    points = 0
    for node in nodes:
        deeper = nesting
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            if not isinstance(node, ast.Lambda):
                continue  # measured by itself
            deeper += 1
        elif isinstance(node, ast.If):
            points += python_if(node, nesting, is_elif=False)
            continue
        elif isinstance(node, (ast.For, ast.While, ast.IfExp, ast.ExceptHandler, ast.AsyncFor, ast.Match)):
            points += 1 + nesting
            deeper += 1
        elif isinstance(node, ast.BoolOp):
            points += 1
        points += python_complexity(ast.iter_child_nodes(node), deeper)
    return points


def python_if(node, nesting, is_elif):
    points = 1 if is_elif else 1 + nesting
    points += python_complexity([node.test], nesting) + python_complexity(node.body, nesting + 1)
    if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        return points + python_if(node.orelse[0], nesting, is_elif=True)
    return points + (1 + python_complexity(node.orelse, nesting + 1) if node.orelse else 0)


def shell_functions(text):
    first = name = None
    for number, line in enumerate(text.splitlines(), 1):
        start = re.match(r"(?:function )?([\w-]+) ?\(\) *[{(]( *#.*)?$", line)
        if start:
            first, name = number, start[1]
        elif first and re.match(r"[})]", line):
            yield lint_cpp.Function(name, first, number, 0)
            first = None


def cmake_functions(text):
    first = name = None
    for number, line in enumerate(text.splitlines(), 1):
        start = re.match(r"\s*(?:function|macro)\s*\(\s*(\w+)", line, re.I)
        if start:
            first, name = number, start[1]
        elif first and re.match(r"\s*end(function|macro)", line, re.I):
            yield lint_cpp.Function(name, first, number, 0)
            first = None


def measured(text, language):
    """Functions and classes."""
    if language == CPP:
        return lint_cpp.measure(text)
    return {PYTHON: python_functions, SHELL: shell_functions, CMAKE: cmake_functions}[language](text), []


def limits_of(path, text, language):
    """What is too much in this file: (a name that lasts, a sentence)."""
    count = text.count("\n")
    if count > FILE_LINES and not TABLES.search(str(path)):
        yield f"{path}", f"{path}: {count} lines; a file has {FILE_LINES} at most"
    functions, classes = measured(text, language)
    for function in functions:
        lines = function.last - function.first + 1
        where = f"{path}:{function.first}: {function.name}"
        if lines > FUNCTION_LINES:
            yield f"{path} {function.name}", f"{where} has {lines} lines; a function has {FUNCTION_LINES} at most"
        if function.complexity > COMPLEXITY:
            yield f"{path} {function.name}", f"{where} has a cognitive complexity of {function.complexity}; {COMPLEXITY} is the most"
    for each in classes:
        if each.booleans > BOOLEANS:
            yield f"{path} {each.name}", f"{path}:{each.line}: {each.name} has {each.booleans} booleans; {BOOLEANS} is the most"


def significant(text):
    """The lines that count when two places are compared: neither blank nor comments, brackets or includes alone."""
    for number, line in enumerate(text.splitlines(), 1):
        line = " ".join(line.split())
        if re.search(r"\w", line) and not re.match(r"(//|#|\*|/\*|import |from |\"\"\")", line):
            yield number, line


def repeats_of(texts):
    """Runs of lines that stand twice, each pair of places once."""
    places, last = {}, collections.defaultdict(lambda: -REPEATED_LINES)
    for path, text in texts.items():
        lines = list(significant(text))
        for start in range(len(lines) - REPEATED_LINES + 1):
            run = tuple(line for _, line in lines[start : start + REPEATED_LINES])
            other, number = places.setdefault(run, (path, lines[start][0]))
            if (other, number) == (path, lines[start][0]) or start - last[path, other] < REPEATED_LINES:
                continue
            last[path, other] = start
            yield f"{path} {other}", (
                f"{path}:{lines[start][0]}: these {REPEATED_LINES} lines stand at {other}:{number}, too")


def main():
    texts = {}
    for name in sys.stdin.read().splitlines():
        path = pathlib.Path(name)
        if path.is_file() and not path.is_symlink():
            text = path.read_text(errors="replace")
            if language_of(path, text):
                texts[path] = text
    wrong = [found for path, text in texts.items() for found in limits_of(path, text, language_of(path, text))]
    wrong += repeats_of({path: text for path, text in texts.items() if not TABLES.search(str(path))})
    return lint_list.judge("limits", wrong, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

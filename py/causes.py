"""What a Python error is about, told by its type and its message, in the words of CPython 3.11 as well as of 3.14."""

import re

# Each rule: the type of error, a pattern for its message whose named groups are told, and the cause. The first that
# fits holds. A cause may become a finer one: see explained.py.
RULES = [
    # The file cannot be read as Python.
    ("TabError", r"", "tabs"),
    ("IndentationError", r"expected an indented block after .* on line (?P<of>\d+)", "indent_missing"),
    ("IndentationError", r"unexpected indent", "indent_unexpected"),
    ("IndentationError", r"unindent does not match", "indent_level"),
    ("SyntaxError", r"invalid (?:non-printable )?character .*U\+(?P<code>[0-9A-F]+)", "character"),
    ("SyntaxError", r"null bytes", "character"),
    ("SyntaxError", r"expected ':'", "colon"),
    ("SyntaxError", r"'(?P<bracket>[([{])' was never closed", "bracket_open"),
    (
        "SyntaxError",
        r"closing parenthesis '(?P<bracket>.)' does not match opening parenthesis '(?P<opening>.)'",
        "bracket_other",
    ),
    ("SyntaxError", r"unmatched '(?P<bracket>.)'", "bracket_close"),
    ("SyntaxError", r"unterminated triple-quoted", "string_long"),
    ("SyntaxError", r"unterminated (?:f-)?string", "string"),
    ("SyntaxError", r"f-string", "braces"),
    ("SyntaxError", r"forgot a comma", "comma"),
    ("SyntaxError", r"(?:instead of '='|perhaps you meant \"==\")", "equals"),
    ("SyntaxError", r"cannot (?:assign to|delete)", "equals"),
    ("SyntaxError", r"invalid \w+ literal|leading zeros", "number"),
    ("SyntaxError", r"'(?P<word>return|yield)' outside function", "outside_function"),
    ("SyntaxError", r"'(?P<word>break|continue)' (?:outside|not properly in) loop", "outside_loop"),
    ("SyntaxError", r"Missing parentheses in call to '(?P<function>\w+)'", "parentheses"),
    ("SyntaxError", r"expected 'except' or 'finally'", "try"),
    ("SyntaxError", r"positional argument follows keyword", "argument_order"),
    ("SyntaxError", r"(?:non-default argument|parameter without a default) follows", "default_order"),
    ("SyntaxError", r"line continuation", "backslash"),
    ("SyntaxError", r"", "syntax"),
    # A name, or what stands behind a dot, is not there.
    ("UnboundLocalError", r"variable '(?P<name>\w+)'", "local"),
    ("NameError", r"free variable '(?P<name>\w+)'", "local"),
    ("NameError", r"name '(?P<name>\w+)' is not defined", "name"),
    ("AttributeError", r"module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'", "module_lacks"),
    (
        "AttributeError",
        r"(?:'(?P<kind>[\w.]+)' object|type object '[\w.]+') has no attribute '(?P<name>\w+)'",
        "attribute",
    ),
    ("AttributeError", r"", "attribute_plain"),
    ("ImportError", r"cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)'", "module_lacks"),
    (
        "ImportError",
        r"(?P<module>[\w.]+) is part of Python, but was left out .*: (?P<there>.*?)\.?$",
        "module_left_out",
    ),
    ("ImportError", r"No module named '(?P<module>[\w.]+)'", "module"),
    # Numbers that are none.
    ("ZeroDivisionError", r"negative power", "zero_power"),
    ("ZeroDivisionError", r"", "zero"),
    ("ValueError", r"expected a (?:positive|nonnegative) input|math domain error", "domain"),
    ("OverflowError", r"", "overflow"),
    # Not as many, or not where it was looked for.
    (
        "ValueError",
        r"not enough values to unpack \(expected (?:at least )?(?P<wanted>\d+), got (?P<got>\d+)",
        "unpack_few",
    ),
    ("ValueError", r"too many values to unpack \(expected (?P<wanted>\d+)", "unpack_many"),
    ("TypeError", r"cannot unpack non-iterable (?P<kind>\w+)", "unpack_single"),
    ("ValueError", r"zip\(\) argument \d+ is (?:shorter|longer)", "lengths"),
    ("ValueError", r"(?P<function>max|min)\(\) .*empty", "nothing_in_it"),
    ("IndexError", r"pop from (?:an )?empty", "nothing_in_it"),
    ("IndexError", r"", "index"),
    ("KeyError", r"(?P<key>.*)", "key"),
    ("ValueError", r"substring not found|not in (?:list|tuple)$", "not_found"),
    ("ValueError", r"could not convert string to float: (?P<text>.*)", "no_number"),
    ("ValueError", r"invalid literal for int\(\) with base \d+: (?P<text>.*)", "no_number"),
    # The wrong number of arguments.
    (
        "TypeError",
        r"(?P<function>[\w.<>]+)\(\) missing \d+ required [\w-]+ arguments?: (?P<names>.*)",
        "arguments_missing",
    ),
    (
        "TypeError",
        r"(?P<function>[\w.<>]+)\(\) takes (?:from )?(?P<takes>[\d to]+) positional arguments? but (?P<given>\d+)",
        "arguments_many",
    ),
    ("TypeError", r"(?P<function>[\w.<>]+)\(\) got an unexpected keyword argument '(?P<name>\w+)'", "argument_unknown"),
    ("TypeError", r"'(?P<name>\w+)' is an invalid keyword argument for (?P<function>\w+)", "argument_unknown"),
    ("TypeError", r"(?P<function>[\w.<>]+)\(\) got multiple values for argument '(?P<name>\w+)'", "argument_twice"),
    ("TypeError", r"(?P<function>[\w.]+)(?:\(\))? (?:takes|expected|requires) .*argument", "arguments"),
    # The wrong type. (A kind is the name of a type, such as list.)
    (
        "TypeError",
        r"unsupported operand type\(s\) for (?P<sign>\S+).*: '(?P<left>[\w.]+)' and '(?P<right>[\w.]+)'",
        "operands",
    ),
    ("TypeError", r"can only concatenate (?P<left>\w+) \(not \"(?P<right>[\w.]+)\"\)", "operands"),
    ("TypeError", r"can't multiply sequence by non-int of type '(?P<right>[\w.]+)'", "list_by"),
    (
        "TypeError",
        r"'(?P<sign>[<>]=?)' not supported between instances of '(?P<left>[\w.]+)' and '(?P<right>[\w.]+)'",
        "compare",
    ),
    ("TypeError", r"bad operand type for (?:unary )?(?P<sign>\S+): '(?P<kind>[\w.]+)'", "operand"),
    ("TypeError", r"(?:list|tuple|string) indices must be .*not '?(?P<kind>[\w.]+)'?$", "index_kind"),
    ("TypeError", r"slice indices must be", "index_slice"),
    ("TypeError", r"must be real number, not (?P<kind>[\w.]+)", "number_wanted"),
    ("TypeError", r"argument must be a .*number, not '(?P<kind>[\w.]+)'", "number_wanted"),
    ("TypeError", r"type (?P<kind>\w+) doesn't define __round__", "number_wanted"),
    ("TypeError", r"unsupported format string passed to (?P<kind>[\w.]+)\.", "number_wanted"),
    ("TypeError", r"'(?P<kind>[\w.]+)' object cannot be interpreted as an integer", "whole_number_wanted"),
    ("TypeError", r"'(?P<kind>[\w.]+)' object is not callable", "not_callable"),
    ("TypeError", r"'(?P<kind>[\w.]+)' object is not (?:subscriptable|an iterator)", "not_a_list"),
    ("TypeError", r"'(?P<kind>[\w.]+)' object is not iterable", "not_a_list"),
    ("TypeError", r"argument after \*+ must be .*, not (?P<kind>\w+)", "not_a_list"),
    ("TypeError", r"argument of type '(?P<kind>[\w.]+)' is not", "not_a_list"),
    ("TypeError", r"object of type '(?P<kind>[\w.]+)' has no len", "not_a_list"),
    ("TypeError", r"'(?P<kind>[\w.]+)' object does not support item", "unchangeable"),
    ("TypeError", r"unhashable type: '(?P<kind>[\w.]+)'", "unhashable"),
    # Python, or whoever wrote it, gives up.
    ("RecursionError", r"", "recursion"),
    ("MemoryError", r"", "memory"),
    ("NotImplementedError", r"", "not_written"),
    ("AssertionError", r"", "assertion"),
    ("KeyboardInterrupt", r"", "stopped"),
    ("SystemExit", r"", "exit"),
    ("EOFError", r"", "input"),
    ("FileNotFoundError", r"'(?P<file>.*)'", "file"),
    # What weights_file.py says.
    ("ValueError", r"These weights are for another model", "shape"),
    ("ValueError", r"These weights hold the matrices|The matrix .* in these weights", "matrices"),
    ("BaseException", r"", "other"),
]


def cause_of(types, message):
    """The cause of an error, and what its message tells: ("name", {"name": "vlaue"}).

    types: the name of the error's type, then those of the types that it is a kind of.
    """
    for kind, pattern, cause in RULES:
        found = kind in types and re.search(pattern, message, re.DOTALL)
        if found:
            return cause, {name: value for name, value in found.groupdict().items() if value is not None}
    raise AssertionError("the last rule takes all")

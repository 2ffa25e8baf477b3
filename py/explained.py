"""An error in the learner's microgpt.py, told to a person: what it is, what it is about, and where to look.

What is said of each cause stands in web/words/en/errors.json; which cause it is, is found out here.
"""

import ast
import builtins
import keyword
import re
import sys
import traceback
from difflib import get_close_matches

import characters
import pasted
from causes import cause_of

FILE = "microgpt.py"
LONGEST = 300  # characters of a value that is told, such as a missing key
LONGEST_MESSAGE, LONGEST_TRACEBACK = 500, 8_000
LONGEST_SEARCH = 200_000  # characters of a source in which more is looked for than its error
NOT_PYTHON = {"&&": "and", "||": "or", "++": "+= 1", "--": "-= 1", "else if": "elif", "!": "not"}
NOT_PYTHON |= {"null": "None", "nil": "None", "undefined": "None", "true": "True", "false": "False"}
NUMBERS, LISTS = {"int", "float", "bool", "complex"}, {"list", "tuple"}
FUNCTIONS = {"function", "method", "builtin_function_or_method"}
GIVE_NOTHING_BACK = {"__init__", "backward", "topological_sort"}  # functions of the file that have no need to
COUNTED = {"of", "wanted", "got"}  # values that are numbers
NOWHERE = {"line": None, "column": None, "end_column": None, "text": None, "function": None}


def explain(error, source):
    """What an error was that ran out of the learner's file, whose text is `source`.

    Returns {"cause": which sentences of errors.json fit, "values": what fills their blanks, "type" and "message" of
    the error, "last": the last line of its traceback, "traceback": the whole of it, "line", "text", "function": where
    it happened in the file, None if outside of it, "column", "end_column": counted from 0 in characters, None if not
    known, "calls": the calls that led there within the file, outermost first, [{"line", "text", "function"}, ...], and
    "fixed": the file's text without the mistake, where Python can tell what was meant, else None}.
    """
    case = Case(error, source)
    try:
        cause, values, fixed = case.finest()
    except Exception:  # objects of the learner's own making do what they like when they are looked at
        cause, values, fixed = case.when_other()
    return {
        "cause": cause,
        "values": {name: value if isinstance(value, int) else short(value, LONGEST) for name, value in values.items()},
        "type": type(error).__name__,
        "message": short(case.message, LONGEST_MESSAGE),
        "last": short(traceback.format_exception_only(error)[-1].strip(), LONGEST_MESSAGE),
        "traceback": short(case.traceback(), LONGEST_TRACEBACK),
        **case.place,
        "calls": case.calls[-5:],
        "fixed": fixed,
    }


class Case:
    """An error, where it happened, and what can be learned of it there."""

    def __init__(self, error, source):
        self.error, self.source = error, source
        self.lines = source.split("\n")
        self.message = text_of(error)
        frames = [
            (frame, number)
            for frame, number in traceback.walk_tb(error.__traceback__)
            if is_file(frame.f_code.co_filename)
        ]
        self.frame = frames[-1][0] if frames else None
        self.calls = [
            {"line": number, "text": self.line(number), "function": function_of(frame)} for frame, number in frames
        ]
        self.place = self.syntax_place() if self.is_unreadable() else self.running_place()

    def traceback(self):
        """Python's own words, from where it was in the file first."""
        steps = None if self.is_unreadable() else self.error.__traceback__  # then it says itself where it is
        while steps and not is_file(steps.tb_frame.f_code.co_filename):
            steps = steps.tb_next
        return "".join(traceback.format_exception(type(self.error), self.error, steps)).rstrip()

    # ---- Where

    def is_unreadable(self):
        """Whether the file is no Python, as opposed to some text that it made Python read."""
        return isinstance(self.error, SyntaxError) and not self.calls

    def syntax_place(self):
        number = self.error.lineno or next((i for i, line in enumerate(self.lines, 1) if "\0" in line), None)
        if number is None:
            return dict(NOWHERE)
        begin, end = self.error.offset, self.error.end_offset
        if isinstance(self.error, IndentationError) or not begin or begin < 1:
            begin = end = None
        elif self.error.end_lineno != number or not end or end <= begin:
            end = begin + 1
        columns = (begin and begin - 1, end and end - 1)
        return NOWHERE | {"line": number, "column": columns[0], "end_column": columns[1], "text": self.line(number)}

    def running_place(self):
        if not self.calls:
            return dict(NOWHERE)
        steps = [step for step in traceback.extract_tb(self.error.__traceback__) if step.filename.endswith(FILE)]
        begin, end, text = steps[-1].colno, steps[-1].end_colno, self.calls[-1]["text"]
        if begin is None or steps[-1].end_lineno != steps[-1].lineno:
            begin = end = None
        else:  # it counts bytes
            begin, end = (len(text.encode()[:at].decode(errors="ignore")) for at in (begin, end))
        return self.calls[-1] | {"column": begin, "end_column": end}

    def line(self, number):
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    # ---- What

    def finest(self):
        """(cause, values, the file's text without the mistake or None): as closely as it can be told."""
        types = [kind.__name__ for kind in type(self.error).__mro__]
        cause, values = cause_of(types, self.message)
        values |= {name: int(value) for name, value in values.items() if name in COUNTED}
        if "NoneType" in (values.get("kind"), values.get("left"), values.get("right")):
            return self.none()
        if hasattr(self.error, "returned"):
            return self.returned(**self.error.returned)
        finer = getattr(self, f"when_{cause}", None)  # what is more to be found out of this one
        return (finer and finer(**values)) or (cause, values, None)

    def none(self, **_):
        """Something is None. Mostly a function gives nothing back."""
        suspects = self.without_return()
        near = " ".join([self.place["text"] or "", *(call["text"] for call in self.calls)])
        named = [name for name in suspects if re.search(rf"\b{name}\b", near)] or list(suspects)
        if len(named) != 1:
            return "none", {}, None
        self.place = NOWHERE | {"line": suspects[named[0]], "text": self.line(suspects[named[0]]), "function": named[0]}
        return "no_return", {"function": named[0]}, None

    def returned(self, function, value, line, text):
        """What a function gave is of no use to the page (see checked_lesson.py)."""
        self.place = NOWHERE | {"line": line, "text": text, "function": function}
        if value == "None":
            return "no_return", {"function": function}, None
        return "returned", {"function": function, "value": value}, None

    def without_return(self):
        """The functions of the file that never give anything back, and yet are there to: {name: line}."""
        found = {}
        for node in ast.walk(self.tree()):
            if isinstance(node, ast.FunctionDef) and node.name not in GIVE_NOTHING_BACK:
                gives = any(isinstance(each, ast.Yield) or getattr(each, "value", None) for each in returns(node))
                if not gives and not isinstance(node.body[-1], ast.Raise):
                    found[node.name] = node.lineno
        return found

    def tree(self):
        try:
            return ast.parse(self.source if len(self.source) <= LONGEST_SEARCH else "")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.parse("")

    def when_tabs(self):
        spaces = "\n".join(untabbed(line) for line in self.lines)
        return "tabs", {}, spaces if readable(spaces) else None

    def when_indent_level(self):
        if any("\t" in indentation(line) for line in self.lines[: self.place["line"]]):
            return self.when_tabs()

    when_indent_unexpected = when_indent_level

    def when_indent_missing(self, of):
        return "indent_missing", {"opening": self.line(of).strip(), "of": of}, None

    def when_character(self, code="0"):
        character = chr(int(code, 16))
        fixed, replaced = pasted.plain_code(self.source)
        told = {"character": characters.named(character)}
        if character not in replaced:
            return "character_unknown", told, None
        said = pasted.plain(character)
        kind = "character" if said.strip() else "character_space" if said == " " else "character_unseen"
        return kind, told | {"plain": said}, fixed

    def when_colon(self):
        return self.other_language()

    def when_syntax(self):
        return self.other_language() or self.misspelled_keyword()

    def other_language(self):
        """A word or sign of another programming language, where the line has one."""
        text = re.sub(r"#.*|\"[^\"]*\"|'[^']*'", "", self.place["text"] or "")
        for seen, python in NOT_PYTHON.items():
            if re.search(rf"\b{seen}\b" if seen[0].isalpha() else re.escape(seen) + "(?!=)", text):
                return "not_python", {"seen": seen, "python": python}, None

    def misspelled_keyword(self):
        """A word of the line with which it would be Python, were it the keyword that it resembles."""
        text = self.place["text"] or ""
        if len(self.source) > LONGEST_SEARCH:
            return None
        for word in re.finditer(r"[A-Za-z]+", text):
            known = [] if keyword.iskeyword(word[0]) else keyword.kwlist
            for meant in get_close_matches(word[0], known, n=3, cutoff=0.5):
                line = text[: word.start()] + meant + text[word.end() :]
                at = self.place["line"]
                if readable("\n".join([*self.lines[: at - 1], line, *self.lines[at:]]), until=at):
                    return "keyword", {"word": word[0], "keyword": meant}, None

    def when_name(self, name):
        spelled = "".join(pasted.LOOKS_LIKE.get(letter, letter) for letter in name)
        known = self.names()
        odd = next((letter for letter in name if letter in pasted.LOOKS_LIKE), None)
        if spelled in known and odd:
            told = {"name": name, "character": characters.named(odd), "plain": pasted.LOOKS_LIKE[odd]}
            return "lookalike", told, re.sub(rf"\b{name}\b", spelled, self.source)
        other = next((each for each in known if not each.isascii() and unlike(each) == name), None)
        if other:
            odd = next(letter for letter in other if letter in pasted.LOOKS_LIKE)
            told = {"name": name, "character": characters.named(odd), "plain": pasted.LOOKS_LIKE[odd]}
            return "lookalike", told, re.sub(rf"\b{other}\b", name, self.source)
        if name in NOT_PYTHON:
            return "not_python", {"seen": name, "python": NOT_PYTHON[name]}, None
        if name in sys.stdlib_module_names:
            return "name_module", {"name": name}, None
        return closest("name", name, known)

    def names(self):
        """Every name that can be used where it happened."""
        there = [] if self.frame is None else [*self.frame.f_locals, *self.frame.f_globals]
        return [name for name in [*there, *dir(builtins)] if isinstance(name, str)]

    def when_attribute(self, name, kind=""):
        if kind in NUMBERS:
            return "attribute_of_number", {"name": name}, None
        if kind in LISTS:
            return "attribute_of_list", {"name": name}, None
        asked = getattr(self.error, "obj", None)
        try:
            return closest("attribute", name, dir(asked), kind=kind or asked.__name__)
        except Exception:  # whatever an object of the learner's does when it is asked
            return "attribute", {"name": name, "kind": kind}, None

    def when_attribute_plain(self):
        """Python itself says more: so it was asked of something from JavaScript, which is kept apart here."""
        return "beyond", {"name": getattr(self.error, "name", None) or self.message}, None

    def when_module_lacks(self, module, name):
        if module == "microgpt":
            return "file_lacks", {"name": name}, None
        return closest("module_lacks", name, dir(sys.modules.get(module)), module=module)

    def when_module(self, module):
        return closest("module", module, sys.stdlib_module_names, "module", cutoff=0.75)

    def when_key(self, key):
        there = [] if self.frame is None else [*self.frame.f_locals.values(), *self.frame.f_globals.values()]
        wanted = self.error.args[0] if self.error.args else None
        known = {each for held in there if type(held) is dict for each in held if isinstance(each, str)}
        close = get_close_matches(wanted, known, n=1) if isinstance(wanted, str) else []
        return ("key_close", {"key": key, "close": repr(close[0])}, None) if close else None

    def when_domain(self):
        return "log" if "log" in (self.place["text"] or "") else "domain", {}, None

    def when_overflow(self):
        return "overflow_exp" if "exp" in (self.place["text"] or "") else "overflow", {}, None

    def when_lengths(self):
        try:
            left, right = len(self.frame.f_locals["a"]), len(self.frame.f_locals["b"])
        except (AttributeError, KeyError, TypeError):
            return None
        return "lengths_dot", {"left": left, "right": right}, None

    def when_nothing_in_it(self, function="pop"):
        return "nothing_in_it", {"function": function}, None

    def when_operands(self, left, right, sign="+"):
        told = {"left": left, "right": right, "sign": sign}
        if {left, right} & LISTS:
            return "list_operand", told, None
        return "text_operand" if "str" in (left, right) else "operands", told, None

    def when_list_by(self, right):
        return "list_operand", {"left": "list", "right": right, "sign": "*"}, None

    def when_operand(self, sign, kind):
        return ("list_alone" if kind in LISTS else "operand"), {"sign": sign, "kind": kind}, None

    def when_compare(self, sign, left, right):
        told = {"sign": sign, "left": left, "right": right}
        return "compare_value" if "Value" in (left, right) else "compare", told, None

    def when_index_kind(self, kind):
        return ("value_for_number", {}, None) if kind == "Value" else None

    when_number_wanted = when_whole_number_wanted = when_index_kind

    def when_not_a_list(self, kind):
        return ("function_for_list", {}, None) if kind in FUNCTIONS else None

    def when_not_callable(self, kind):
        if kind in LISTS:
            return "list_called", {"kind": kind}, None
        return ("number_called", {}, None) if kind in NUMBERS else None

    def when_arguments_missing(self, function, names):
        named = re.findall(r"'(\w+)'", names)
        return "arguments_missing", {"function": called(function), "names": ", ".join(named)}, None

    def when_arguments_many(self, function, takes, given):
        least, _, most = takes.partition(" to ")
        least, most, given = int(least), int(most or least), int(given)
        if "." in function and "<locals>" not in function:  # what stands before the dot is one of them
            if most == 0:
                return "self_missing", {"function": called(function)}, None
            least, most, given = least - 1, most - 1, given - 1
        takes = str(most) if least == most else f"{least}–{most}"
        return "arguments_many", {"function": called(function), "takes": takes, "given": given}, None

    def when_argument_unknown(self, function, name):
        return "argument_unknown", {"function": called(function), "name": name}, None

    def when_argument_twice(self, function, name):
        return "argument_twice", {"function": called(function), "name": name}, None

    def when_recursion(self):
        return ("recursion_of", {"function": self.place["function"]}, None) if self.place["function"] else None

    def when_assertion(self):
        return ("assertion_said", {"said": self.message}, None) if self.message else None

    def when_other(self):
        return "other", {"type": type(self.error).__name__}, None


def closest(cause, name, known, as_name="name", cutoff=0.65, **told):
    """This cause, or its finer form, where there is something that `name` may be a slip for."""
    told[as_name] = name
    known = [each for each in known if each != name and (name.startswith("_") or not each.startswith("_"))]
    alike = [each for each in known if each.lower() == name.lower()] or get_close_matches(name, known, 1, cutoff)
    return (f"{cause}_close", told | {"close": alike[0]}, None) if alike else (cause, told, None)


def returns(function):
    """The return and yield nodes of a function, without those of the functions within it."""
    open_nodes = list(function.body)
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom):
            yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            open_nodes += ast.iter_child_nodes(node)


def readable(source, until=None):
    """Whether Python can read this text, at least so far."""
    try:
        ast.parse(source)
    except SyntaxError as error:
        return until is not None and (error.lineno or 0) > until
    except (ValueError, RecursionError, MemoryError):
        return False
    return True


def unlike(name):
    return "".join(pasted.LOOKS_LIKE.get(letter, letter) for letter in name)


def is_file(path):
    """Whether this is the learner's file, wherever it stands."""
    return path.replace("\\", "/").rpartition("/")[2] == FILE


def function_of(frame):
    """The name of the function that runs there, such as "gpt" or "Value.log"; None between functions."""
    name = frame.f_code.co_qualname.replace("<locals>.", "")
    named = [part for part in name.split(".") if not part.startswith("<")]
    return ".".join(named) or None


def called(function):
    """What one writes to call it: a class for its __init__."""
    return function.replace("<locals>.", "").removesuffix(".__init__").split(".")[-1]


def indentation(line):
    return line[: len(line) - len(line.lstrip())]


def untabbed(line):
    return indentation(line).replace("\t", "    ") + line.lstrip()


def text_of(error):
    try:
        return str(error.msg if isinstance(error, SyntaxError) else error)
    except Exception:  # an error of the learner's own making need not know what it is called
        return ""


def short(text, longest):
    """A text with its middle left out, if it is longer than that."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} … {text[-half:]}"

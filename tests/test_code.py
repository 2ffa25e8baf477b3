"""The model's code as the page shows it: the file's own lines, and a build that fails where notes no longer fit them."""

import hashlib
import json
import math
import re
import shutil
import subprocess
import sys
from html import unescape

import microgpt
import proof
import pytest

from building import ROOT, WEIGHTS, Failure
from building.code import LESSON, MODEL, NOTES, PARTS
from building.code import code as code_of

VOCABULARY, STEPS, BATCH = "abcdefghijklmnopqrstuvwxyz", 20_000, 512
FOLDED = {"gpt", "training"}
SUBSECTIONS = ["overview-pipeline-helpers", "gpt", "overview-training-step"]


def code(root=ROOT, **given):
    return code_of(**{"vocabulary": VOCABULARY, "steps": STEPS, "batch": BATCH, "root": root, **given})


@pytest.fixture(scope="module")
def shown():
    """What the page shows of the code as it is now."""
    return code()


@pytest.fixture
def project(tmp_path):
    """A folder with only the files that the page takes its code and notes from."""
    for path in (MODEL, LESSON, NOTES):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


def change(path, old, new, count=1):
    text = path.read_text()
    assert text.count(old) >= count
    path.write_text(text.replace(old, new, count))


def change_words(project, edit):
    words = json.loads((project / NOTES).read_text())
    edit(words)
    (project / NOTES).write_text(json.dumps(words))


def blocks(shown):
    return [block for section in shown["sections"] for block in section["blocks"]]


def as_in(path, lines):
    """Whether each of the lines reads as the one with its number in the file."""
    file = (ROOT / path).read_text().splitlines()
    assert lines
    return all(unescape(re.sub(r"<[^>]+>", "", line["html"])) == file[line["number"] - 1] for line in lines)


# ---- the file's own lines -----------------------------------------------------------------


def test_the_whole_file_is_shown_as_it_stands(shown):
    assert as_in(MODEL, shown["file"])
    assert [line["number"] for line in shown["file"]] == [*range(1, len((ROOT / MODEL).read_text().splitlines()) + 1)]


@pytest.mark.parametrize("name", SUBSECTIONS)
def test_each_subsection_is_annotated_from_its_first_line_to_its_last(shown, name):
    file = (ROOT / MODEL).read_text().splitlines()
    start = file.index(f"# region {name}") + 1
    end = file.index("# endregion", start)
    numbers = [line["number"] for block in blocks(shown) for line in block["lines"]]
    first = numbers.index(start + 1)
    assert numbers[first : first + end - start] == [*range(start + 1, end + 1)]


def test_annotated_lines_are_the_files_own(shown):
    assert all(as_in(MODEL, block["lines"]) for block in blocks(shown))


def test_what_larger_models_have_stands_beside_its_line(shown):
    words = {section["id"]: section for section in json.loads((ROOT / NOTES).read_text())["sections"]}
    marked = {}  # by section: the lines of a block as they read, and what stands beside them of larger models
    for section in shown["sections"]:
        for block in section["blocks"]:
            lines = [unescape(re.sub(r"<[^>]+>", "", line["html"])).strip() for line in block["lines"]]
            marked |= {(section["id"], line): block["larger"] for line in lines if line}
    wanted = [(id, line, text) for id in words for line, text in words[id].get("larger", {}).items()]
    assert {id for id, _, _ in wanted} == {"tokenizer", "gpt", "nll", "training", "sampler"}
    assert not any("{" in text for _, _, text in wanted)
    assert [line for id, line, text in wanted if text not in marked[id, line]] == []
    assert sum(len(block["larger"]) for block in blocks(shown)) == len(wanted)


def test_every_section_says_what_a_reader_can_do_with_it(shown):
    assert all(section["do"]["say"] and section["do"]["try"] for section in shown["sections"])


def test_every_block_of_lines_has_a_note(shown):
    assert all(block["note"] for block in blocks(shown))


@pytest.mark.parametrize("name", PARTS)
def test_the_lines_behind_a_part_are_their_files_own(shown, name):
    (part,) = (part for part in shown["parts"] if part["name"] == name)
    assert all(as_in(place["path"], place["lines"]) for place in part["places"])


def test_docstrings_are_left_out_of_the_lines_behind_a_part(shown):
    lines = [line["html"] for part in shown["parts"] for place in part["places"] for line in place["lines"]]
    assert lines
    assert not any('"""' in line or "&quot;&quot;&quot;" in line for line in lines)


def test_a_part_that_the_model_computes_is_led_to_from_one_annotated_place(shown):
    led_to = [part["name"] for block in blocks(shown) for part in block["parts"]]
    assert sorted(led_to) == sorted(
        name for name, (_, places) in PARTS.items() if any(path == MODEL for path, *_ in places)
    )


def test_the_views_name_every_part_and_no_other():
    folders = [ROOT / "web" / "views", ROOT / "web" / "train"]
    views = "".join(path.read_text() for folder in folders for path in folder.glob("*.js"))
    assert set(re.findall(r'"data-part"[:,] "([a-z]+)"', views)) == PARTS.keys()


def test_every_mode_begins_with_a_part_that_it_shows():
    first = re.search(r"FIRST = {(.*?)}", (ROOT / "web" / "views" / "source.js").read_text())[1]
    chosen = dict(re.findall(r'(\w+): "(\w+)"', first))
    assert chosen.keys() == {"forward", "loss", "sample", "train"}
    assert all(mode in PARTS[part][0] for mode, part in chosen.items())


def test_notes_cannot_bring_markup_but_code(project):
    def edit(words):
        words["sections"][0]["intro"] = "<b>bold</b> & `x < y`"

    change_words(project, edit)
    assert (
        code(project)["sections"][0]["intro"]
        == '&lt;b&gt;bold&lt;/b&gt; &amp; <code class="notranslate" translate="no">x &lt; y</code>'
    )


# ---- the proof ------------------------------------------------------------------------------


def test_the_proof_is_the_sha256_of_the_code_as_python_loaded_it():
    assert proof.sha256() == hashlib.sha256((ROOT / MODEL).read_bytes()).hexdigest()


def test_the_proof_of_the_weights_is_the_sha256_of_their_file():
    text = WEIGHTS.read_bytes().decode()
    assert proof.sha256_of_weights(text) == hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    assert proof.sha256_of_weights(text.replace("0.1", "0.2", 1)) != proof.sha256_of_weights(text)


def test_the_page_has_the_digests_of_the_code_and_the_weights(dist):
    html = (dist / "index.html").read_text()
    built = re.findall(r'data-path="([^"]+)".*?data-sha256="built">(\w{64})<', html, re.DOTALL)
    assert built == [
        (path, hashlib.sha256((ROOT / path).read_bytes()).hexdigest()) for path in (MODEL, "weights/microgpt.json")
    ]


# ---- the numbers in the words -------------------------------------------------------------------


def said(shown):
    """All that the page says about the code, as it reads."""
    words = []
    for section in shown["sections"]:
        words += [section["intro"], section["fold"] or "", section["do"]["say"]]
    for block in blocks(shown):
        words += [block["note"] or "", *block["larger"]]
    return unescape(re.sub(r"<[^>]+>", "", "\n".join(words)))


def test_the_numbers_in_the_notes_are_the_models(shown):
    """Each is worked out here in another way: from the weights themselves, and from the files' lines."""
    content = json.loads(WEIGHTS.read_text())
    matrices, vocabulary, trained = content["weights"], content["vocabulary"], content["training"]
    assert (vocabulary, trained["steps"], trained["batch"]) == (VOCABULARY, STEPS, BATCH)
    count = sum(len(row) for matrix in matrices.values() for row in matrix)
    rows, width = len(matrices["lm_head"]), len(matrices["lm_head"][0])
    heads, head_width = microgpt.n_head, width // microgpt.n_head
    layers = len({name.split(".")[0] for name in matrices if name.startswith("layer")})
    file = (ROOT / MODEL).read_text().splitlines()

    def lines(first, last):
        return next(n for n, line in enumerate(file) if last in line) - file.index(first) + 1

    of_gpt = lines("def gpt(token, position, keys, values, weights):", '(x, weights["lm_head"])')
    of_training = lines("def mean_nll(tokens, weights):", "return loss")
    words = said(shown)
    for sentence in (
        f"The letters have the ids 0 to {len(vocabulary) - 1}, so its id is {len(vocabulary)}.",
        f"Of ann that makes {[vocabulary.index(letter) for letter in 'ann']}.",
        "The whole of ann is [26, 0, 13, 13, 26].",
        f"({width},) is a list of {width} numbers",
        f"a fixed number, e = {2.718281828:.2f}, to the power",
        f"One token goes in, {rows} scores come out.",
        f"token is an id from 0 to {rows - 1}, position a number from 0 to {len(matrices['wpe']) - 1}.",
        f"weights are the {count:,} numbers that it learned",
        f"a score for each token that could be next: ({rows},).",
        f"Each token has {width} weights of its own",
        f"Layers in this model: {layers}.",
        f"It is done by {heads} heads. Each has its own {head_width} of the {width} numbers",
        f"From {width} numbers to {len(matrices['layer0.mlp_up'])}, each negative one becomes 0, and back to {width}.",
        f"{rows} rows, so {rows} scores",
        f"one half costs {math.log(2):.2f}, and blind guessing, 1 in {rows}, costs {math.log(rows):.2f}.",
        f"That was done {STEPS:,} times, {BATCH} names at a time.",
        f"one small step for each of the {count:,} weights",
        f"all {count:,} of them",
        f"At most {len(matrices['wpe'])} rounds: the model sees {len(matrices['wpe'])} positions.",
        f"gpt(), {of_gpt} lines: ",
        f"training_step(), {of_training} lines: ",
    ):
        assert sentence in words


def test_with_another_vocabulary_the_notes_have_other_numbers():
    words = said(code(vocabulary="xyzam", steps=12, batch=1, example={"ann": "max"}))
    assert "Of max that makes [4, 3, 0]." in words
    assert "The letters have the ids 0 to 4, so its id is 5." in words
    assert "One token goes in, 6 scores come out." in words
    assert "That was done 12 times, a name at a time." in words
    assert "1 in 27" not in words


def test_a_blank_for_a_number_that_is_not_computed_breaks_the_build(project):
    change_words(project, lambda words: words["sections"][0].update(intro="There are {apples} of them."))
    with pytest.raises(Failure, match=f"{NOTES} has a blank for 'apples', but building/code.py computes no such"):
        code(project)


def test_the_page_says_how_many_lines_are_shown_and_what_is_not(shown, dist):
    file = (ROOT / MODEL).read_text().splitlines()
    numbers = {line["number"] for block in blocks(shown) for line in block["lines"]}
    defined = {
        re.match(r"(?:def|class) (\w+)", line)[1]: n for n, line in enumerate(file, 1) if re.match("def|class", line)
    }
    left_out = {name: line for name, line in defined.items() if line not in numbers}
    assert {"Value", "dot"} <= left_out.keys()
    assert {each["name"]: each["line"] for each in shown["left_out"]} == left_out
    chapter = re.search(r'<section id="code".*?</section>', (dist / "index.html").read_text(), re.DOTALL)[0]
    for name, line in left_out.items():
        assert re.search(rf'<a href="#file-{line}"><code [^>]*>{name}</code></a>', chapter)
    words = unescape(re.sub(r"<[^>]+>", "", chapter))
    assert f"are {len(numbers)} of the {len(file)} lines" in words


def test_the_libraries_that_the_code_imports_are_named(dist):
    imported = re.findall(r"^import (\w+)", (ROOT / MODEL).read_text(), re.MULTILINE)
    words = (ROOT / "web/words/en/code.html").read_text()
    assert imported == ["math", "random"]
    assert all(f">{name}</code>" in words for name in imported)


def test_the_long_subsections_open_on_demand_and_say_what_they_do(shown):
    assert {section["id"] for section in shown["sections"] if section["fold"]} == FOLDED
    lengths = {section["id"]: sum(len(block["lines"]) for block in section["blocks"]) for section in shown["sections"]}
    assert min(lengths["gpt"], lengths["training"]) > 20


# ---- when code and notes no longer fit ----------------------------------------------------------


@pytest.mark.parametrize("name", SUBSECTIONS)
def test_a_subsection_of_another_name_breaks_the_build(project, name):
    change(project / MODEL, f"# region {name}", f"# region {name}-renamed")
    with pytest.raises(Failure, match=f"py/microgpt.py has no subsection {name} any more.*{NOTES}"):
        code(project)


def test_a_subsection_without_an_end_breaks_the_build(project):
    change(project / MODEL, "# endregion", "#", count=3)
    with pytest.raises(Failure, match="has no subsection overview-pipeline-helpers any more"):
        code(project)


def test_a_noted_line_that_has_changed_breaks_the_build(project):
    change(project / MODEL, "x = [xi.relu() for xi in x]", "x = [xi.relu() for xi in x]  # no note on this one")
    assert code(project)
    change(project / MODEL, "def rmsnorm(x):", "def rmsnorm(vector):")
    with pytest.raises(
        Failure, match=r"lines \d+ to \d+: “def rmsnorm\(x\):” does not stand there any more, but web/words"
    ):
        code(project)


def test_a_noted_line_that_is_there_twice_breaks_the_build(project):
    change(project / MODEL, "        heads = []\n", "        heads = []\n        heads = []\n")
    with pytest.raises(Failure, match=r"“heads = \[\]” stands there 2 times"):
        code(project)


def test_a_mark_for_larger_models_whose_line_is_gone_breaks_the_build(project):
    def edit(words):
        words["sections"][0]["larger"]["edge = sentinel(vocabulary)"] = "no other edge."

    change_words(project, edit)
    assert code(project)
    change(project / MODEL, "edge = sentinel(vocabulary)", "edge = len(vocabulary)")
    with pytest.raises(Failure, match=r"“edge = sentinel\(vocabulary\)” does not stand there any more, but web/words"):
        code(project)


@pytest.mark.parametrize(
    "path, old, new, said",
    [
        (MODEL, "    def log(self):", "    def ln(self):", "py/microgpt.py has no function Value.log any more"),
        (
            LESSON,
            "    def distribution(self, probs):",
            "    def share(self, probs):",
            "py/lesson.py has no function Lesson.distribution",
        ),
        (MODEL, "def sample(probs, number):", "def choose(probs, number):", "“def sample"),
        (
            LESSON,
            "number = random_number(seed, n)",
            "rolled = random_number(seed, n)",
            "“number = …” does not stand there",
        ),
    ],
)
def test_a_part_whose_code_is_gone_breaks_the_build(project, path, old, new, said):
    change(project / path, old, new)
    with pytest.raises(Failure, match=re.escape(said)):
        code(project)


def test_words_for_other_parts_than_there_are_break_the_build(project):
    change_words(project, lambda words: words["parts"].pop("draw"))
    with pytest.raises(Failure, match="do not name the same parts of the picture: draw is in one of them only"):
        code(project)


@pytest.mark.parametrize(
    "group, key", [("sections", "title"), ("sections", "notes"), ("sections", "do"), ("parts", "about")]
)
def test_words_that_are_missing_are_named(project, group, key):
    def edit(words):
        first = words[group][0] if group == "sections" else words[group]["tokens"]
        del first[key]

    change_words(project, edit)
    with pytest.raises(Failure, match=f"{NOTES} is not complete: a section or a part has no '{key}'"):
        code(project)


def test_notes_that_cannot_be_read_break_the_build(project):
    (project / NOTES).write_text("{")
    with pytest.raises(Failure, match=f"{NOTES} cannot be read"):
        code(project)


def test_python_that_cannot_be_read_breaks_the_build(project):
    (project / MODEL).write_text("def gpt(:\n")
    with pytest.raises(Failure, match="py/microgpt.py cannot be read: invalid syntax"):
        code(project)


def test_the_site_is_not_built_when_a_subsection_is_renamed(clone):
    change(clone / MODEL, "# region gpt", "# region transformer")
    ended = subprocess.run([sys.executable, "build.py", "site"], cwd=clone, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "py/microgpt.py has no subsection gpt any more" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (clone / "dist").exists()


# ---- its colours ------------------------------------------------------------------------------


def luminance(colour):
    """Relative luminance, as WCAG 2.2 defines it, of a colour such as "#7a3386"."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["code-keyword", "code-literal", "code-comment"])
def test_every_colour_of_the_code_can_be_read(name, scheme):
    styles = "".join(path.read_text() for path in (ROOT / "web" / "style").glob("*.css"))
    pairs = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", styles))
    for background in ("card", "paper"):
        assert contrast(pairs[name].split(", ")[scheme], pairs[background].split(", ")[scheme]) >= 4.5

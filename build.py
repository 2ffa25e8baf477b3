#!/usr/bin/env python3
"""Everything the project can do, a command each.

Whatever a command needs, it sets up itself:

    python3 build.py serve    build the page, serve it on this machine, and open it; with --lan, to a whole class
    python3 build.py site     build the page into dist/, ready for any web server
    python3 build.py test     build the page, then test everything; more words go to pytest
    python3 build.py format   write every file in the project's style
    python3 build.py train    train the model and write weights/microgpt.json
    python3 build.py bench    build the page and measure how long a person waits
"""

import sys

if sys.version_info < (3, 11):  # so this file keeps to what every Python 3 can read
    sys.exit("This needs Python 3.11 or newer, and this is %d.%d. Install a newer one." % sys.version_info[:2])

import argparse
import os
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # Python may have been told to leave that out
from building import COMMAND, Failure, environment


def serve(options):
    environment.enter("site")
    from building import server, site

    server.serve(site.build(), opens=options.open, lan=options.lan)


def site(options):
    environment.enter("site")
    from building import site

    site.build()


def test(options):
    environment.enter("site", "test", "train")
    from building import test

    sys.exit(test.test(options.pytest))


def format(options):
    environment.enter("site", "test")
    from building import style

    style.format()


def bench(options):
    environment.enter("site", "test")
    from building import bench, site

    bench.bench(site.build())


def train(options):
    if options.plain:
        machine = None
    else:
        environment.enter("train")
        from building import replay

        machine = replay.Machine()
    from building import prepared, train

    choices = None if options.prepare is None else prepared.choices_of(options.prepare)
    how = {
        "column": options.column,
        "choices": choices,
        "learning_rate": options.learning_rate,
        "weights": options.weights,
        "batch": options.batch,
        "betas": options.betas,
        "machine": machine,
    }
    train.train(options.data, options.steps, options.seed, options.out, **how)


def column(word):
    """What is said after --column: a number from 1 on, or "all", for lines as they stand; read_texts() calls that 0."""
    if word == "all":
        return 0
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError("a column is a number from 1 on, or all, for whole lines")
    return int(word)


def parse(arguments):
    about = __doc__ and __doc__.replace("python3 build.py", COMMAND)
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    command = commands.add_parser("serve", help="build the page, serve it on this machine, and open it")
    command.add_argument("--lan", action="store_true", help="to a class: all machines on this network can open it")
    command.add_argument("--no-open", dest="open", action="store_false", help="leave opening it to me")
    command.set_defaults(run=serve)

    command = commands.add_parser("site", help="build the page into dist/")
    command.set_defaults(run=site)

    # No prefix that anybody types: options after "test" are pytest's.
    command = commands.add_parser("test", help="build the page and test everything", prefix_chars="\0", add_help=False)
    command.add_argument("pytest", nargs="*")
    command.set_defaults(run=test)

    command = commands.add_parser("format", help="write every file in the project's style")
    command.set_defaults(run=format)

    command = commands.add_parser("train", help="train the model and write its weights")
    command.add_argument("--data", type=Path, metavar="FILE", help="one short text a line (names, downloaded)")
    command.add_argument("--column", type=column, metavar="N", help="of a table: learn from this column, or from all")
    command.add_argument(
        "--prepare",
        nargs="?",
        const="",
        metavar="CHOICES",
        help="take a messy file as the page does, and say how; for instance case=lower,accents=fold",
    )
    command.add_argument("--steps", type=int, metavar="N", help="how many (as many as it takes to see each text once)")
    command.add_argument("--batch", type=int, default=1, metavar="N", help="texts to learn from in each step (1)")
    command.add_argument(
        "--plain", action="store_true", help="have Python make every step itself: hundreds of times slower"
    )
    command.add_argument("--seed", type=int, default=42, metavar="S", help="another seed, another model (42)")
    command.add_argument("--learning-rate", type=float, default=0.003, metavar="R", help="of the first step (0.003)")
    betas = {"type": float, "nargs": 2, "default": (0.85, 0.99), "metavar": ("B1", "B2")}
    command.add_argument("--betas", **betas, help="how slowly Adam's averages forget (0.85 0.99)")
    command.add_argument("--from", dest="weights", type=Path, metavar="FILE", help="go on from weights, the page's too")
    weights = Path(__file__).resolve().parent / "weights" / "microgpt.json"
    command.add_argument("--out", type=Path, default=weights, metavar="FILE", help="(weights/microgpt.json)")
    command.set_defaults(run=train)

    command = commands.add_parser("bench", help="build the page and measure how long a person waits")
    command.set_defaults(run=bench)

    return parser.parse_args(arguments)


def speak_to_any_console():
    """Let nothing that is printed end in an error: what a console has no letters for is written by number."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started this
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115, as long as this runs
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def say_no_more():
    """Print nowhere from now on: whoever read what is printed is gone, or there is no room for it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    speak_to_any_console()
    try:
        options = parse(sys.argv[1:])
        options.run(options)
        sys.stdout.flush()
    except Failure as failure:
        sys.exit(str(failure))
    except BrokenPipeError:
        say_no_more()
        sys.exit(141)  # what a shell gives for it; there is nobody to explain it to
    except OSError as error:  # from the system, which knows why
        say_no_more()
        sys.exit("The system does not let this go on: %s." % error)
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell gives for Ctrl-C; there is nothing to explain

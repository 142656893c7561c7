#!/usr/bin/env python3
"""Runs every example of the API reference, unmodified, with the vendor's own client.

Usage: run_examples.py [--base-url URL] REFERENCE.md

The address and the key of a fresh sandbox come from AVARA_BASE_URL and AVARA_API_KEY, where the
vendor's client itself looks for them. Needs `pip install avara==0.3.0`. Responses are validated
strictly. Exit code 1 if an example does not behave as expected.
"""

import argparse
import contextlib
import io
import os
import re
import sys

# Called without the identifier that the reference asks for in prose.
WITHOUT_IDENTIFIER = (
    "client.viewer.studies.cancel()",
    "client.viewer.studies.uncancel()",
    "client.viewer.studies.reroute_url()",
    "client.viewer.users.invitations.revoke()",
)


def examples(markdown):
    """The Python blocks under an "Example" heading, in document order."""
    pattern = r"^### Example\n+```python\n(.*?)^```"
    return re.findall(pattern, markdown, re.MULTILINE | re.DOTALL)


def call_of(example):
    match = re.search(r"client\.viewer\.[\w.]+\(.*\)", example)
    return match.group(0) if match else "(no call)"


def make_strict(avara):
    """Lets the examples construct `Avara(...)` as written, with strict validation."""
    original = avara.Avara.__init__

    def strict(self, *args, **kwargs):
        kwargs.setdefault("_strict_response_validation", True)
        original(self, *args, **kwargs)

    avara.Avara.__init__ = strict


def run(example, bad_request):
    """None if the example behaves as expected, else what it did."""
    must_fail = call_of(example) in WITHOUT_IDENTIFIER
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(example, "<example>", "exec"), {"__name__": "__example__"})
    except bad_request as error:
        return None if must_fail else f"{type(error).__name__}: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "no BadRequestError was raised" if must_fail else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", help="the API reference, in Markdown")
    parser.add_argument("--base-url", help="instead of AVARA_BASE_URL")
    arguments = parser.parse_args()
    if arguments.base_url:
        os.environ["AVARA_BASE_URL"] = arguments.base_url
    for name in ("AVARA_BASE_URL", "AVARA_API_KEY"):
        if not os.environ.get(name):
            parser.error(f"{name} is not set")

    import avara

    make_strict(avara)
    with open(arguments.reference, encoding="utf-8") as file:
        found = examples(file.read())
    failed = 0
    for example in found:
        problem = run(example, avara.BadRequestError)
        failed += problem is not None
        print(f"{'FAIL' if problem else 'ok  '} {call_of(example)}")
        if problem:
            print(f"     {problem}")
    print(f"{len(found) - failed} passed, {failed} failed")
    return 1 if failed or not found else 0


if __name__ == "__main__":
    sys.exit(main())

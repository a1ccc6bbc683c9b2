"""What the fuzzer has found, kept: inputs that reach every corner of the parser, and those that were bugs."""

import json

import pytest
from parse_target import FOUND, check, text_of

import symdiff as sd

TEXTS = json.loads(FOUND.read_text())


def test_every_input_that_was_found():
    for text in TEXTS:
        check(text)


def test_raw_bytes_become_text():
    assert text_of("x²".encode()) == "x²"
    with pytest.raises(sd.ParseError):
        sd.parse(text_of(b"x\xff"))


def test_the_target_notices_what_is_wrong(monkeypatch):
    def broken(text):
        raise RecursionError(text)

    monkeypatch.setattr(sd, "parse", broken)
    with pytest.raises(RecursionError):
        check("x")

"""Reading large JSON objects in pieces: whatever the pieces, the same values and the same refusals."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import orjson
import pytest

from plugin_api import json_text
from plugin_api.errors import ApiError
from plugins.database.tables.scanner import ObjectScanner, Path

PATHS: list[Path] = [("data",), ("configuration", "upsert_values")]
CELLS = ["a", "],[", '"],["x', "\\", '\\"', "é\n", "", None, 1, -2.5e3, True, ["x", ["y"]], {"k": "],["}, "x" * 50]


def scan(text: bytes) -> tuple[Any, dict[Path, list[Any]]]:
    found = ObjectScanner(io.BytesIO(text), PATHS, orjson.loads)
    elements: dict[Path, list[Any]] = {}
    for path, piece, some in found.batches():
        assert orjson.loads(piece) == some
        elements.setdefault(path, []).extend(some)
    assert {path: length for path, length in found.lengths.items() if length} == {
        path: len(some) for path, some in elements.items()
    }
    return found.values, elements


@pytest.mark.parametrize("size", [5, 17, 64, 300, 256 * 1024])
def test_any_object_in_any_pieces(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "PIECE_BYTES", size)
    chance = random.Random(size)
    for _ in range(60):
        rows = [[chance.choice(CELLS) for _ in range(chance.randint(0, 5))] for _ in range(chance.randint(1, 40))]
        rows += [chance.choice(CELLS)] * chance.randint(0, 2)
        body = {"x": chance.choice(CELLS), "data": rows, "configuration": {"a": 1, "upsert_values": [[1], ["b"]]}}
        keys = chance.sample(list(body), len(body))
        text = json.dumps({key: body[key] for key in keys}, indent=chance.choice([None, 1])).encode()
        values, elements = scan(text)
        assert values == {**body, "data": [], "configuration": {"a": 1, "upsert_values": []}}
        assert elements == {PATHS[0]: rows, PATHS[1]: [[1], ["b"]]}
        with pytest.raises((ApiError, orjson.JSONDecodeError)):
            scan(text[: chance.randint(1, len(text) - 1)])


def test_what_looks_like_rows_inside_of_values_is_left_alone() -> None:
    rows = [["],["] * 16 for _ in range(20_000)]
    assert scan(orjson.dumps({"data": rows}))[1] == {("data",): rows}


def test_no_body_and_other_values() -> None:
    assert scan(b"") == ({}, {})
    assert scan(b" \n") == ({}, {})
    assert scan(b'["a", 1]') == (["a", 1], {})
    assert scan(b'{"data": "a"}') == ({"data": "a"}, {})
    assert scan(b'{"data": []}')[0] == {"data": []}
    assert scan(b'{"configuration": 5, "data.x": [1]}') == ({"configuration": 5, "data.x": [1]}, {})


@pytest.mark.parametrize(
    "text",
    [
        b'{"data":[1,]}',
        b'{"data":[1}',
        b'{"data":[[1],}',
        b'{"data":[}',
        b'{"data":[[1]]}x',
        b"{,}",
        b'{"a" 1}',
        b'{"a":1',
        b'{"a":}',
        b"{1:2}",
        b"[1",
        b"{broken",
        b'{"data":[["\xff"]]}',
        b'{"data":[["\\ud800"]]}',
        b'{"a":' + b"1" * 5000 + b"}",
        b'{"data":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"x":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    ],
)
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises((ApiError, orjson.JSONDecodeError)):
        scan(text)


def test_an_array_may_be_given_once() -> None:
    with pytest.raises(ApiError) as refused:
        scan(b'{"data":[[1]],"data":[[2]]}')
    assert refused.value.detail == {"data": [{"code": "invalid", "error": "Give this only once."}]}


def test_a_value_without_end_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "VALUE_BYTES", 1000)
    monkeypatch.setattr(json_text, "PIECE_BYTES", 100)
    stream = io.BytesIO(b'{"data":["' + b"x" * 1_000_000)
    with pytest.raises(ApiError, match="larger than"):
        list(ObjectScanner(stream, PATHS, orjson.loads).batches())
    assert stream.tell() < 10_000

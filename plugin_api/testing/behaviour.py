"""What every field type has to do in a running instance, tried over HTTP: rows, filters, formulas, copies, undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from plugin_api.fields import ConvertsMixin, Field, FieldType, kind_of
from plugin_api.filters import FilterType
from plugin_api.platform import registry
from plugin_api.testing.bench import Bench, Instance, Json
from plugin_api.testing.fields import ODD_VALUES, Sample

NAME = "Checked"


@dataclass(frozen=True)
class FieldCase:
    """A field type with good and bad values of one of its fields.

    samples: good values, different from each other; their `text` is what people read of them.
    settings: what a client sends with the type; a function of the bench and the table when they need other things.
    refused: bad values, each with the code it is refused with.
    read_only: the values come by themselves; samples then have no use.
    written_as_read: values may be written as they are read.
    searched: what searches find in the first row; by default all texts are found in their rows.
    formula_text: `totext()` makes the same texts.
    from_text: a text field with the samples' texts that is changed to the type has the samples' values.
    """

    type: str
    samples: Sequence[Sample] = ()
    settings: Mapping[str, Any] | Callable[[Bench, int], Mapping[str, Any]] = field(default_factory=dict)
    refused: Sequence[tuple[Any, str]] = ()
    read_only: bool = False
    written_as_read: bool = True
    searched: Sequence[str] | None = None
    formula_text: bool = True
    from_text: bool = True


def check_field_behaviour(instance: Instance, case: FieldCase) -> None:
    """Check a field type over HTTP; AssertionError says what it does not do."""
    check = _Behaviour(Bench(instance), case)
    for step in (
        check.reads,
        check.refusals,
        check.odd_values,
        check.orders,
        check.searches,
        check.filters,
        check.exports,
        check.formulas,
        check.undo_of_rows,
        check.trash,
        check.copies,
        check.conversions,
    ):
        step()


class _Behaviour:
    """A table with a field of the type, and a row for each sample."""

    def __init__(self, bench: Bench, case: FieldCase) -> None:
        self.bench, self.case = bench, case
        self.samples = [] if case.read_only else list(case.samples)
        self.table = bench.table([f"row {n}" for n in range(max(len(self.samples), 2))])
        self.settings = dict(case.settings(bench, self.table) if callable(case.settings) else case.settings)
        self.field = bench.field(self.table, NAME, case.type, **self.settings)
        self.kind: FieldType = registry("field_types")[case.type]
        self._fill()
        self.values = bench.column(self.table, NAME)

    def _fill(self) -> None:
        items = [{"id": n, NAME: sample.given} for n, sample in enumerate(self.samples, 1)]
        if items:
            status, answer = self.bench.write(self.table, items)
            assert status == 200, f"good values are refused: {answer}"

    def _unchanged(self, what: str) -> None:
        found = self.bench.column(self.table, NAME)
        assert found == self.values, f"{what}: the values are {found!r:.300}, not {self.values!r:.300}"

    def reads(self) -> None:
        """Values read back as they must, in lists and alone, and stay the same when written as they were read."""
        for sample, found in zip(self.samples, self.values, strict=False):
            assert found == sample.read, f"{sample.given!r:.100} reads as {found!r:.200}, not {sample.read!r:.200}"
        path = f"/api/database/rows/table/{self.table}/1/?user_field_names=true"
        assert self.bench.done("GET", path)[NAME] == self.values[0], "a row alone reads otherwise than in a list"
        if self.samples and self.case.written_as_read:
            items = [{"id": n, NAME: value} for n, value in enumerate(self.values, 1)]
            assert self.bench.write(self.table, items)[0] == 200, "values cannot be written as they are read"
            self._unchanged("written as read")

    def refusals(self) -> None:
        """Bad values are refused with their code, and nothing beside them is written."""
        for value, code in self.case.refused:
            status, answer = self.bench.write(self.table, [{"id": 1, "Name": "changed"}, {"id": 2, NAME: value}])
            assert status == 400, f"{value!r:.100} is not refused: {status} {answer}"
            assert code in str(answer), f"{value!r:.100} is refused with {answer!r:.300}, not with {code}"
            self._unchanged(f"{value!r:.100} was refused")
        assert "changed" not in self.bench.column(self.table, "Name"), "a batch that was refused is half written"

    def odd_values(self) -> None:
        """Whatever clients send is stored or refused; undone, everything is as it was."""
        for value in ODD_VALUES:
            status, answer = self.bench.write(self.table, [{"id": 1, NAME: value}])
            if self.case.read_only:
                continue
            assert status in (200, 400), f"{value!r:.60} answers {status} {answer}"
            if status == 200:
                self.bench.undo()
                self._unchanged(f"{value!r:.60} was written and undone")

    def orders(self) -> None:
        """Rows can be ordered both ways, or that is refused; the other way round is the reverse."""
        path = f"/api/database/rows/table/{self.table}/?user_field_names=true&order_by="
        ways = [self.bench.ask("GET", f"{path}{sign}{NAME}") for sign in ("", "-")]
        if not self.kind.can_sort:
            assert {status for status, _ in ways} == {400}, "a type that cannot be sorted must refuse it"
            return
        up, down = ([row for row in answer["results"] if row[NAME] not in (None, "", [])] for _, answer in ways)
        assert sorted(r["id"] for r in up) == sorted(r["id"] for r in down), "an order loses rows"
        if not self.case.read_only:
            assert [r[NAME] for r in up] == [r[NAME] for r in reversed(down)], "descending is not ascending reversed"

    def searches(self) -> None:
        """What people read of a value is found."""
        wanted = [(1, text) for text in self.case.searched or ()]
        if self.case.searched is None:
            wanted = [(n, sample.text) for n, sample in enumerate(self.samples, 1) if sample.text]
        for n, text in wanted:
            found = self.bench.ids(self.table, f"&search={quote(text)}&search_mode=compat")
            assert n in found, f"a search for {text!r:.100} finds the rows {found}, not {n}"

    def filters(self) -> None:
        """Every filter of the kind can be asked with any text; rows are empty or not, and never both."""
        kind = kind_of(self.kind, self._as_field())
        types: list[FilterType] = [found for found in registry("filter_types").values() if kind in found.kinds]
        texts = ["", "text", *[sample.text for sample in self.samples if sample.text][:2]]
        for found in types:
            for text in texts:
                self.bench.rows(self.table, f"&filter__{NAME}__{found.type}={quote(text)}")
        if {"empty", "not_empty"} <= {found.type for found in types}:
            halves = [self.bench.ids(self.table, f"&filter__{NAME}__{name}=") for name in ("empty", "not_empty")]
            everything = self.bench.ids(self.table, "")
            assert sorted(halves[0] + halves[1]) == everything, f"empty and not empty are {halves} of {everything}"

    def _as_field(self) -> Field:
        return Field(self.field["id"], self.table, NAME, self.case.type, options=self.field)

    def exports(self) -> None:
        """The rows can be exported, as texts and as JSON values, where there are such exporters."""
        for kind in ("csv", "json"):
            if kind in registry("exporter_types"):
                self.bench.job(f"/api/database/export/table/{self.table}/", {"exporter_type": kind})

    def formulas(self) -> None:
        """Formulas take the field, or refuse it; what they make of it follows its values, also over links."""
        made = self._formula(self.table, "Text of it", f"totext(field('{NAME}'))")
        if made is not None:
            for sample, text in zip(self.samples, self.bench.column(self.table, "Text of it"), strict=False):
                known = self.case.formula_text and sample.text is not None
                assert not known or text == sample.text, f"in formulas the text is {text!r}, not {sample.text!r}"
        self._formula(self.table, "Is it blank", f"isblank(field('{NAME}'))")
        other = self.bench.table(["linking"])
        self.bench.field(other, "To it", "link_row", link_row_table_id=self.table, has_related_field=False)
        assert self.bench.write(other, [{"id": 1, "To it": [1, 2]}])[0] == 200
        if self._formula(other, "Over a link", f"lookup('To it', '{NAME}')") is not None:
            looked_up = {item["id"] for item in self.bench.column(other, "Over a link")[0]}
            wanted = {n for n in (1, 2) if n <= len(self.samples)}
            assert wanted <= looked_up <= {1, 2}, f"a lookup shows values of the rows {looked_up}"

    def _formula(self, table: int, name: str, formula: str) -> Json | None:
        body = {"name": name, "type": "formula", "formula": formula}
        status, answer = self.bench.ask("POST", f"/api/database/fields/table/{table}/", body)
        assert status in (200, 400), f"the formula {formula} answers {status} {answer}"
        return answer if status == 200 else None

    def undo_of_rows(self) -> None:
        """A change of values and new rows can be undone and redone exactly."""
        if len(self.samples) < 2:
            return
        swapped = [{"id": 1, NAME: self.samples[1].given}, {"id": 2, NAME: self.samples[0].given}]
        assert self.bench.write(self.table, swapped)[0] == 200
        changed = self.bench.column(self.table, NAME)
        self.bench.undo()
        self._unchanged("a change was undone")
        self.bench.redo()
        assert self.bench.column(self.table, NAME) == changed, "a change that was redone is another one"
        self.bench.undo()
        path = f"/api/database/rows/table/{self.table}/?user_field_names=true"
        made = self.bench.done("POST", path, {NAME: self.samples[0].given})
        assert made[NAME] == self.samples[0].read, "a new row has another value"
        self.bench.undo()
        self._unchanged("a new row was undone")

    def trash(self) -> None:
        """Rows and the field come back from the trash with their values, and by undo."""
        rows = f"/api/database/rows/table/{self.table}/1/"
        self.bench.done("DELETE", rows)
        self._restore({"trash_item_type": "row", "trash_item_id": 1, "parent_trash_item_id": self.table})
        self._unchanged("a row was restored")
        path = f"/api/database/fields/{self.field['id']}/"
        self.bench.done("DELETE", path)
        assert NAME not in self.bench.field_names(self.table)
        self._restore({"trash_item_type": "field", "trash_item_id": self.field["id"]})
        self._unchanged("the field was restored")
        self.bench.done("DELETE", path)
        self.bench.undo()
        self._unchanged("deleting the field was undone")

    def _restore(self, item: Json) -> None:
        self.bench.done("PATCH", "/api/trash/restore/", item)

    def copies(self) -> None:
        """Copies of the field and of the table have the same values, of types that keep values."""
        path = f"/api/database/fields/{self.field['id']}/duplicate/async/"
        copied = self.bench.job(path, {"duplicate_data": True})["duplicated_field"]
        values = self.bench.column(self.table, copied["name"])
        assert self.case.read_only or _shown(values) == _shown(self.values), (
            f"the copy of the field has {values!r:.300}"
        )
        table = self.bench.job(f"/api/database/tables/{self.table}/duplicate/async/", {})["duplicated_table"]["id"]
        values = self.bench.column(table, NAME)
        assert self.case.read_only or _shown(values) == _shown(self.values), (
            f"the copy of the table has {values!r:.300}"
        )

    def conversions(self) -> None:
        """Changed to text the values are their texts; undone they are as before; texts become values."""
        path = f"/api/database/fields/{self.field['id']}/"
        self.bench.done("PATCH", path, {"type": "long_text"})
        texts = self.bench.column(self.table, NAME)
        for sample, text in zip(self.samples, texts, strict=False):
            known = sample.text is None or (text or "") == sample.text
            assert known, f"as text {sample.given!r:.100} is {text!r}, not {sample.text!r}"
        self.bench.undo()
        if not self.case.read_only:
            self._unchanged("a change to text was undone")
        self._from_texts()

    def _from_texts(self) -> None:
        known = [sample for sample in self.samples if sample.text is not None]
        table = self.bench.table([sample.text or "" for sample in known] or ["text"])
        copy = self.bench.field(table, "Second", "formula", formula="field('Name')")["id"]
        self.bench.done("PATCH", f"/api/database/fields/{copy}/", {"type": "text"})
        settings = dict(self.case.settings(self.bench, table) if callable(self.case.settings) else self.case.settings)
        status, answer = self.bench.ask("PATCH", f"/api/database/fields/{copy}/", {"type": self.case.type, **settings})
        if isinstance(self.kind, ConvertsMixin) and not self.kind.converts_from(registry("field_types")["text"]):
            assert status == 400, f"texts are changed to a type that says it refuses them: {answer}"
            return
        assert status == 200, f"texts cannot be changed to the type: {answer}"
        if self.case.from_text and known:
            found = _shown(self.bench.column(table, "Second"))
            assert found == _shown([sample.read for sample in known]), f"texts became {found!r:.300}"


def _shown(value: Any) -> Any:
    """A value without the ids of what it is made of, which copies have of their own; an empty text is no value."""
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _shown(found) for key, found in value.items() if key not in ("id", "order")}
    return None if isinstance(value, str) and not value else value

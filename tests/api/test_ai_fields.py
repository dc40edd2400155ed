"""AI fields: their settings, values that a model writes in the background, and all that can go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.outbound.addresses import AddressPolicy
from plugin_api.outbound import Outbound
from plugin_api.platform import registry, service
from plugin_api.testing import Sample, check_field_type, connection_to
from plugins.ai_field import jobs
from plugins.generative_ai import client as asking
from tests.ai import ModelServer
from tests.sessions import DONE, Session
from tests.tables import SMALL_MODEL, recorded, run_job, scalar

COLORS = [{"value": "Red", "color": "red"}, {"value": "Blue", "color": "blue"}]


@pytest.fixture
def model(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A model server that requests may reach; nobody waits between attempts."""
    made = ModelServer()
    monkeypatch.setattr(service(Outbound), "_policy", AddressPolicy(["127.0.0.1"]))
    monkeypatch.setattr(asking, "_wait", lambda attempt, wanted: 0.0)
    yield made
    made.close()


class People(Session):
    """A table of people with a field Answer that greets them."""

    def __init__(self, api: Any, host: str) -> None:
        super().__init__(api)
        self.allow_ai(host)
        self.people = self.table("People", [["Name"], ["Ann"], ["Bob"], ["Cas"]])
        self.name = self.fields(self.people)[0]["id"]
        self.prompt = f"concat('Hi ', get('fields.field_{self.name}'))"
        self.answer = self.add_field(self.people, "Answer", "ai", **SMALL_MODEL, ai_prompt=self.prompt)
        self.path = f"/api/database/fields/{self.answer}/"
        self.client = api

    def change(self, **values: Any) -> tuple[int, Any]:
        """Change the field."""
        status, answer = self.client.patch(self.path, values)
        return status, answer if status == 200 else answer["error"]

    def start(self, *row_ids: int) -> int:
        """Ask for values; answers the job's id."""
        assert self.client.post(f"{self.path}generate-ai-field-values/", {"row_ids": list(row_ids)}) == (202, None)
        return int(self.client.get("/api/jobs/")[1]["jobs"][0]["id"])

    def generate(self, *row_ids: int) -> dict[str, Any]:
        """Ask for values and have them written; answers the job."""
        job_id = self.start(*row_ids)
        run_job(job_id)
        return dict(self.client.get(f"/api/jobs/{job_id}/")[1])

    def answers(self) -> list[Any]:
        """The values of the field."""
        return [row["Answer"] for row in self.rows(self.people)]


@pytest.fixture
def people(api: Any, model: ModelServer) -> People:
    """The table."""
    return People(api, model.url)


def test_values_are_written_one_by_one(people: People, model: ModelServer, api: Any) -> None:
    job = people.generate(1, 3)
    assert people.answers() == ["<Hi Ann>", None, "<Hi Cas>"]
    assert (job["state"], job["progress_percentage"], job["failed_rows"]) == ("finished", 100, [])
    assert (job["type"], job["field_id"], job["row_ids"]) == ("generate_ai_values", people.answer, [1, 3])
    assert [asked["path"] for asked in model.asked] == ["/api/generate"] * 2
    assert model.asked[0]["body"] == {"model": "small", "prompt": "Hi Ann", "stream": False}
    told = [event for event in recorded("outbox", api, "payload") if event["type"] == "rows_updated"]
    assert [event["rows"][0]["id"] for event in told] == [1, 3]


def test_undo_takes_back_what_one_request_brought(people: People) -> None:
    people.generate(1, 2)
    assert people.undo() == DONE
    assert people.answers() == [None, None, None]


def test_temperatures_are_kept_within_what_the_server_takes(people: People, model: ModelServer) -> None:
    people.change(ai_temperature=1.5)
    people.generate(1)
    people.change(ai_temperature=0)
    people.generate(1)
    assert [asked["body"]["options"] for asked in model.asked] == [{"temperature": 1.0}, {"temperature": 0.0}]


def test_the_model_is_asked_outside_of_transactions(people: People, model: ModelServer) -> None:
    open_ones = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state LIKE 'idle in transaction%%' AND pid <> pg_backend_pid()"
    )
    seen: list[int] = []

    def reply(prompt: str) -> str:
        seen.append(scalar(open_ones))
        return "x"

    model.reply = reply
    people.generate(1, 2)
    formula = {"ai_type": "ollama", "ai_model": "small", "ai_prompt": "x"}
    people.client.post(f"/api/database/fields/table/{people.people}/generate-ai-formula/", formula)
    assert seen == [0, 0, 0]


def test_texts_of_all_types_can_be_in_a_prompt(people: People, model: ModelServer) -> None:
    number = people.add_field(people.people, "Age", "number", number_decimal_places=1)
    color = people.add_field(people.people, "Color", "single_select", select_options=COLORS)
    row = f"/api/database/rows/table/{people.people}/2/"
    assert people.client.patch(row, {f"field_{number}": 4, f"field_{color}": "Blue"})[0] == 200
    parts = ", ' ', ".join(f"get('fields.field_{field}')" for field in (number, color, people.answer))
    assert people.change(ai_prompt=f"concat({parts})")[0] == 200
    people.generate(2)
    assert model.prompts() == ["4.0 Blue "]


def test_choices(people: People, model: ModelServer) -> None:
    status, shown = people.change(ai_output_type="choice", select_options=COLORS)
    assert (status, [option["value"] for option in shown["select_options"]]) == (200, ["Red", "Blue"])
    model.reply = lambda prompt: "no idea" if "Bob" in prompt else " blue."
    job = people.generate(1, 2)
    assert [value and value["value"] for value in people.answers()] == ["Blue", None, None]
    assert '["Red", "Blue"]' in model.prompts()[0]
    assert [(failed["id"], "no option" in failed["error"]) for failed in job["failed_rows"]] == [(2, True)]
    assert people.change(select_options=[])[0] == 200
    assert people.generate(1)["human_readable_error"] == "The field has no options to choose from."


def test_values_stay_when_the_output_or_the_type_changes(people: People, model: ModelServer) -> None:
    model.reply = lambda prompt: "Red" if "Ann" in prompt else "Green"
    people.generate(1, 2)
    people.change(ai_output_type="choice", select_options=COLORS)
    assert [value and value["value"] for value in people.answers()] == ["Red", None, None]
    people.change(ai_output_type="text")
    assert people.answers() == ["Red", None, None]
    assert people.undo() == DONE and people.undo() == DONE
    assert people.answers() == ["Red", "Green", None]
    assert people.change(type="long_text")[0] == 200
    assert people.answers() == ["Red", "Green", None]
    assert people.change(type="ai", **SMALL_MODEL)[0] == 200
    assert people.answers() == ["Red", "Green", None]


def test_a_row_that_fails_does_not_stop_the_others(people: People, model: ModelServer, api: Any) -> None:
    model.reply = lambda prompt: (500, {"error": "out of order"}) if "Bob" in prompt else "good"
    job = people.generate(1, 2, 3)
    assert (job["state"], people.answers()) == ("finished", ["good", None, "good"])
    assert [failed["id"] for failed in job["failed_rows"]] == [2]
    assert "out of order" in job["failed_rows"][0]["error"]
    assert len(model.asked) == 5  # three attempts for Bob
    told = [event for event in recorded("outbox", api, "payload") if event["type"].endswith("generation_error")]
    assert [(event["field_id"], event["row_ids"]) for event in told] == [(people.answer, [2])]


def test_a_busy_server_is_asked_again(people: People, model: ModelServer) -> None:
    busy = iter([(429, {"error": "slow down"}), (503, {})])
    model.reply = lambda prompt: next(busy, "late")
    assert people.generate(1)["failed_rows"] == []
    assert (people.answers()[0], len(model.asked)) == ("late", 3)


def test_a_server_that_is_down_is_not_asked_for_every_row(people: People, model: ModelServer) -> None:
    model.reply = lambda prompt: (500, {})
    people.client.post(f"/api/database/rows/table/{people.people}/batch/", {"items": [{}] * 5})
    job = people.generate(*range(1, 9))
    assert job["state"] == "failed" and "3 times in a row" in job["human_readable_error"]
    assert len(model.asked) == 9


@pytest.mark.parametrize(
    "answer", [(404, {"error": "model 'small' not found"}), (401, {"error": {"message": "bad key"}}), (403, [])]
)
def test_wrong_settings_end_the_job(people: People, model: ModelServer, answer: Any) -> None:
    model.reply = lambda prompt: "first" if "Ann" in prompt else answer
    job = people.generate(1, 2, 3)
    assert (job["state"], people.answers(), len(model.asked)) == ("failed", ["first", None, None], 2)
    assert f"status {answer[0]}" in job["human_readable_error"]


@pytest.mark.parametrize("told", [{}, [], {"response": None}, {"response": 5}])
def test_answers_that_are_none(people: People, model: ModelServer, told: Any) -> None:
    model.reply = lambda prompt: (200, told)
    assert people.generate(1)["failed_rows"][0]["id"] == 1
    assert people.answers() == [None] * 3


def test_private_servers_are_not_reached(
    people: People, monkeypatch: pytest.MonkeyPatch, model: ModelServer, instance: Any
) -> None:
    instance(public_url="https://tables.example.org")
    monkeypatch.setattr(service(Outbound), "_policy", AddressPolicy())
    job = people.generate(1)
    assert (job["state"], model.asked) == ("failed", [])
    assert "private network" in job["human_readable_error"]


def test_rows_that_go_meanwhile(people: People, model: ModelServer) -> None:
    def reply(prompt: str) -> str:
        assert people.client.delete(f"/api/database/rows/table/{people.people}/2/")[0] == 204
        return "late"

    model.reply = reply
    job = people.generate(2)
    assert (job["state"], job["failed_rows"][0]["error"]) == ("finished", "The row is not there any more.")
    job_id = people.start(1)
    assert people.client.delete(f"/api/database/rows/table/{people.people}/1/")[0] == 204
    run_job(job_id)
    assert people.client.get(f"/api/jobs/{job_id}/")[1]["failed_rows"][0]["id"] == 1


def test_fields_that_go_meanwhile(people: People, model: ModelServer) -> None:
    def reply(prompt: str) -> str:
        assert people.change(type="text")[0] == 200
        return "late"

    model.reply = reply
    job = people.generate(1)
    assert (job["state"], job["human_readable_error"]) == ("failed", "The requested AI field does not exist.")
    assert people.answers() == [None] * 3


def test_prompts_that_cannot_be_made(people: People, model: ModelServer) -> None:
    other = people.add_field(people.people, "Other", "text")
    people.change(ai_prompt=f"get('fields.field_{other}')")
    assert people.client.delete(f"/api/database/fields/{other}/")[0] == 200
    assert "not in the table any more" in people.generate(1)["human_readable_error"]
    people.change(ai_prompt="")
    assert people.generate(1)["human_readable_error"] == "The field has no prompt."
    assert model.asked == []


def test_a_cancelled_job_keeps_what_was_written(
    people: People, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.jobs.run._LIVE_SECONDS", 0)
    job_id = people.start(1, 2, 3)

    def reply(prompt: str) -> str:
        if "Bob" in prompt:
            assert people.client.post(f"/api/jobs/{job_id}/cancel/")[0] == 200
        return "x"

    model.reply = reply
    run_job(job_id)
    assert people.client.get(f"/api/jobs/{job_id}/")[1]["state"] == "cancelled"
    assert people.answers()[0] == "x" and people.answers()[2] is None


def test_starting_is_refused(people: People, make_user: Any, model: ModelServer) -> None:
    url = f"{people.path}generate-ai-field-values/"

    def refused(body: Any, path: str = url, who: Any = people.client) -> tuple[int, str]:
        status, answer = who.post(path, body)
        return status, answer["error"]

    assert refused({"row_ids": [1, 99]}) == (404, "ERROR_ROW_DOES_NOT_EXIST")
    assert refused({"row_ids": list(range(201))}) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert refused({"row_ids": [1]}, who=make_user()) == (400, "ERROR_USER_NOT_IN_GROUP")
    name = url.replace(str(people.answer), str(people.name))
    assert refused({"row_ids": [1]}, name) == (404, "ERROR_FIELD_DOES_NOT_EXIST")
    people.allow_ai("")
    assert refused({"row_ids": [1]}) == (400, "ERROR_MODEL_DOES_NOT_BELONG_TO_TYPE")
    assert [job for job in people.client.get("/api/jobs/")[1]["jobs"] if job["type"] == jobs.JOB] == []


def test_no_rows_are_no_job(people: People) -> None:
    assert people.client.post(f"{people.path}generate-ai-field-values/", {"row_ids": []})[0] == 202
    assert people.client.get("/api/jobs/")[1]["jobs"] == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"ai_generative_ai_type": "oracle"}, "ERROR_GENERATIVE_AI_DOES_NOT_EXIST"),
        ({"ai_generative_ai_type": None}, "ERROR_GENERATIVE_AI_DOES_NOT_EXIST"),
        ({"ai_generative_ai_type": "openai"}, "ERROR_MODEL_DOES_NOT_BELONG_TO_TYPE"),
        ({"ai_generative_ai_model": "large"}, "ERROR_MODEL_DOES_NOT_BELONG_TO_TYPE"),
        ({"ai_file_field_id": 1}, "ERROR_GENERATIVE_AI_DOES_NOT_SUPPORT_FILE_FIELD"),
        ({"ai_prompt": "sum(1)"}, "ERROR_REQUEST_BODY_VALIDATION"),
        ({"ai_temperature": "NaN"}, "ERROR_REQUEST_BODY_VALIDATION"),
        ({"ai_temperature": -0.1}, "ERROR_REQUEST_BODY_VALIDATION"),
        ({"ai_temperature": True}, "ERROR_REQUEST_BODY_VALIDATION"),
        ({"ai_output_type": "song"}, "ERROR_REQUEST_BODY_VALIDATION"),
    ],
)
def test_settings_that_are_refused_change_nothing(people: People, change: dict[str, Any], error: str) -> None:
    before = people.client.get(people.path)[1]
    assert people.change(**change) == (400, error)
    assert people.client.get(people.path)[1] == before


def test_a_model_that_is_gone_stops_neither_a_new_name_nor_undo(people: People) -> None:
    people.change(ai_temperature=1)
    people.allow_ai("")
    assert people.change(name="Reply")[0] == 200
    assert people.undo() == DONE and people.undo() == DONE
    assert people.client.get(people.path)[1]["ai_temperature"] is None


def test_copied_tables_have_prompts_of_their_own(people: People, model: ModelServer) -> None:
    job = people.run(people.client.post(f"/api/database/tables/{people.people}/duplicate/async/", {}))
    fields = people.fields(job["duplicated_table"]["id"])
    name = next(field["id"] for field in fields if field["name"] == "Name")
    copy = next(field for field in fields if field["name"] == "Answer")
    assert copy["ai_prompt"] == f"concat('Hi ', get('fields.field_{name}'))" != people.prompt
    people.answer, people.people = copy["id"], job["duplicated_table"]["id"]
    people.path = f"/api/database/fields/{copy['id']}/"
    people.generate(2)
    assert people.answers()[1] == "<Hi Bob>"


def test_copied_fields_keep_their_values(people: People) -> None:
    people.generate(1)
    job = people.run(people.client.post(f"{people.path}duplicate/async/", {"duplicate_data": True}))
    assert job["duplicated_field"]["ai_prompt"] == people.prompt
    assert [row["Answer 2"] for row in people.rows(people.people)] == ["<Hi Ann>", None, None]


def test_formulas_filters_and_sorts_know_the_values(people: People) -> None:
    people.generate(1, 2)
    people.add_field(people.people, "Loud", "formula", formula="upper(field('Answer'))")
    assert [row["Loud"] for row in people.rows(people.people)] == ["<HI ANN>", "<HI BOB>", ""]
    rows = f"/api/database/rows/table/{people.people}/?order_by=-field_{people.answer}"
    assert [row["id"] for row in people.client.get(rows)[1]["results"]] == [2, 1, 3]
    found = people.client.get(f"{rows}&filter__field_{people.answer}__contains=ann")[1]
    assert [row["id"] for row in found["results"]] == [1]
    assert people.change(ai_output_type="choice", select_options=[{"value": "<Hi Bob>", "color": "red"}])[0] == 200
    assert [row["Loud"] for row in people.rows(people.people)] == ["", "<HI BOB>", ""]


def test_the_type_keeps_the_promises_of_field_types(app: Any, servers: tuple[str, str]) -> None:
    texts = [Sample("a", "a", "a"), Sample("b\nc", "b\nc")]
    with connection_to(servers[0]) as empty:
        check_field_type(registry("field_types")["ai"], empty, texts, [({}, "invalid")])


def test_people_choose_like_in_a_single_select(people: People) -> None:
    people.change(ai_output_type="choice", select_options=COLORS)
    row = f"/api/database/rows/table/{people.people}/1/"
    assert people.client.patch(row, {f"field_{people.answer}": "Red"})[1][f"field_{people.answer}"]["value"] == "Red"
    status, answer = people.client.patch(row, {f"field_{people.answer}": "Green"})
    assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    order = f"/api/database/rows/table/{people.people}/?order_by="
    assert people.client.patch(row.replace("/1/", "/2/"), {f"field_{people.answer}": "Blue"})[0] == 200
    for way, ids in ((f"field_{people.answer}", [3, 2, 1]), (f"field_{people.answer}[order]", [3, 1, 2])):
        assert [found["id"] for found in people.client.get(order + way)[1]["results"]] == ids

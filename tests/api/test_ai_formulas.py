"""Formulas that a model writes, the kinds of model servers, and who may use which model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from core.outbound.addresses import AddressPolicy
from plugin_api.db import begin
from plugin_api.outbound import Outbound
from plugin_api.platform import registry, service
from plugin_api.registry import Entry
from plugin_api.workspaces import ai_providers
from plugins.generative_ai.kinds import AiFailed, AiMisconfigured, ModelType
from tests.ai import ModelServer
from tests.tables import Database, scalar

WISH = {"ai_type": "ollama", "ai_model": "small", "ai_prompt": "the name in capitals"}


@pytest.fixture
def model(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A model server that requests may reach."""
    made = ModelServer()
    monkeypatch.setattr(service(Outbound), "_policy", AddressPolicy(["127.0.0.1"]))
    yield made
    made.close()


@pytest.fixture
def base(api: Any, model: ModelServer) -> Database:
    """A database whose workspace may use the model."""
    made = Database(api)
    made.allow_ai(model.url)
    return made


@pytest.fixture
def path(base: Database) -> str:
    """Where formulas for a table are asked for."""
    return f"/api/database/fields/table/{base.table('T', [['It is'], ['a']])}/generate-ai-formula/"


def test_a_formula(api: Any, path: str, model: ModelServer) -> None:
    model.reply = lambda prompt: 'Sure:\n```json\n{"formula": "upper(field(\'It is\'))"}\n```'
    assert api.post(path, {**WISH, "ai_temperature": 0.2}) == (200, {"formula": "upper(field('It is'))"})
    asked = model.asked[0]["body"]
    assert asked["options"] == {"temperature": 0.2}
    assert all(part in asked["prompt"] for part in (WISH["ai_prompt"], "field('It is')", "of the type text", "regex_"))


@pytest.mark.parametrize("told", ["I do not know.", "[]", '{"formula": 5}', '{"formula": " "}', '{"f": "1"}', ""])
def test_answers_without_a_formula(api: Any, path: str, model: ModelServer, told: str) -> None:
    model.reply = lambda prompt: told
    status, answer = api.post(path, WISH)
    assert (status, answer["error"]) == (400, "ERROR_OUTPUT_PARSER")


def test_a_model_that_is_out_of_order(api: Any, path: str, model: ModelServer) -> None:
    model.reply = lambda prompt: (500, {"error": "out of order"})
    status, answer = api.post(path, WISH)
    assert (status, answer["error"]) == (400, "ERROR_GENERATIVE_AI_PROMPT")
    assert "out of order" in answer["detail"] and len(model.asked) == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"ai_type": "nobody"}, "ERROR_GENERATIVE_AI_DOES_NOT_EXIST"),
        ({"ai_model": "large"}, "ERROR_MODEL_DOES_NOT_BELONG_TO_TYPE"),
        ({"ai_prompt": "x" * 1001}, "ERROR_REQUEST_BODY_VALIDATION"),
        ({"ai_prompt": ""}, "ERROR_REQUEST_BODY_VALIDATION"),
        ({"ai_temperature": 2.1}, "ERROR_REQUEST_BODY_VALIDATION"),
    ],
)
def test_wishes_that_are_refused(api: Any, path: str, model: ModelServer, change: Any, error: str) -> None:
    status, answer = api.post(path, {**WISH, **change})
    assert (status, answer["error"], model.asked) == (400, error, [])


def test_outsiders_and_tables_that_are_not_there(api: Any, path: str, make_user: Any) -> None:
    assert make_user().post(path, WISH)[1]["error"] == "ERROR_USER_NOT_IN_GROUP"
    gone = "/api/database/fields/table/99999999/generate-ai-formula/"
    assert api.post(gone, WISH)[1]["error"] == "ERROR_TABLE_DOES_NOT_EXIST"


def ask(type_name: str, url: str, temperature: float | None = 1.8, **settings: Any) -> str:
    """What a kind of server makes of a prompt."""
    kind = registry("generative_ai_model_types")[type_name]
    return str(kind.ask({"url": url, "host": url, "seconds": 5, **settings}, "m", "Hello", temperature, 1))


@pytest.mark.parametrize(
    ("type_name", "path", "highest"),
    [
        ("openai", "/chat/completions", 1.8),
        ("openrouter", "/chat/completions", 1.8),
        ("mistral", "/chat/completions", 1.0),
        ("anthropic", "/messages", 1.0),
        ("ollama", "/api/generate", 1.0),
    ],
)
def test_every_kind_of_server_is_spoken_to(model: ModelServer, type_name: str, path: str, highest: float) -> None:
    assert ask(type_name, model.url + "/", api_key=" key ", organization="org") == "<Hello>"
    asked = model.asked[0]
    assert (asked["path"], asked["body"]["model"]) == (path, "m")
    told = asked["body"].get("options", asked["body"])
    assert told["temperature"] == highest
    headers = {name.lower(): value for name, value in asked["headers"].items()}
    key = headers.get("authorization") or headers.get("x-api-key")
    assert key == {"anthropic": "key", "ollama": None}.get(type_name, "Bearer key")
    assert headers.get("openai-organization") == ("org" if type_name == "openai" else None)
    ask(type_name, model.url, None, api_key="key")
    assert "temperature" not in json.dumps(model.asked[1]["body"])


def test_keys_that_are_none(model: ModelServer) -> None:
    for key in ("a\r\nX-Other: b", "kéy"):
        with pytest.raises(AiMisconfigured):
            ask("openai", model.url, api_key=key)
    assert model.asked == []


@pytest.mark.parametrize("told", [{"choices": []}, {"choices": [{"message": {"content": None}}]}, {"choices": "x"}])
def test_chats_without_an_answer(model: ModelServer, told: Any) -> None:
    model.reply = lambda prompt: (200, told)
    with pytest.raises(AiFailed):
        ask("openai", model.url)


def test_redirects_are_not_followed(model: ModelServer) -> None:
    """A key must not go anywhere else."""
    model.reply = lambda prompt: (307, {"location": "elsewhere"})
    with pytest.raises(AiFailed):
        ask("openai", model.url, api_key="key")


def test_keys_of_workspaces_are_encrypted(api: Any, base: Database) -> None:
    url = f"/api/workspaces/{base.workspace_id}/settings/generative-ai/"
    assert api.patch(url, {"openai": {"api_key": "very secret", "models": ["m"]}})[0] == 200
    kept = "SELECT generative_ai_models_settings::text FROM core.workspace WHERE id = %(id)s"
    assert "very secret" not in scalar(kept, id=base.workspace_id)
    with begin():
        assert ai_providers(base.workspace_id)["openai"]["api_key"] == "very secret"


def test_models_of_the_instance_are_for_all_workspaces(api: Any, base: Database, instance: Any) -> None:
    instance(ai_openai_url="http://models.internal/v1", ai_openai_models=("local",), ai_timeout_seconds=7)
    workspaces = api.get("/api/workspaces/")[1]
    shown = next(found for found in workspaces if found["id"] == base.workspace_id)
    assert shown["generative_ai_models_enabled"] == {"openai": ["local"], "ollama": ["small"]}
    application = api.get(f"/api/applications/{base.id}/")[1]
    assert application["workspace"]["generative_ai_models_enabled"] == shown["generative_ai_models_enabled"]
    with begin():
        found = ai_providers(base.workspace_id)["openai"]
    assert (found["url"], found["seconds"]) == ("http://models.internal/v1", 7)
    assert api.get(f"/api/workspaces/{base.workspace_id}/settings/generative-ai/")[1].keys() == {"ollama"}


def test_a_workspaces_own_key_goes_before_the_instances(api: Any, base: Database, instance: Any) -> None:
    instance(ai_openai_url="http://models.internal/v1", ai_openai_api_key="shared", ai_openai_models=("local",))
    own = {"openai": {"api_key": "own", "models": ["gpt"]}}
    answer = api.patch(f"/api/workspaces/{base.workspace_id}/settings/generative-ai/", own)[1]
    assert answer["generative_ai_models_enabled"] == {"openai": ["gpt"]}
    with begin():
        found = ai_providers(base.workspace_id)["openai"]
    assert found["api_key"] == "own" and "url" not in found


def test_where_servers_may_be(
    api: Any, path: str, model: ModelServer, instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the instance anywhere, those of workspaces where a setting allows it; nothing else there."""
    monkeypatch.setattr(service(Outbound), "_policy", AddressPolicy())
    model.reply = lambda prompt: '{"formula": "1"}'
    assert api.post(path, WISH)[0] == 200, "who serves the own machine alone reaches it"
    instance(public_url="https://tables.example.org")
    status, answer = api.post(path, WISH)
    assert (status, answer["error"], "private network" in answer["detail"]) == (400, "ERROR_GENERATIVE_AI_PROMPT", True)
    instance(public_url="https://tables.example.org", ai_allow_private_addresses=("10.0.0.0/8",))
    assert api.post(path, WISH)[0] == 400
    instance(public_url="https://tables.example.org", ai_allow_private_addresses=("127.0.0.0/8",))
    assert api.post(path, WISH)[0] == 200
    upload = api.post("/api/user-files/upload-via-url/", {"url": model.url})
    assert upload[1]["error"] == "ERROR_FILE_URL_COULD_NOT_BE_REACHED"
    instance(ai_openai_url=model.url, ai_openai_models=("m",))
    assert api.post(path, {**WISH, "ai_type": "openai", "ai_model": "m"})[0] == 200


def test_a_formula_by_a_model_of_the_instance(api: Any, base: Database, path: str, model: Any, instance: Any) -> None:
    instance(ai_openai_url=f"{model.url}/v1", ai_openai_models=("local",))
    model.reply = lambda prompt: '{"formula": "1"}'
    wish = {**WISH, "ai_type": "openai", "ai_model": "local"}
    assert api.post(path, wish) == (200, {"formula": "1"})
    assert model.asked[0]["path"] == "/v1/chat/completions" and "Authorization" not in str(model.asked[0]["headers"])


class Echo(ModelType):
    """A kind of a third party's: it has one model for everybody, and needs no server."""

    type = "echo"

    def access(self, workspace_id: int) -> dict[str, Any]:
        """The same for all workspaces."""
        return {"models": ["parrot"]}

    def ask(self, settings: Any, model: str, prompt: str, temperature: float | None, attempts: int) -> str:
        """What the wish was."""
        return json.dumps({"formula": prompt.partition("is to do: ")[2].partition("\n")[0]})


def test_a_third_partys_kind_of_models(api: Any, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = registry("generative_ai_model_types")
    monkeypatch.setattr(kinds, "_entries", {**kinds._entries, "echo": Entry(Echo(), "generative_ai")})
    wish = {"ai_type": "echo", "ai_model": "parrot", "ai_prompt": "1 + 1"}
    assert api.post(path, wish) == (200, {"formula": "1 + 1"})
    assert api.post(path, {**wish, "ai_model": "other"})[1]["error"] == "ERROR_MODEL_DOES_NOT_BELONG_TO_TYPE"

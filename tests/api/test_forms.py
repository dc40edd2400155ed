"""Forms over HTTP: settings, what visitors are told, what becomes of what they fill in."""

from __future__ import annotations

from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.notifications.mails import send_mails
from tests.forms import VIEWS, Form, picture
from tests.outbox import deliver
from tests.sessions import DONE
from tests.tables import scalar


@pytest.fixture
def form(api: Any) -> Form:
    """A form that asks for a name and a city."""
    return Form(api)


def test_a_visitor_fills_in_a_row(form: Form) -> None:
    status, answer = form.submit(Name="Ann", City="Rome")
    assert (status, answer["row_id"], answer["submit_action"]) == (200, 1, "MESSAGE")
    assert form.values(form.sheet) == [["Ann", "Rome"]]


def test_the_contract_of_settings(form: Form) -> None:
    assert form.api.patch(form.view_path, {"mode": "quiz"})[1]["detail"]["mode"][0]["code"] == "invalid_choice"
    for bad in ("not a url", "javascript:alert(1)"):
        detail = form.api.patch(form.view_path, {"submit_action_redirect_url": bad})[1]["detail"]
        assert detail["submit_action_redirect_url"][0]["code"] == "invalid"
    changed = form.ok(*form.api.patch(form.view_path, {"title": "T", "submit_action_redirect_url": ""}))
    assert (changed["title"], changed["submit_text"]) == ("T", "Submit")


def test_what_visitors_are_told_is_what_the_form_asks_for(form: Form) -> None:
    form.add_field(form.sheet, "Secret", "text", text_default="hush")
    form.set(Name={"order": 2, "name": "Who are you?", "description": "In full", "required": True}, City={"order": 1})
    assert form.shown() == {
        "title": "",
        "description": "",
        "mode": "form",
        "cover_image": None,
        "logo_image": None,
        "submit_text": "Submit",
        "show_logo": True,
        "allow_public_export": False,
        "fields": [
            _question("City", form.ids["City"], order=1),
            _question("Name", form.ids["Name"], order=2, name="Who are you?", description="In full", required=True),
        ],
    }


def _question(field: str, field_id: int, **changed: Any) -> dict[str, Any]:
    usual = {
        "name": field,
        "description": "",
        "required": False,
        "field": {"id": field_id, "name": field, "type": "text", "text_default": ""},
        "show_when_matching_conditions": False,
        "condition_type": "AND",
        "conditions": [],
        "condition_groups": [],
        "field_component": "default",
    }
    return {**usual, **changed}


def test_only_members_see_a_form_that_is_not_shared(form: Form, make_user: Any) -> None:
    form.ok(*form.api.patch(form.view_path, {"public": False}))
    for who, wanted in ((form.visitor, 404), (make_user(), 404), (form.api, 200)):
        status, answer = who.get(f"{form.address}submit/")
        assert (status, answer.get("error")) == (wanted, "ERROR_FORM_DOES_NOT_EXIST" if wanted == 404 else None)
        assert who.post(f"{form.address}submit/", {})[0] == wanted
        assert who.post(f"{form.address}upload-file/", {})[0] == (404 if wanted == 404 else 400)
    grid = form.ok(*form.api.get(f"{VIEWS}/table/{form.sheet}/"))[0]
    form.ok(*form.api.patch(f"{VIEWS}/{grid['id']}/", {"public": True}))
    assert form.visitor.get(f"{VIEWS}/form/{grid['slug']}/submit/")[0] == 404


def test_fields_that_are_not_asked_for_keep_their_defaults(form: Form) -> None:
    hidden = form.add_field(form.sheet, "Secret", "text", text_default="hush")
    form.ids["Secret"] = hidden
    autonumber = form.add_field(form.sheet, "No", "autonumber")
    body = {f"field_{form.ids['Name']}": "Ann", f"field_{hidden}": "mine", f"field_{autonumber}": 7, "id": 99, "x": 1}
    assert form.ok(*form.visitor.post(f"{form.address}submit/", body))["row_id"] == 1
    assert form.values(form.sheet) == [["Ann", None, "hush", 1]]


def test_required_values_are_required(form: Form) -> None:
    options = [{"value": "Red", "color": "red"}]
    form.add("Age", "number")
    form.add("Color", "single_select", select_options=options)
    form.add("Colors", "multiple_select", select_options=options)
    form.add("Day", "date")
    form.add("Done", "boolean")
    form.add("Stars", "rating")
    form.add("Files", "file")
    form.add("Mail", "email")
    names = ["Name", "Age", "Color", "Colors", "Day", "Done", "Stars", "Files", "Mail"]
    form.set(**{name: {"required": True} for name in names})
    assert form.problems() == dict.fromkeys(names, ["required"])
    empty = {"Name": "", "Age": None, "Color": None, "Colors": [], "Day": None, "Done": False, "Stars": 0, "Files": []}
    codes = {"Name": ["blank"], "Age": ["null"], "Color": ["null"], "Colors": ["required"], "Day": ["null"]}
    codes |= {"Done": ["required"], "Stars": ["required"], "Files": ["required"], "Mail": ["blank"]}
    assert form.problems(**empty, Mail=" ") == codes
    assert form.values(form.sheet) == []
    good = {"Name": "Ann", "Age": 0, "Color": "Red", "Colors": ["Red"], "Day": "2024-02-29", "Done": True, "Stars": 1}
    file = form.ok(*form.upload())["name"]
    assert form.submit(**good, Files=[{"name": file}], Mail="a@example.com")[0] == 200
    assert form.counted(form.sheet) == 1


def test_every_problem_is_named_and_nothing_is_stored(form: Form) -> None:
    form.add("Age", "number")
    form.add("Day", "date", options={"required": True})
    problems = form.problems(Name={"a": 1}, Age="twelve")
    assert problems["Name"] == ["invalid"] and problems["Age"] == ["invalid"] and problems["Day"] == ["required"]
    form.add("Link", "link_row", link_row_table_id=form.table("Towns", [["Town"], ["Bern"]]))
    status, answer = form.submit(Link="Oslo", Day="2024-02-29")
    assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert form.rows(form.sheet) == []
    assert form.events("rows_created") + form.events("form_submitted") == []


def test_who_wants_to_be_told_of_submissions(form: Form, make_user: Any) -> None:
    form.add("Age", "number", number_decimal_places=1)
    assert form.submit(Name="Ann")[0] == 200
    assert form.events("form_submitted")[-1] == {
        "type": "form_submitted",
        "form_id": form.view_id,
        "form_name": "Survey",
        "table_id": form.sheet,
        "table_name": "People",
        "database_id": form.id,
        "row_id": 1,
        "values": [],
        "user_ids": [],
    }
    changed = form.ok(*form.api.patch(form.view_path, {"receive_notification_on_submit": True}))
    assert changed["receive_notification_on_submit"] is True
    form.ok(*form.api.patch(form.view_path, {"title": "T"}))
    assert form.submit(Name="Bob", Age="1.5")[0] == 200
    told = form.events("form_submitted")[-1]
    assert (told["values"], told["user_ids"]) == ([["Name", "Bob"], ["Age", "1.5"]], [form.api.user["id"]])
    copy = form.ok(*form.api.post(f"{form.view_path}duplicate/"))
    assert copy["receive_notification_on_submit"] is False
    form.ok(*form.api.patch(form.view_path, {"receive_notification_on_submit": False}))
    assert form.ok(*form.api.get(form.view_path))["receive_notification_on_submit"] is False


def test_members_are_told_of_what_others_fill_in(form: Form, mailbox: Any) -> None:
    form.ok(*form.api.patch(form.view_path, {"receive_notification_on_submit": True}))
    assert form.submit(Name="Bob", City="Rome")[0] == 200
    form.ok(*form.api.post(f"{form.address}submit/", {f"field_{form.ids['Name']}": "Mine"}))
    deliver()
    deliver()
    found = form.ok(*form.api.get(f"/api/notifications/{form.workspace_id}/"))["results"]
    assert [(one["type"], one["sender"], one["data"]) for one in found] == [
        (
            "form_submitted",
            None,
            {
                "form_id": form.view_id,
                "form_name": "Survey",
                "table_id": form.sheet,
                "table_name": "People",
                "database_id": form.id,
                "row_id": 1,
                "values": [["Name", "Bob"], ["City", "Rome"]],
            },
        )
    ]
    with begin():
        send_mails()
    [mail] = [one for one in mailbox if one.to == form.api.user["username"]]
    assert "City: Rome" in mail.text
    with begin():
        connection().exec_driver_sql(f"DELETE FROM core.membership WHERE workspace_id = {form.workspace_id}")
    assert form.submit(Name="Eve")[0] == 200
    deliver()
    told = scalar("SELECT count(*) FROM notifications.recipient WHERE workspace_id = %(id)s", id=form.workspace_id)
    assert told == 1


def test_what_follows_a_submission_is_recorded_with_it(form: Form) -> None:
    assert form.submit(Name="Ann")[0] == 200
    history = form.ok(*form.api.get(f"/api/database/rows/table/{form.sheet}/1/history/"))["results"]
    assert [(one["action_type"], one["after"]) for one in history] == [
        ("submit_form", {f"field_{form.ids['Name']}": "Ann"})
    ]
    assert [one["type"] for one in form.events()[-2:]] == ["rows_created", "form_submitted"]


def test_a_form_may_lead_somewhere_else(form: Form) -> None:
    settings = {"submit_action": "REDIRECT", "submit_action_redirect_url": "https://example.com/{row_id}"}
    form.ok(*form.api.patch(form.view_path, settings))
    assert form.submit()[1] == {**settings, "submit_action_message": "", "row_id": 1}


def test_conditions_decide_whether_a_field_is_required(form: Form) -> None:
    form.add("Age", "number")
    group = {"id": -1, "filter_type": "AND", "parent_group": None}
    form.set(
        Age={
            "required": True,
            "show_when_matching_conditions": True,
            "condition_type": "OR",
            "condition_groups": [group],
            "conditions": [
                form.condition("City", "equal", "Rome"),
                form.condition("Name", "contains", "adult", group=-1),
                form.condition("City", "contains", "o", group=-1),
            ],
        }
    )
    assert form.problems(City="Rome", Age=None) == {"Age": ["null"]}
    assert form.problems(City="Oslo", Name="An adult", Age=None) == {"Age": ["null"]}
    assert form.rows(form.sheet) == []
    for accepted in ({"City": "Paris", "Age": None}, {"Name": "an adult", "Age": None}, {"City": "Rome"}, {"Age": 9}):
        assert form.submit(**accepted)[0] == 200
    form.set(Age={"conditions": []})
    assert form.problems(City="Paris") == {"Age": ["required"]}, "without conditions it is always shown"


def test_conditions_are_filters_on_the_row_that_comes(form: Form) -> None:
    """Also on what is computed from the values."""
    form.add("Age", "number")
    form.ids["Double"] = form.add_field(form.sheet, "Double", "formula", formula="field('Age') * 2")
    always = {"required": True, "show_when_matching_conditions": True}
    form.set(Name={**always, "conditions": [form.condition("Double", "higher_than", "10")]})
    assert form.submit(Name="", Age=5)[0] == 200
    assert form.problems(Name="", Age=6) == {"Name": ["blank"]}


def test_conditions_get_ids_and_keep_them(form: Form) -> None:
    conditions = [form.condition("City", "equal", "Rome", group=7), form.condition("City", "equal", "Oslo")]
    groups = [{"id": 7, "filter_type": "OR", "parent_group": None}, {"id": 8, "parent_group": 7}]
    made = form.set(Name={"conditions": conditions, "condition_groups": groups})[str(form.ids["Name"])]
    first, second = made["condition_groups"]
    assert second["parent_group"] == first["id"] and second["filter_type"] == "AND"
    one, two = made["conditions"]
    assert (one["group"], two["group"]) == (first["id"], None)
    ids = [part["id"] for part in (first, second, one, two)]
    assert len(set(ids)) == 4 and 0 not in ids
    again = form.set(Name={"conditions": [two, form.condition("Name", "equal", "x")]})[str(form.ids["Name"])]
    assert again["conditions"][0] == two and again["conditions"][1]["id"] not in ids
    body = {"conditions": [one, two], "condition_groups": [second | {"parent_group": None}]}
    assert form.try_set(Name=body)[1]["error"] == "ERROR_FORM_VIEW_FIELD_OPTIONS_CONDITION_GROUP_DOES_NOT_EXIST"
    form.set(Name={"conditions": [one, two]})
    less = form.set(Name={"condition_groups": [second | {"parent_group": None}]})[str(form.ids["Name"])]
    assert (less["condition_groups"][0]["id"], less["conditions"]) == (second["id"], [two])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"condition_type": "XOR"}, "ERROR_REQUEST_BODY_VALIDATION"),
        ({"allowed_select_options": [1]}, "ERROR_SELECT_OPTION_DOES_NOT_BELONG_TO_FIELD"),
        ({"conditions": [{"id": 0, "field": 99999999, "type": "equal"}]}, "ERROR_FIELD_NOT_IN_TABLE"),
        ({"conditions": [{"id": 0, "type": "equal"}]}, "ERROR_REQUEST_BODY_VALIDATION"),
        ({"conditions": [{"id": 0, "field": "City", "type": "nope"}]}, "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD"),
        ({"conditions": [{"id": 0, "field": "City", "type": "boolean"}]}, "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD"),
        (
            {"conditions": [{"id": 0, "field": "City", "type": "equal", "group": 5}]},
            "ERROR_FORM_VIEW_FIELD_OPTIONS_CONDITION_GROUP_DOES_NOT_EXIST",
        ),
        (
            {"condition_groups": [{"id": 1, "parent_group": 2}]},
            "ERROR_FORM_VIEW_FIELD_OPTIONS_CONDITION_GROUP_DOES_NOT_EXIST",
        ),
        ({"condition_groups": [{"id": 1, "parent_group": 1}]}, "ERROR_REQUEST_BODY_VALIDATION"),
        (
            {"condition_groups": [{"id": 1, "parent_group": 2}, {"id": 2, "parent_group": 1}]},
            "ERROR_REQUEST_BODY_VALIDATION",
        ),
        ({"condition_groups": [{"id": 1}, {"id": 1}]}, "ERROR_REQUEST_BODY_VALIDATION"),
        ({"order": 40000}, "ERROR_REQUEST_BODY_VALIDATION"),
    ],
)
def test_settings_of_fields_that_cannot_be(form: Form, change: dict[str, Any], code: str) -> None:
    before = form.options("Name")
    for condition in change.get("conditions", ()):
        condition["field"] = form.ids.get(condition.get("field"), 99999999) if "field" in condition else None
        if condition["field"] is None:
            del condition["field"]
    status, answer = form.try_set(Name=change)
    assert (status, answer["error"]) == (400, code), answer
    assert form.options("Name") == before


def test_no_form_asks_for_what_nobody_may_fill_in(form: Form) -> None:
    for type_name in ("autonumber", "created_on", "uuid", "multiple_collaborators"):
        form.ids[type_name] = form.add_field(form.sheet, type_name, type_name)
        status, answer = form.try_set(**{type_name: {"enabled": True}})
        assert (status, answer["error"]) == (400, "ERROR_FORM_VIEW_FIELD_TYPE_IS_NOT_SUPPORTED")
    form.change(form.ids["City"], type="formula", formula="1 + 1")
    assert [one["name"] for one in form.shown()["fields"]] == ["Name"]
    assert form.submit(Name="Ann", City="x")[0] == 200
    form.change(form.ids["City"], type="text")
    assert [one["name"] for one in form.shown()["fields"]] == ["Name", "City"]


def test_only_allowed_options_are_offered(form: Form) -> None:
    colors = [{"value": "Red", "color": "red"}, {"value": "Blue", "color": "blue"}]
    form.add("Color", "single_select", select_options=colors)
    red, blue = (one["id"] for one in form.shown()["fields"][-1]["field"]["select_options"])
    form.set(Color={"include_all_select_options": False, "allowed_select_options": [blue, red]})
    form.set(Color={"allowed_select_options": [blue]})
    assert [one["value"] for one in form.shown()["fields"][-1]["field"]["select_options"]] == ["Blue"]
    form.change(form.ids["Color"], select_options=[{"id": red, "value": "Red", "color": "red"}])
    assert form.options("Color")["allowed_select_options"] == []
    assert form.shown()["fields"][-1]["field"]["select_options"] == []


def _told(form: Form, view_id: int) -> dict[str, Any]:
    """What visitors of a view are told, with fields and options by their names and without ids of parts."""
    shared = form.ok(*form.api.patch(f"{VIEWS}/{view_id}/", {"public": True}))
    shown = dict(form.ok(*form.visitor.get(f"{VIEWS}/form/{shared['slug']}/submit/")))
    fields = form.fields(shared["table_id"])
    names = {field["id"]: field["name"] for field in fields}
    options = {str(one["id"]): one["value"] for field in fields for one in field.get("select_options", ())}
    for question in shown["fields"]:
        asked = question.pop("field")
        question["of"] = names[asked["id"]]
        question["options"] = [one["value"] for one in asked.get("select_options", ())]
        for condition in question["conditions"]:
            condition["field"] = names[condition["field"]]
            condition["value"] = options.get(condition["value"], condition["value"])
    return shown


def _set_up(form: Form) -> None:
    colors = [{"value": "Red", "color": "red"}, {"value": "Blue", "color": "blue"}]
    form.add("Color", "single_select", select_options=colors)
    blue = form.shown()["fields"][-1]["field"]["select_options"][1]["id"]
    image = form.ok(*form.api.call("POST", "/api/user-files/upload-file/", data={"file": (picture(), "a.png")}))
    form.ok(*form.api.patch(form.view_path, {"title": "T", "cover_image": {"name": image["name"]}}))
    form.set(
        Color={"include_all_select_options": False, "allowed_select_options": [blue]},
        City={
            "show_when_matching_conditions": True,
            "conditions": [
                form.condition("Name", "equal", "x", group=1),
                form.condition("City", "empty", ""),
                form.condition("Color", "single_select_equal", str(blue)),
            ],
            "condition_groups": [{"id": 1, "filter_type": "OR"}],
        },
    )


def test_copies_ask_for_the_same(form: Form) -> None:
    _set_up(form)
    wanted = _told(form, form.view_id)
    assert len(wanted["fields"]) == 3 and wanted["cover_image"]["is_image"]
    copy = form.ok(*form.api.post(f"{form.view_path}duplicate/"))
    assert _told(form, copy["id"]) == wanted
    before = {table["id"] for table in form.tables()}
    form.run(form.api.post(f"/api/database/tables/{form.sheet}/duplicate/async/"))
    (table,) = {table["id"] for table in form.tables()} - before
    forms = [one for one in form.ok(*form.api.get(f"{VIEWS}/table/{table}/")) if one["type"] == "form"]
    assert [_told(form, one["id"]) for one in forms] == [wanted, wanted]
    body = {"type": "duplicate_application", "application_id": form.id}
    job = form.run(form.api.post("/api/jobs/", body))
    copied = [table for table in job["duplicated_application"]["tables"] if table["name"] == "People"]
    forms = [one for one in form.ok(*form.api.get(f"{VIEWS}/table/{copied[0]['id']}/")) if one["type"] == "form"]
    assert _told(form, forms[0]["id"]) == wanted


def test_settings_are_undone_and_redone(form: Form) -> None:
    states = [form.ok(*form.api.get(form.view_path)), _told(form, form.view_id)]
    _set_up(form)
    changed = [form.ok(*form.api.get(form.view_path)), _told(form, form.view_id)]
    undone = 0
    while [form.ok(*form.api.get(form.view_path)), _told_alone(form)] != states:
        assert form.undo() == DONE
        undone += 1
    for _ in range(undone):
        assert form.redo() == DONE
    assert [form.ok(*form.api.get(form.view_path)), _told_alone(form)] == changed


def _told_alone(form: Form) -> dict[str, Any]:
    with form.another_session():
        return _told(form, form.view_id)


def test_settings_outlive_the_trash(form: Form) -> None:
    _set_up(form)
    before = form.shown()
    path = f"/api/database/fields/{form.ids['Name']}/"
    other = form.add_field(form.sheet, "First", "text")
    form.ok(
        *form.api.post(
            f"/api/database/fields/table/{form.sheet}/change-primary-field/", {"new_primary_field_id": other}
        )
    )
    form.ok(*form.api.delete(path))
    left = form.shown()["fields"]
    assert [question["name"] for question in left] == ["City", "Color"]
    assert [one["type"] for one in left[0]["conditions"]] == ["empty", "single_select_equal"]
    body = {"trash_item_type": "field", "trash_item_id": form.ids["Name"]}
    form.ok(*form.api.patch("/api/trash/restore/", body))
    assert form.shown() == before


def test_images_are_uploaded_files(form: Form) -> None:
    note = form.ok(*form.upload_as_member(b"text", "a.txt"))["name"]
    for bad in ({"name": note}, {"name": "x"}, {}, "x", [note], {"name": 5}):
        status, answer = form.api.patch(form.view_path, {"logo_image": bad})
        assert (status, answer["detail"]["logo_image"][0]["code"]) == (400, "invalid"), bad
    assert form.ok(*form.api.get(form.view_path))["logo_image"] is None


def test_files_of_visitors(form: Form) -> None:
    assert form.upload()[1]["error"] == "ERROR_VIEW_HAS_NO_PUBLIC_FILE_FIELD"
    form.add("Files", "file", options={"required": True})
    done = form.ok(*form.upload())
    assert (done["size"], done["original_name"], done["is_image"]) == (5, "note.txt", False)
    assert form.visitor.post(f"{form.address}upload-file/", {"file": "x"})[0] == 415
    data = {"other": (picture(), "x")}
    assert form.visitor.call("POST", f"{form.address}upload-file/", data=data)[1]["error"] == "ERROR_INVALID_FILE"
    assert form.visitor.post(f"{VIEWS}/form/nobody/upload-file/", {})[1]["error"] == "ERROR_VIEW_DOES_NOT_EXIST"
    assert form.problems(Files=[]) == {"Files": ["required"]}
    assert form.problems(Files=[{"name": "nothing.txt"}]) == {"Files": ["invalid"]}
    assert form.submit(Files=[{"name": done["name"], "visible_name": "Mine.txt"}])[0] == 200
    assert form.rows(form.sheet)[0]["Files"][0]["visible_name"] == "Mine.txt"


def test_visitors_upload_only_so_many_files(form: Form, instance: Any) -> None:
    form.add("Files", "file")
    instance(form_uploads_of_address=2)
    assert [form.upload()[0] for _ in range(3)] == [200, 200, 429]
    response = form.visitor.client.post(f"{form.address}upload-file/", data={"file": (picture(), "a.png")})
    assert response.get_json()["error"] == "ERROR_TOO_MANY_FORM_UPLOADS"
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert form.upload(who=form.api)[0] == 200, "members are known"
    instance(form_uploads=3)
    assert [form.upload()[0] for _ in range(2)] == [200, 429], "counted for the form, from whatever address"


def test_a_form_is_filled_in_only_so_often(form: Form, instance: Any, make_user: Any) -> None:
    instance(form_submissions_of_address=2)
    assert [form.submit(Name=name)[0] for name in "abc"] == [200, 200, 429]
    body = {f"field_{form.ids['Name']}": "d"}
    response = form.visitor.client.post(f"{form.address}submit/", json=body)
    assert response.get_json()["error"] == "ERROR_TOO_MANY_FORM_SUBMISSIONS"
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert [row["Name"] for row in form.rows(form.sheet)] == ["a", "b"], "nothing else was stored, nothing was lost"
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert form.visitor.client.post(f"{form.address}submit/", json=body, environ_base=elsewhere).status_code == 200
    instance(form_submissions=4)
    assert make_user("Bob").post(f"{form.address}submit/", body)[0] == 200, "an account is counted by itself"
    assert make_user("Cid").post(f"{form.address}submit/", body)[0] == 429, "counted for the form, whoever fills it in"
    other = Form(form.api)
    assert other.submit(Name="a")[0] == 200


def test_large_files_are_refused(form: Form, instance: Any) -> None:
    form.add("Files", "file")
    instance(form_max_upload_bytes=4)
    assert form.upload()[1]["error"] == "ERROR_FILE_SIZE_TOO_LARGE"
    assert form.upload(b"four")[0] == 200
    assert form.upload(who=form.api)[0] == 200, "members may upload what they may elsewhere"


def test_forms_cost_a_constant_number_of_queries(form: Form, count_sql: Any) -> None:
    def costs(values: dict[str, Any]) -> list[int]:
        assert form.submit(**values)[0] == 200
        with count_sql() as reading:
            form.shown()
        with count_sql() as writing:
            assert form.submit(**values)[0] == 200
        return [len(reading), len(writing)]

    few = costs({"Name": "Ann"})
    condition = form.condition("Name", "equal", "Ann")
    conditional = {"required": True, "show_when_matching_conditions": True, "conditions": [condition]}
    for n in range(6):
        form.add(f"Text {n}", "text", options=conditional)
    assert costs({"Name": "Ann", **{f"Text {n}": "x" for n in range(6)}}) == few
    assert few == [1, 3]
    form.ok(*form.api.patch(form.view_path, {"receive_notification_on_submit": True}))
    emptied = costs({"Name": "Bob", **{f"Text {n}": "" for n in range(6)}})
    assert emptied == [few[0], few[1] + 2], "whether conditions fit, and the texts for those who are told"


def test_a_password_keeps_others_out(form: Form, make_user: Any) -> None:
    form.add("Files", "file")
    form.ok(*form.api.patch(form.view_path, {"public_view_password": "Correct horse"}))
    stranger, forbidden = make_user(), "ERROR_NO_PERMISSION_TO_PUBLICLY_SHARED_FORM"
    for who in (form.visitor, stranger):
        for answer in (who.get(f"{form.address}submit/"), who.post(f"{form.address}submit/", {})):
            assert (answer[0], answer[1]["error"]) == (401, forbidden)
        status, answer = form.upload(who=who)
        assert (status, answer["error"]) == (401, "ERROR_NO_AUTHORIZATION_TO_PUBLICLY_SHARED_VIEW")
    assert form.rows(form.sheet) == []
    auth = f"{VIEWS}/{form.view['slug']}/public/auth/"
    token = form.ok(*form.visitor.post(auth, {"password": "Correct horse"}))["access_token"]
    form.visitor.headers = {"Baserow-View-Authorization": f"JWT {token}"}
    assert form.submit(Name="Ann")[0] == 200 and form.upload()[0] == 200
    form.ok(*form.api.patch(form.view_path, {"public_view_password": "Another horse"}))
    assert form.submit(Name="Bob")[0] == 401
    form.visitor.headers = {}
    assert form.api.get(f"{form.address}submit/")[0] == 200, "members need none"


def test_viewers_do_not_make_rows_through_a_form_that_is_not_shared(form: Form, make_user: Any) -> None:
    viewer = make_user()
    with begin():
        sql = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'VIEWER')"
        connection().exec_driver_sql(sql, (form.workspace_id, viewer.user["id"]))
    form.ok(*form.api.patch(form.view_path, {"public": False}))
    assert viewer.get(f"{form.address}submit/")[0] == 200
    assert viewer.post(f"{form.address}submit/", {})[1]["error"] == "PERMISSION_DENIED"
    form.ok(*form.api.patch(form.view_path, {"public": True}))
    assert viewer.post(f"{form.address}submit/", {})[0] == 200


def test_only_names_of_rows_that_may_be_chosen_leave(form: Form) -> None:
    """A secret stands in fields of both tables, and in a row that must not be offered."""
    towns = form.table("Towns", [["Town", "Mayor"], ["Bern", "s3cret"], ["Oslo", "s3cret"], ["s3cret", "x"]])
    view = form.ok(*form.api.post(f"{VIEWS}/table/{towns}/", {"name": "Open", "type": "grid"}))["id"]
    primary = form.fields(towns)[0]["id"]
    hidden = {"field": primary, "type": "not_equal", "value": "s3cret"}
    form.ok(*form.api.post(f"{VIEWS}/{view}/filters/", hidden))
    link = form.add("Town", "link_row", link_row_table_id=towns, link_row_limit_selection_view_id=view)
    form.add_field(form.sheet, "Secret", "text", text_default="s3cret")
    form.add_field(form.sheet, "Rule", "formula", formula="concat('s3cret', field('Name'))")
    path = f"{VIEWS}/{form.view['slug']}/link-row-field-lookup/{link}/"
    found = form.ok(*form.visitor.get(path))
    assert [one["value"] for one in found["results"]] == ["Bern", "Oslo"]
    slug = form.view["slug"]
    for answer in (
        found,
        form.visitor.get(f"{path}?search=s3cret"),
        form.visitor.get(f"{form.address}submit/"),
        form.visitor.get(f"{VIEWS}/{slug}/public/info/"),
        form.visitor.get(f"{VIEWS}/{slug}/row/1/"),
        form.visitor.get(f"{VIEWS}/grid/{slug}/public/rows/"),
        form.submit(Name="x"),
    ):
        assert "s3cret" not in str(answer)
    form.set(Town={"enabled": False})
    assert form.visitor.get(path)[1]["error"] == "ERROR_FIELD_DOES_NOT_EXIST"


def test_fields_that_are_closed_to_forms(form: Form) -> None:
    towns = form.table("Towns", [["Town"], ["Bern"]])
    link = form.add("Town", "link_row", link_row_table_id=towns)
    path = f"{VIEWS}/{form.view['slug']}/link-row-field-lookup/{link}/"
    for open_to_forms, names in ((False, ["Name", "City"]), (True, ["Name", "City", "Town"])):
        rule = {"role": "NOBODY", "allow_in_forms": open_to_forms}
        form.ok(*form.api.patch(f"/api/field-permissions/{link}/", rule))
        assert [question["name"] for question in form.shown()["fields"]] == names
        assert form.submit(Town=[1])[0] == 200
        assert len(form.rows(form.sheet)[-1]["Town"]) == int(open_to_forms)
        assert form.visitor.get(path)[0] == (200 if open_to_forms else 404)

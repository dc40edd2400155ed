"""The rows of kanbans by column, for members and for visitors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plans import VIEWS, Planning


class Board(Planning):
    """A kanban of four projects: two to do, one done, one without a state."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        for name, state in (("Three", "Todo"), ("Four", None)):
            self.row(self.sheet, Name=name, State=state)
        self.put(1, State="Todo")
        self.put(2, State="Done")
        self.board = self.view("kanban", single_select_field=self.ids["State"])
        self.states = self.options()
        self.path = f"{VIEWS}/kanban/{self.board}/"

    def columns(self, query: str = "", path: str = "") -> dict[str, tuple[int, list[int]]]:
        """The number of rows of each column, and the ids of those shown."""
        rows = self.ok(*self.api.get((path or self.path) + query))["rows"]
        names = {str(option): name for name, option in self.states.items()} | {"null": "none"}
        return {names[key]: (found["count"], [row["id"] for row in found["results"]]) for key, found in rows.items()}


@pytest.fixture
def board(api: Any) -> Board:
    """A kanban."""
    return Board(api)


def test_rows_are_in_the_columns_of_their_options(board: Board) -> None:
    assert list(board.columns().items()) == [("Todo", (2, [1, 3])), ("Done", (1, [2])), ("none", (1, [4]))]
    assert board.columns("?limit=1") == {"Todo": (2, [1]), "Done": (1, [2]), "none": (1, [4])}
    assert board.columns("?limit=1&offset=1") == {"Todo": (2, [3]), "Done": (1, []), "none": (1, [])}
    assert board.columns("?limit=x&offset=-1") == board.columns()
    whole = board.ok(*board.api.get(board.path))["rows"][str(board.states["Done"])]["results"][0]
    assert set(whole) == {"id", "order", *(f"field_{field}" for field in board.ids.values())}


def test_columns_are_chosen_each_with_its_part(board: Board) -> None:
    todo, done = board.states["Todo"], board.states["Done"]
    assert board.columns(f"?select_option={todo}") == {"Todo": (2, [1, 3])}
    assert board.columns(f"?select_option={todo},1,1&select_option=null,0") == {"Todo": (2, [3]), "none": (1, [])}
    assert board.columns(f"?select_option={done}&limit=1&offset=1") == {"Done": (1, [])}
    for bad in (f"{todo},x", f"{todo},1,-1", f"{todo},1,1,1", f"{todo},"):
        status, answer = board.api.get(f"{board.path}?select_option={bad}")
        assert (status, answer["error"]) == (400, "ERROR_INVALID_SELECT_OPTION_PARAMETER")


def test_filters_searches_and_orders_decide_about_columns(board: Board) -> None:
    name = board.ids["Name"]
    filtered = {"field": name, "type": "contains", "value": "t"}
    board.ok(*board.api.post(f"{VIEWS}/{board.board}/filters/", filtered))
    assert board.columns() == {"Todo": (1, [3]), "Done": (1, [2]), "none": (0, [])}
    ours = f"?filter__field_{name}__contains=o"
    assert board.columns(ours) == {"Todo": (1, [1]), "Done": (1, [2]), "none": (1, [4])}
    assert board.columns("?search=three") == {"Todo": (1, [3]), "Done": (0, []), "none": (0, [])}
    board.set(board.board, filters_disabled=True)
    board.ok(*board.api.post(f"{VIEWS}/{board.board}/sortings/", {"field": name, "order": "DESC"}))
    assert board.columns()["Todo"] == (2, [3, 1])


def test_a_kanban_needs_a_field_for_its_columns(board: Board, make_user: Any) -> None:
    board.set(board.board, single_select_field=None)
    refusal = "ERROR_KANBAN_VIEW_HAS_NO_SINGLE_SELECT_FIELD"
    assert _error(board.api.get(board.path)) == (400, refusal)
    assert _error(board.api.get(f"{VIEWS}/kanban/{board.share(board.board)}/public/rows/")) == (400, refusal)
    assert _error(board.api.get(f"{VIEWS}/kanban/99999999/")) == (404, "ERROR_KANBAN_DOES_NOT_EXIST")
    assert _error(board.api.get(f"{VIEWS}/kanban/nobody/public/rows/")) == (404, "ERROR_KANBAN_DOES_NOT_EXIST")
    calendar = board.view("calendar")
    assert _error(board.api.get(f"{VIEWS}/kanban/{calendar}/")) == (404, "ERROR_KANBAN_DOES_NOT_EXIST")
    assert _error(make_user("Bob").get(board.path)) == (400, "ERROR_USER_NOT_IN_GROUP")


def test_the_removed_options_of_a_field_are_no_columns(board: Board) -> None:
    left = [{"id": board.states["Done"], "value": "Done", "color": "green"}]
    board.change(board.ids["State"], select_options=left)
    assert board.columns() == {"Done": (1, [2]), "none": (3, [1, 3, 4])}


def test_the_number_of_statements_is_the_same_for_any_number_of_columns(board: Board, count_sql: Any) -> None:
    board.columns("?include=field_options")
    with count_sql() as few:
        board.columns("?include=field_options")
    states = [{"value": f"S{n}", "color": "red"} for n in range(40)]
    board.change(board.ids["State"], select_options=states)
    board.states = board.options()
    board.api.get(board.path)
    with count_sql() as many:
        assert len(board.columns("?include=field_options")) == 41
    assert len(many) == len(few)


def test_what_comes_beside_the_rows(board: Board) -> None:
    found = board.ok(*board.api.get(f"{board.path}?include=field_options,row_metadata&limit=1"))
    assert set(found) == {"rows", "field_options", "row_metadata"}
    assert set(found["field_options"]) == {str(field) for field in board.ids.values()}


def _error(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]

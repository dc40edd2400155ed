"""HTTP operations on the parts of views: filters and their groups, sortings, groupings, decorations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plugin_api.http import Blueprint
from plugin_api.schemas import Schema
from plugins.views import part_schemas, schemas
from plugins.views.part_service import create_part, delete_part, list_parts, read_part, update_part
from plugins.views.parts import DECORATIONS, FILTER_GROUPS, FILTERS, GROUP_BYS, SORTINGS, Part

parts = Blueprint(
    "database_view_parts",
    __name__,
    url_prefix="/api/database/views",
    description="Filters, sortings, groupings and decorations of views.",
)

_OF_VIEW = ("ERROR_USER_NOT_IN_GROUP", "ERROR_VIEW_DOES_NOT_EXIST")
_OF_ORDER = (
    "ERROR_VIEW_{word}_NOT_SUPPORTED",
    "ERROR_VIEW_{word}_FIELD_ALREADY_EXISTS",
    "ERROR_VIEW_{word}_FIELD_NOT_SUPPORTED",
)
_OF_FILTER = (
    "ERROR_VIEW_FILTER_NOT_SUPPORTED",
    "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD",
    "ERROR_VIEW_FILTER_GROUP_DOES_NOT_EXIST",
)
SchemaClass = type[Schema]


class _Operations:
    """The operations on one kind of part: `path` below a view and `item` for one, ids as the contract has them."""

    def __init__(
        self, part: Part, word: str, name: str, path: str, item: str, answer: SchemaClass, errors: Sequence[str]
    ) -> None:
        self.part, self.word, self.name, self.answer = part, word, name, answer
        self.of_view, self.of_one = f"/<int:view_id>/{path}/", f"/{item}/<int:view_{part.name}_id>/"
        self.key = f"view_{part.name}_id"
        self.missing = ("ERROR_USER_NOT_IN_GROUP", f"ERROR_{part.missing.upper()}_DOES_NOT_EXIST")
        self.refusals = ("ERROR_REQUEST_BODY_VALIDATION", "ERROR_FIELD_NOT_IN_TABLE", *errors)

    def list(self, plural: str) -> None:
        """All of a view."""

        def handler(view_id: int) -> Any:
            return list_parts(self.part, view_id)

        parts.operation(
            "GET",
            self.of_view,
            id=f"list_database_table_view_{plural}",
            summary=f"List the {self.word}s of a view",
            description=f"The {self.word}s that apply to the rows of the view, in the order they were added.",
            response=self.answer(many=True),
            errors=_OF_VIEW,
        )(handler)

    def create(self, body_schema: SchemaClass) -> None:
        """Add one to a view."""

        def handler(view_id: int, body: dict[str, Any]) -> Any:
            return create_part(self.part, view_id, body)

        parts.operation(
            "POST",
            self.of_view,
            id=f"create_database_table_view_{self.name}",
            summary=f"Add a {self.word} to a view",
            description=f"The {self.word} applies to the rows of the view at once.",
            body=body_schema,
            response=self.answer,
            errors=(*_OF_VIEW, *self.refusals),
        )(handler)

    def read(self) -> None:
        """One of them."""

        def handler(**ids: int) -> Any:
            return read_part(self.part, ids[self.key])

        parts.operation(
            "GET",
            self.of_one,
            id=f"get_database_table_view_{self.name}",
            summary=f"Get a {self.word}",
            description=f"One {self.word} of a view.",
            response=self.answer,
            errors=self.missing,
        )(handler)

    def update(self, body_schema: SchemaClass) -> None:
        """Change one."""

        def handler(body: dict[str, Any], **ids: int) -> Any:
            return update_part(self.part, ids[self.key], body)

        parts.operation(
            "PATCH",
            self.of_one,
            id=f"update_database_table_view_{self.name}",
            summary=f"Change a {self.word}",
            description=f"Changes the given keys of the {self.word}; the others stay.",
            body=body_schema,
            response=self.answer,
            errors=(*self.missing, *self.refusals),
        )(handler)

    def delete(self) -> None:
        """Take one away."""

        def handler(**ids: int) -> None:
            delete_part(self.part, ids[self.key])

        parts.operation(
            "DELETE",
            self.of_one,
            id=f"delete_database_table_view_{self.name}",
            summary=f"Delete a {self.word}",
            description=f"Takes the {self.word} away from its view; it can be brought back by undoing that.",
            status=204,
            errors=self.missing,
        )(handler)


def _order(word: str) -> list[str]:
    return [code.format(word=word) for code in _OF_ORDER]


_FILTERS = _Operations(FILTERS, "filter", "filter", "filters", "filter", schemas.FilterAnswer, _OF_FILTER)
_FILTERS.list("filters")
_FILTERS.create(part_schemas.CreateFilter)
_FILTERS.update(part_schemas.UpdateFilter)
_GROUPS = _Operations(
    FILTER_GROUPS,
    "filter group",
    "filter_group",
    "filter-groups",
    "filter-group",
    schemas.FilterGroupAnswer,
    _OF_FILTER,
)
_GROUPS.create(part_schemas.CreateFilterGroup)
_GROUPS.update(part_schemas.UpdateFilterGroup)
_SORTINGS = _Operations(SORTINGS, "sorting", "sort", "sortings", "sort", schemas.SortAnswer, _order("SORT"))
_SORTINGS.list("sortings")
_SORTINGS.create(part_schemas.CreateSort)
_SORTINGS.update(part_schemas.UpdateSort)
_GROUP_BYS = _Operations(
    GROUP_BYS, "grouping", "group", "group_bys", "group_by", schemas.GroupByAnswer, _order("GROUP_BY")
)
_GROUP_BYS.list("groupings")
_GROUP_BYS.create(part_schemas.CreateGroupBy)
_GROUP_BYS.update(part_schemas.UpdateGroupBy)
_DECORATIONS = _Operations(
    DECORATIONS,
    "decoration",
    "decoration",
    "decorations",
    "decoration",
    schemas.DecorationAnswer,
    ["ERROR_VIEW_DECORATION_NOT_SUPPORTED"],
)
_DECORATIONS.list("decorations")
_DECORATIONS.create(part_schemas.CreateDecoration)
_DECORATIONS.update(part_schemas.UpdateDecoration)
for _operations in (_FILTERS, _GROUPS, _SORTINGS, _GROUP_BYS, _DECORATIONS):
    _operations.read()
    _operations.delete()

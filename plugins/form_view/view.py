"""The view type `form`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import context
from plugin_api.archives import ArchivedViewMixin, ArchiveReader, ArchiveWriter
from plugin_api.fields import Field
from plugin_api.views import ViewType
from plugins.form_view import field_options
from plugins.form_view.conditions import CONDITIONS, living
from plugins.form_view.settings import IMAGES, NOTIFIED, FormSettings, settings_json, with_notified
from plugins.user_files.images import archived_images, restored_images


class FormView(ViewType, ArchivedViewMixin):
    """Asks people for the values of a row. It shows no rows."""

    type = "form"
    options_schema = FormSettings
    field_options_schema = field_options.FormFieldOptions
    can_filter = False
    can_sort = False
    has_public_info = False
    lists_rows = False
    offers_rows = True

    def check_options(self, options: dict[str, Any], fields: Mapping[int, Field]) -> dict[str, Any]:
        """Who wants to be told of submissions is kept for each person."""
        return with_notified(options, context.actor().user_id)

    def unshared(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Nobody asked to be told of submissions of the copy."""
        return {name: value for name, value in options.items() if name != NOTIFIED}

    def options_json(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The settings, with the images' addresses and whether the acting user is told of submissions."""
        return settings_json(options, context.actor().user_id)

    def archived_settings(self, options: Mapping[str, Any], archive: ArchiveWriter) -> dict[str, Any]:
        """The settings, with the images."""
        return archived_images(options, IMAGES, archive)

    def restored_settings(self, given: Mapping[str, Any], archive: ArchiveReader) -> dict[str, Any]:
        """The settings, with the images as they are kept here."""
        return restored_images(given, IMAGES, archive)

    def check_field_options(self, options: Mapping[int, Mapping[str, Any]], fields: Mapping[int, Field]) -> None:
        """Fields, options and filters must fit each other."""
        field_options.check(options, fields)

    def settle_field_options(
        self,
        changes: Mapping[int, Mapping[str, Any]],
        before: Mapping[int, Mapping[str, Any]],
        fields: Mapping[int, Field],
    ) -> dict[int, dict[str, Any]]:
        """New conditions and groups get ids."""
        return field_options.settle(changes, before)

    def field_options_json(
        self, options: Mapping[str, Any], field: Field, fields: Mapping[int, Field]
    ) -> dict[str, Any]:
        """Without conditions on fields in the trash, and without options that are gone."""
        there = {option.id for option in field.select_options}
        allowed = [option_id for option_id in options["allowed_select_options"] if option_id in there]
        return {**options, CONDITIONS: living(options, fields), "allowed_select_options": allowed}

    def is_visible(self, field_options: Mapping[str, Any]) -> bool:
        """Whether the form asks for the field."""
        return bool(field_options.get("enabled", False))

    def copied_field_options(
        self, options: Mapping[str, Any], field_ids: Mapping[int, int], option_ids: Mapping[int, int]
    ) -> dict[str, Any]:
        """Conditions and allowed options are those of the copy."""
        return field_options.copied(options, field_ids, option_ids)

"""What a kind of model server is, and how asking one can fail."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from plugin_api.workspaces import ai_providers


class AiFailed(Exception):
    """A model gave no usable answer to one question; the text says why. The next question may go well."""


class AiMisconfigured(AiFailed):
    """Nothing asked there can go well: no such model, a key that is not taken, an address that leads nowhere."""


class ModelType(ABC):
    """A kind of model server. `type` is its name in the API and in the settings of workspaces and of the instance."""

    type: ClassVar[str]
    max_temperature: ClassVar[float] = 2.0
    supports_files: ClassVar[bool] = False

    def access(self, workspace_id: int) -> Mapping[str, Any] | None:
        """The `models` a workspace may use, with what `ask` takes; None when there are none. One query.

        Of the kinds that come with the product, the workspace's and the instance's settings know it.
        """
        return ai_providers(workspace_id).get(self.type)

    @abstractmethod
    def ask(
        self, settings: Mapping[str, Any], model: str, prompt: str, temperature: float | None, attempts: int
    ) -> str:
        """The model's answer. AiFailed when there is none after so many attempts. It waits: commit before.

        settings: what `access` answered.
        """

    def limited(self, temperature: float | None) -> float | None:
        """The temperature, at most the highest this kind of server takes."""
        return None if temperature is None else min(temperature, self.max_temperature)

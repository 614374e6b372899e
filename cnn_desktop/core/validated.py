"""The base of everything that describes a run."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from cnn_desktop.core.errors import BadInputError
from cnn_desktop.core.language import _


class Validated(BaseModel):
    """Frozen facts that are checked when they are made, and name the field that doesn't fit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def checked(cls, values: dict[str, Any]) -> Self:
        """Validate `values`.

        Raises:
            BadInputError: names the first field that doesn't fit, and why.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or cls.__name__
            raise BadInputError(
                _("The setting “{field}” doesn't fit: {reason} (got {value!r}).").format(
                    field=field, reason=first["msg"], value=first.get("input")
                )
            ) from error

    def changed(self, **values: Any) -> Self:
        """A copy with `values` replaced, validated like a new one; None leaves a field as it is."""
        given = {name: value for name, value in values.items() if value is not None}
        return self.checked({**self.model_dump(), **given})

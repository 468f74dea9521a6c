"""Words on the screen, in every language, and which component shows which.

A page is drawn in one language; a language switch sets texts only. So each component that says something is
made through ``Words.say``, which fills in the text and notes where it went. The browser gets the notes and the
texts (store ``words``) and can switch without asking the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")
Text = Mapping[str, tuple[str, str]]
"""Key of a text to its wording in Swedish and in English."""

Anything = TypeVar("Anything")


def language_of(code: str | None) -> Language:
    """The language that is meant; Swedish when none of ours is."""
    return "en" if code == "en" else "sv"


class Words:
    """The texts of the shell, the components and one page, in one language."""

    def __init__(self, language: Language, *texts: Text) -> None:
        self.language: Language = language
        self._texts: dict[str, tuple[str, str]] = {}
        for text in texts:
            doubles = self._texts.keys() & text.keys()
            if doubles:
                raise ValueError(f"The text {min(doubles)!r} is defined twice; give one of them another key.")
            self._texts.update(text)
        self._bindings: list[tuple[str, str, Any]] = []

    def __getitem__(self, key: str) -> str:
        return self._texts[key][LANGUAGES.index(self.language)]

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def fill(self, key: str, **values: object) -> str:
        """The text with its place-holders filled in."""
        return self[key].format(**values)

    def say(self, component: Anything, **keys: Any) -> Anything:
        """Set properties of ``component`` (which needs an id) to texts, and remember to switch them.

        A value is a key, or lists and dictionaries with ``{"text": key}`` in the place of each text.
        Underscores stand for hyphens: ``aria_label="map.label"``.
        """
        identity = component.id  # type: ignore[attr-defined]
        for name, wanted in keys.items():
            prop = name.replace("_", "-") if name.startswith("aria_") else name
            self._bindings.append((identity, prop, wanted))
            setattr(component, prop, self._resolve(wanted))
        return component

    def _resolve(self, wanted: Any) -> Any:
        if isinstance(wanted, str):
            return self[wanted]
        if isinstance(wanted, list):
            return [self._resolve_inside(item) for item in wanted]
        return self._resolve_inside(wanted)

    def _resolve_inside(self, item: Any) -> Any:
        if isinstance(item, dict):
            if item.keys() == {"text"}:
                return self[item["text"]]
            return {name: self._resolve_inside(value) for name, value in item.items()}
        if isinstance(item, list):
            return [self._resolve_inside(value) for value in item]
        return item

    def for_browser(self) -> dict[str, Any]:
        """What the browser needs in order to switch language by itself."""
        return {
            "bindings": self._bindings,
            "texts": {
                language: {key: wording[number] for key, wording in self._texts.items()}
                for number, language in enumerate(LANGUAGES)
            },
        }

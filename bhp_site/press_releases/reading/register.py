"""Matches the people and names in a release with the site's register."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .attribution import HONORIFIC, POSTNOMINAL
from .proposed import Speech

# Words of a role that do not tell two roles apart.
FILLER_WORDS = {"the", "of", "for", "at", "and", "in", "a", "s"}
EQUIVALENT_WORDS = {"chairman": "chair", "chairwoman": "chair", "chairperson": "chair"}


@dataclass(frozen=True)
class RegisteredRole:
    """A role that a person holds on the date of the release."""

    title: str
    organisation: str

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation}" if self.organisation else self.title


@dataclass(frozen=True)
class RegisteredPerson:
    """A person of the register, with the role held on the date of the release."""

    key: int
    name: str
    role: RegisteredRole | None = None


@dataclass(frozen=True)
class RegisteredName:
    """A partner, theme or report: its key and every name that it is known by."""

    key: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Register:
    """The entries of the site that a release can mention. `own_names` are the partnership's."""

    people: Sequence[RegisteredPerson] = ()
    partners: Sequence[RegisteredName] = ()
    themes: Sequence[RegisteredName] = ()
    reports: Sequence[RegisteredName] = ()
    own_names: Sequence[str] = ()


@dataclass(frozen=True)
class SpeakerMatch:
    """The values proposed for a quotation's fields, and why; `person` is None without a match.

    An empty role is filled in from the register when the announcement is saved.
    """

    person: RegisteredPerson | None
    name: str
    role: str
    organisation: str
    reason: str


@dataclass(frozen=True)
class Mention:
    """An entry of the register that the release names, and the words that do."""

    key: int
    words: str


def match_speaker(speech: Speech, register: Register) -> SpeakerMatch:
    """Return the fields of a quotation, as far as the register knows its speaker."""
    role, organisation = split_organisation(speech.role, register)
    if not speech.name:
        return SpeakerMatch(None, "", role, organisation, "")
    people, is_exact = _find_people(speech.name, register.people)
    if len(people) > 1:
        people = [
            candidate
            for candidate in people
            if candidate.role and _is_same_role(speech.role, candidate.role)
        ]
    if len(people) != 1:
        reason = f"“{speech.name}” is not in “People”, or matches several people there."
        return SpeakerMatch(None, speech.name, role, organisation, reason)
    person = people[0]
    reason = "" if is_exact else f"The text says “{speech.name}”, “People” says “{person.name}”."
    if person.role is None:
        reason = f"{reason} “People” has no role of {person.name} on this date.".strip()
    elif not speech.role or _is_same_role(speech.role, person.role):
        return SpeakerMatch(person, "", "", "", reason)
    else:
        reason = (
            f"{reason} The text says “{speech.role}”. In “People”, {person.name} is {person.role}."
        ).strip()
    return SpeakerMatch(person, "", role, organisation, reason)


def _find_people(
    name: str, people: Sequence[RegisteredPerson]
) -> tuple[list[RegisteredPerson], bool]:
    """Return the people whom `name` can mean, and whether it is their whole name."""
    words = get_name_words(name)
    exact = [person for person in people if get_name_words(person.name) == words]
    if exact or not words:
        return exact, True
    return [person for person in people if _can_be(words, get_name_words(person.name))], False


def _can_be(words: list[str], others: list[str]) -> bool:
    """Return True if two names have the same surname and agree on the first name or initial."""
    if not others or words[-1] != others[-1]:
        return False
    first, other = words[0].rstrip("."), others[0].rstrip(".")
    if len(words) == 1 or len(others) == 1:
        return True
    return first == other or (1 in (len(first), len(other)) and first[0] == other[0])


def get_name_words(name: str) -> list[str]:
    """Return the words of a name in lower case, without titles and honours."""
    name = re.sub(rf"^(?:{HONORIFIC}\s+)+", "", name.strip(), flags=re.IGNORECASE)
    name = re.sub(rf"(?:,?\s+{POSTNOMINAL})+$", "", name)
    return name.replace("’", "'").casefold().split()


def _is_same_role(text: str, role: RegisteredRole) -> bool:
    """Return True if the words of a registered role are all in `text`, or the other way round."""
    words, title = _get_role_words(text), _get_role_words(role.title)
    whole = title | _get_role_words(role.organisation)
    return bool(words) and title <= words and (words <= whole or whole <= words)


def _get_role_words(text: str) -> set[str]:
    text = re.sub(r"[’']s?\b", " ", text.casefold())
    words = {EQUIVALENT_WORDS.get(word, word) for word in re.findall(r"[\w-]+", text)}
    return words - FILLER_WORDS


def split_organisation(role: str, register: Register) -> tuple[str, str]:
    """Return role and organisation, if a role ends with the name of a partner or of BHP itself."""
    names = [name for partner in register.partners for name in partner.names]
    for name in sorted([*names, *register.own_names], key=len, reverse=True):
        pattern = rf"^(?P<role>.*\w)(?:,|\s+(?:of|at|for|from)(?:\s+the)?)\s+{re.escape(name)}$"
        if name and (match := re.match(pattern, role, re.IGNORECASE)):
            return match["role"], role[-len(name) :]
    return role, ""


def find_mentions(text: str, entries: Iterable[RegisteredName]) -> list[Mention]:
    """Return the entries that `text` names, each once, with the words that name it."""
    mentions = []
    for entry in entries:
        names = sorted(filter(None, entry.names), key=len, reverse=True)
        words = next((words for name in names if (words := _find_name(text, name))), "")
        if words:
            mentions.append(Mention(entry.key, words))
    return mentions


def _find_name(text: str, name: str) -> str:
    """Return `name` as it stands in `text`, "" if it does not; abbreviations match in capitals."""
    flags = 0 if name.isupper() or len(name) <= 4 else re.IGNORECASE
    pattern = r"\s+".join(re.escape(word).replace("’", "[’']") for word in name.split())
    match = re.search(rf"(?<![\w-]){pattern}(?![\w-])", text, flags)
    return match[0] if match else ""


def find_report(title: str, register: Register) -> int | None:
    """Return the key of the report with this title; None without one.

    Marks, capitals and the partnership's own name make no difference.
    """
    words = _get_title_words(title, register)
    reports = register.reports if words else ()
    keys = (
        report.key for report in reports if _get_title_words(report.names[0], register) == words
    )
    return next(keys, None)


def _get_title_words(title: str, register: Register) -> list[str]:
    text = title.casefold()
    for name in filter(None, register.own_names):
        text = re.sub(rf"\b{re.escape(name.casefold())}(?:[’']s)?\b", " ", text)
    return [word for word in re.findall(r"\w+", text) if word not in ("the", "to")]

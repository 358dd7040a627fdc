"""Reads who says a quotation, and in which role, from a reporter's words beside it."""

import re
from dataclasses import dataclass, replace

from news.quotations.reporting import SPEECH_VERBS

MAX_ATTRIBUTION_CHARACTERS = 350
MAX_TAIL_WORDS = 9
MAX_NAME_WORDS = 8
MAX_NAME_LINE_CHARACTERS = 200
# What no name and role on a line of their own contain, once “Dr.” and the like are left out.
NO_NAME_LINE = re.compile(r"[“”\"!?]|[.:;]\s")
ABBREVIATED_TITLE = re.compile(r"\b(?:Dr|Prof|Mr|Mrs|Ms|St|Rt|Hon)\.")
HONORIFIC = (
    r"(?:Professor|Prof\.?|Dr\.?|Doctor|Sir|Dame|Lord|Lady|Baroness|Baron|Mr\.?|Mrs\.?|Ms\.?|Miss|"
    r"Mx\.?|Rev(?:erend|\.)?|Councillor|Cllr\.?|(?:The\s+)?(?:Rt\.?|Right)\s+Hon(?:ourable|\.)?|"
    r"Sister|Canon)"
)
PARTICLE = r"(?:de|da|di|du|del|della|van|von|der|den|la|le|al|bin|ten|ter|dos|y|O[’'])"
NAME_WORD = r"(?:[A-Z]\.(?:[A-Z]\.)*|[A-ZÀ-ÖØ-Þ](?:[\w’']*\w)?(?:-\w[\w’']*)*)"
POSTNOMINAL = (
    r"(?:[OCMKD]BE|GBE|FRS|FMedSci|FRC[A-Z]+|FFPH|FBA|FRSE|MP|KC|QC|PhD|MD|DL|JP|CEng|RN|RM|CH|"
    r"MRC[A-Z]+|BEM)"
)
PERSON = re.compile(
    rf"(?P<honorific>(?:{HONORIFIC}\s+)*)"
    rf"(?P<words>{NAME_WORD}(?:\s+(?:{PARTICLE}\s+){{0,3}}{NAME_WORD}){{0,4}})"
    rf"(?P<post>(?:,?\s+{POSTNOMINAL})*)"
)
ROLE_WORD = re.compile(
    r"\w+ologists?|\w+iatrists?|\w+therapists?|\w+ographer|actor|artist|author|campaigner|carer|"
    "chef|cook|dentist|driver|farmer|father|gp|headteacher|intern|mother|owner|paramedic|parent|"
    "pilot|resident|survivor|teacher|veteran|"
    "acting|adviser|advisor|ambassador|analyst|assistant|associate|chair|chairman|"
    "chairperson|chairwoman|champion|chief|clinical|clinician|co-chair|co-director|"
    "co-founder|co-lead|co-ordinator|commissioner|consultant|coordinator|councillor|"
    "dean|deputy|director|doctor|economist|editor|engineer|executive|fellow|founder|"
    "governor|head|innovation|interim|investigator|joint|lead|leader|lecturer|"
    "manager|managing|mayor|medical|member|midwife|minister|national|nurse|nursing|"
    "officer|operating|partner|patient|pharmacist|physician|physiotherapist|"
    "practitioner|president|principal|pro-vice-chancellor|professor|programme|project|"
    "provost|psychiatrist|psychologist|reader|registrar|representative|research|"
    "researcher|scientific|scientist|secretary|senior|service|spokesman|spokesperson|"
    "spokeswoman|strategy|student|surgeon|theme|therapist|trustee|vice|vice-chair|"
    "vice-chancellor|vice-president|volunteer",
    re.IGNORECASE,
)
ORGANISATION_WORD = re.compile(
    "academy|alliance|association|authority|bhp|birmingham|board|bureau|care|centre|"
    "centres|charity|city|college|commission|committee|community|company|council|"
    "department|england|faculty|foundation|government|group|health|hospital|"
    "hospitals|hub|institute|institution|laboratory|limited|ltd|midlands|ministry|"
    "network|nhs|nihr|office|partners|partnership|region|royal|school|sciences|"
    "service|services|society|solihull|the|trust|uk|unit|universities|university|"
    "west",
    re.IGNORECASE,
)
# Roles that are surnames too.
SURNAME_OR_ROLE = re.compile("Chair|Cook|Dean|Driver|Farmer|Head|Mayor|Pilot|Reader")
# How a clause begins that says on what occasion something is said.
OCCASION = re.compile(
    r"^(?:[A-Z]\w+ing|On|At|In|After|Ahead|Asked|As|During|Before|Together|With|Also|Meanwhile|"
    r"However|Finally|And|But|When)\b(?!’)"
)
PRONOUN = re.compile(
    r"^(?:(?:and|but|finally|meanwhile|in conclusion|also)\s*,?\s+)?(?:he|she|they)$", re.IGNORECASE
)
VERBS = (
    rf"(?:{SPEECH_VERBS}|told|tells|commenting|adding|saying|explaining|concluding|reflected|"
    r"responded|puts it|put it)"
)
ADVERBS = r"(?:(?:also|then|further|later|finally|has|have|\w+ly)\s+)*"
LEAD = re.compile(rf"^(?P<who>.*\S?),?\s+{ADVERBS}(?P<verb>{VERBS})\b(?P<tail>[^:]*)$", re.DOTALL)
VERB_FIRST = re.compile(rf"^(?P<verb>{VERBS})\b\s*(?P<who>.+)$", re.IGNORECASE | re.DOTALL)
ACCORDING_TO = re.compile(r"^according to\s+(?P<who>.+)$", re.IGNORECASE | re.DOTALL)
BESIDE_NAME = re.compile(r"^\s+(?:(?:of|from|at|for|representing|on behalf of)\s+|(?=who\b))")


@dataclass(frozen=True)
class Attribution:
    """The speaker of a quotation: name and role as written; neither for a pronoun.

    `left_out` has words of the reporter that say more, such as “Speaking at the launch”.
    """

    name: str = ""
    role: str = ""
    left_out: str = ""

    @property
    def is_pronoun(self) -> bool:
        """Return True if the speaker was named before: “she added”."""
        return not self.name and not self.role


def read_lead(words: str) -> Attribution | None:
    """Return the attribution in the `words` before a quotation; None if they hold none."""
    words = words.strip()
    has_colon = words.endswith(":")
    words = words.rstrip(" :,–—-")
    if not words or len(words) > MAX_ATTRIBUTION_CHARACTERS:
        return None
    if match := ACCORDING_TO.match(words):
        return read_who(match["who"])
    if (match := LEAD.match(words)) and len(match["tail"].split()) <= MAX_TAIL_WORDS:
        tail = match["tail"].strip(" ,")
        if attribution := read_who(match["who"]):
            return replace(attribution, left_out=_join(attribution.left_out, tail))
    if (match := VERB_FIRST.match(words)) and (attribution := read_who(match["who"])):
        return attribution
    if not has_colon:
        return None
    attribution = read_who(words)
    return attribution if attribution and attribution.name else None


def read_following(words: str) -> Attribution | None:
    """Return the attribution in the `words` after a closed quotation; None if they hold none."""
    words = words.strip()
    is_signature = bool(re.match(r"^[-–—―(]", words))
    words = words.strip(" ,.;–—―-()") if is_signature else words.strip(" ,.;:")
    if not words or len(words) > MAX_ATTRIBUTION_CHARACTERS:
        return None
    if is_signature:
        attribution = read_who(words)
        return attribution if attribution and attribution.name else None
    for pattern in (ACCORDING_TO, VERB_FIRST):
        if match := pattern.match(words):
            return read_who(match["who"])
    if (match := LEAD.match(words)) and len(match["tail"].split()) <= MAX_TAIL_WORDS:
        return read_who(match["who"])
    return None


def read_who(words: str) -> Attribution | None:
    """Return name and role in “Ada Chair, director” or “the director, Ada Chair”, else None."""
    words = re.sub(r"\s+[-–—]\s+", ", ", words.strip(" ,-–—"))
    words = re.sub(r"^(?:As|And|But)\s+(?=[A-Z])", "", words)
    if PRONOUN.match(words):
        return Attribution()
    match = re.match(r"^([^()]+?)\s*\(([^()]+)\)(.*)$", words)
    if match and is_person(match[1]):
        words = f"{match[1]}, {match[2]}{match[3]}"
    segments = [segment.strip() for segment in words.split(",") if segment.strip()]
    left_out = []
    while len(segments) > 1 and OCCASION.match(segments[0]) and not is_person(segments[0]):
        left_out.append(segments.pop(0))
    if segments and PRONOUN.match(segments[0]):
        return Attribution(left_out=", ".join(left_out))
    for index, segment in enumerate(segments):
        if is_person(segment) or all(map(is_person, segment.split(" and "))):
            name, rest = _take_postnominals(segment, segments[index + 1 :])
            # “who leads the trial” is no role, but it is what the release says of the speaker.
            role = ", ".join([*segments[:index], *rest])
            return Attribution(name, _clean_role(role), ", ".join(left_out))
    for index, segment in enumerate(segments):
        if names := split_name(segment):
            name, role = names
            name, rest = _take_postnominals(name, segments[index + 1 :])
            roles = filter(None, [*segments[:index], role, *rest])
            return Attribution(name, _clean_role(", ".join(roles)), ", ".join(left_out))
    return None


def read_first_person(sentence: str) -> Attribution | None:
    """Return name and role of the person whose name begins `sentence`; None without one."""
    words = sentence.split()
    for count in range(min(len(words), MAX_NAME_WORDS), 0, -1):
        name = " ".join(words[:count]).rstrip(",")
        if is_person(name):
            rest = sentence[len(name) :]
            role = re.match(r"^,\s+([^,]{2,120}),\s", rest)
            return Attribution(name, _clean_role(role[1]) if role else "")
    # “The director, Ada Example, welcomed it.”
    segments = sentence.split(", ")
    attribution = read_who(", ".join(segments[:2])) if len(segments) > 2 else None
    return (
        attribution
        if attribution and attribution.name and attribution.role == _clean_role(segments[0])
        else None
    )


def is_person(words: str) -> bool:
    """Return True if `words` are a person's name and nothing else."""
    match = PERSON.fullmatch(words)
    if match is None:
        return False
    names = match["words"].split()
    if not match["honorific"] and not 2 <= len(names) <= 5:
        return False
    if match["honorific"] and len(names) > 1:
        # “Mr Ada Surgeon”: a title shows that the rest is a name.
        return not any(ORGANISATION_WORD.fullmatch(name) for name in names)
    return _are_names(names)


def _are_names(words: list[str]) -> bool:
    """Return True if `words` can be first names and a surname, such as “Ada Dean”."""
    *first, last = words
    is_surname = bool(first) and bool(SURNAME_OR_ROLE.fullmatch(last))
    return not any(map(_is_no_name, first)) and (is_surname or not _is_no_name(last))


def _is_no_name(word: str) -> bool:
    """Return True for a word of roles and organisations, and for an abbreviation."""
    word = re.sub(r"[’']s?$", "", word)
    if len(word) > 2 and word.isupper() and "." not in word:
        return True
    word = word.strip(".")
    return bool(ROLE_WORD.fullmatch(word) or ORGANISATION_WORD.fullmatch(word))


def split_name(words: str) -> tuple[str, str] | None:
    """Return name and role of words that hold both without a comma; None if they do not.

    “BHP chair Ada Example”, “Dr Ada Example of Example University”, “Ada Example who leads it”.
    """
    for match in PERSON.finditer(words):
        before, after = words[: match.start()].strip(), words[match.end() :]
        if not before and is_person(match[0]) and (beside := BESIDE_NAME.match(after)):
            return match[0].strip(), after[beside.end() :]
    tokens = words.split()
    for start in range(1, len(tokens) - 1 if len(tokens) > 2 else 2):
        name, role = " ".join(tokens[start:]), " ".join(tokens[:start])
        if is_person(name) and _is_role_name(role):
            return name, role
    return None


def _is_role_name(words: str) -> bool:
    return any(ROLE_WORD.fullmatch(word.strip(".,;:()")) for word in words.split())


def _take_postnominals(name: str, segments: list[str]) -> tuple[str, list[str]]:
    """Return the name with the honours that follow it after commas, and the other segments."""
    while segments and re.fullmatch(rf"{POSTNOMINAL}(?:\s+{POSTNOMINAL})*", segments[0]):
        name, segments = f"{name} {segments[0]}", segments[1:]
    return name.strip(), segments


def _clean_role(role: str) -> str:
    """Return a role without an article, unless that belongs to an owner: “the trust’s chair”."""
    role = role.strip(" ,")
    return role if re.match(r"(?i)the\s[^,]*?[’']s?\s", role) else re.sub(r"^(?i:the)\s+", "", role)


def _join(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def read_name_line(text: str) -> Attribution | None:
    """Return the attribution on a line of its own, such as “Ada Example, director”, else None."""
    text = text.strip()
    words = text.strip(" –—―-:*_").rstrip(".")
    if (
        not words
        or len(words) > MAX_NAME_LINE_CHARACTERS
        or NO_NAME_LINE.search(ABBREVIATED_TITLE.sub("", words))
    ):
        return None
    first = re.split(r",|\s[–—|-]\s|\s*\(", words)[0].strip()
    attribution = read_who(re.sub(r"\s[|-]\s", ", ", words))
    if attribution is None or not attribution.name:
        return None
    is_name_first = is_person(first)
    starts_with_role = attribution.role and not OCCASION.match(words) and len(words) <= 120
    if not is_name_first and not (starts_with_role and words.endswith(attribution.name)):
        return None
    return attribution


def looks_like_role(text: str) -> bool:
    """Return True if a line can be the role below or above a speaker's name."""
    words = text.strip(" –—-,")
    if not words or len(words) > 150 or re.search(r"[.!?:“”\"]$", words):
        return False
    is_short = len(words.split()) <= 10
    return _is_role_name(words) or (
        is_short and any(ORGANISATION_WORD.fullmatch(word.strip(".,")) for word in words.split())
    )


def get_surname(name: str) -> str:
    """Return the last word of a name, without honours."""
    match = PERSON.fullmatch(name)
    words = (match["words"] if match else name).split()
    return words[-1] if words else ""

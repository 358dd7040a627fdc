"""Patterns of a writer's words in a quotation, such as “she said” or “Ada Chair, director:”."""

import re

# Words that report speech. Next to a name or a pronoun they belong to the writer, not the speaker.
SPEECH_VERBS = (
    "said|says|added|adds|commented|comments|continued|continues|explained|explains|concluded|"
    "concludes|noted|notes|stated|states|remarked|observed|told us|told reporters|went on|"
    "went on to say|replied|replies|warned|recalled|wrote|writes|declared|declares|insisted|"
    "insists|stressed|stresses|argued|argues|announced|announces|confirmed|confirms|asked|asks"
)
NAME = r"(?!(?:I|We|You|It|This|That|Who|The|These|Those|And|But|So|As)\b)[A-Z][\w’'.-]*"
# “Jan van der Berg”
NAMES = rf"{NAME}(?:\s+(?:(?:de|da|di|van|von|der|den|la|le|al|bin)\s+){{0,2}}{NAME}){{0,5}}"
SENTENCE_START = r"(?:^|(?<=[.!?]\s)|(?<=[.!?][”’\"'»]\s))"
# “He added:”, “Ada Chair, the director, commented:” and “The director said:” before quoted words.
LEAD_IN = re.compile(
    rf"{SENTENCE_START}(?:(?:And\s+)?(?:He|She|They)|{NAMES}(?:,[^:“”\"]{{1,80}}?,?)?)"
    rf"\s+(?:then\s+|also\s+)?(?:{SPEECH_VERBS})\s*:"
    rf"|(?:\S{{1,30}}\s+){{0,6}}\b(?:{SPEECH_VERBS})\s*:(?=\s*[“\"„«])"
    rf"|^{NAMES}(?:,[^:“”\"]{{1,80}})?:(?=\s*[“\"„«])"
)
# “she said” and “said Ada Chair” after words that are quoted, the comma before or after the mark.
AFTER_WORDS = re.compile(
    rf"(?<=[”’»\"']),?\s+(?:(?:he|she|they|{NAMES})\s+(?:{SPEECH_VERBS}|told|tells)\b"
    rf"|(?:{SPEECH_VERBS})\s+(?:{NAMES}|the\b|he\b|she\b)"
    rf"|according to\s+(?:{NAMES}|the\b))"
    rf"|,\s+(?:he|she|{NAMES})\s+(?:{SPEECH_VERBS})\.$"
)
# “— Ada Chair” below or next to the quotation.
ATTRIBUTION = re.compile(rf"(?:^|[”’»\"'.]\s*)[-–—―]\s*{NAMES}(?:,[^.]*)?$")
# “Ada Chair said “We begin.””: a verb that reports speech just before a mark, without a colon.
VERB_BEFORE_MARK = re.compile(
    rf"(?:\S{{1,30}}\s+){{0,3}}(?<!\bI )(?<!\b[Ww]e )\b(?:{SPEECH_VERBS}),?\s+(?=[“\"„«‘'‹])"
)
# “Ada Chair, director” after words that are quoted.
NAME_AFTER_MARK = re.compile(rf"[.,;]?\s+(?:[Bb]y\s+)?({NAMES}(?:,[^.!?]{{1,80}})?)\.?")
# Who says this speaks; the writer of a release calls the speaker by name.
FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e)\b")
# Text that follows a press release.
RELEASE_END = re.compile(
    r"[-–—#*\s]*(?:ends?|notes? (?:to|for) editors?)[-–—#*\s:.]*", re.IGNORECASE
)

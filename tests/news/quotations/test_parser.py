"""Quotations as they are pasted from press releases, Word, web pages and mail."""

import time

import pytest

from news.quotations.paragraphs import fills_width
from news.quotations.parser import get_fingerprint, mark_paragraphs, parse_quotation

# Typed or pasted → the paragraphs, without the marks around them. All of it is certain.
CERTAIN = {
    "plain words": ("We begin today.", ["We begin today."]),
    "double curly marks": ("“We begin today.”", ["We begin today."]),
    "double straight marks": ('"We begin today."', ["We begin today."]),
    "single curly marks": ("‘We begin today.’", ["We begin today."]),
    "single straight marks": ("'We begin today.'", ["We begin today."]),
    "German marks": ("„We begin today.“", ["We begin today."]),
    "German single marks": ("‚We begin today.‘", ["We begin today."]),
    "French marks": ("« We begin today. »", ["We begin today."]),
    "French marks with no-break spaces": (
        "«\u00a0We begin.\u00a0»\n«\u202fWe go on.\u202f»",
        ["We begin.", "We go on."],
    ),
    "reversed French marks": ("»We begin today.«", ["We begin today."]),
    "French marks in French marks": ("«We say ‹yes› today.»", ["We say ‘yes’ today."]),
    "marks typed twice": ("““We begin today.””", ["We begin today."]),
    "closing marks at both ends": ("”We begin today.”", ["We begin today."]),
    "the opening mark is missing": ("We begin.\n“We go on.”", ["We begin.", "We go on."]),
    "the closing mark is missing": ("“We begin.\n“We go on.", ["We begin.", "We go on."]),
    "only the closing mark": ("We begin today.”", ["We begin today."]),
    "only a single closing mark": ("We begin today.’", ["We begin today."]),
    "only a single closing mark, without a full stop": ("We begin today’", ["We begin today"]),
    "an apostrophe within the words": ("We go on and’ on.", ["We go on and’ on."]),
    "German marks within": (
        "We say „yes“ today and „no“. It helps.",
        ["We say ‘yes’ today and ‘no’. It helps."],
    ),
    "two paragraphs of a release": ("“We begin.\n“We go on.”", ["We begin.", "We go on."]),
    "two paragraphs with a blank line": ("“We begin.\n\n“We go on.”", ["We begin.", "We go on."]),
    "two paragraphs with straight marks": ('"We begin.\n"We go on."', ["We begin.", "We go on."]),
    "two paragraphs with single marks": ("‘We begin.\n‘We go on.’", ["We begin.", "We go on."]),
    "two paragraphs from Windows": ("“We begin.\r\n“We go on.”", ["We begin.", "We go on."]),
    "two paragraphs with a line separator": (
        "“We begin.\u2028“We go on.”",
        ["We begin.", "We go on."],
    ),
    "two paragraphs with Word’s line break": (
        "“We begin.\x0b“We go on.”",
        ["We begin.", "We go on."],
    ),
    "a blank line of no-break spaces": ("We begin.\n\u00a0\nWe go on.", ["We begin.", "We go on."]),
    "no marks, one line break": ("We begin.\nWe go on.", ["We begin.", "We go on."]),
    "a question before the line break": ("Why now?\nWe are ready.", ["Why now?", "We are ready."]),
    "marks around every paragraph": ("“We begin.”\n“We go on.”", ["We begin.", "We go on."]),
    "three paragraphs of a release": (
        "“We begin.\n“We go on.\n“We are not done.”",
        ["We begin.", "We go on.", "We are not done."],
    ),
    "three paragraphs, one break and one blank line": (
        "“We begin.\n“We go on.\n\n“We are not done.”",
        ["We begin.", "We go on.", "We are not done."],
    ),
    "three paragraphs with single marks": (
        "'We begin.\n'It's the patients' day.\n'We are not done.'",
        ["We begin.", "It’s the patients’ day.", "We are not done."],
    ),
    "the closing mark after the full stop": ("“We begin today.”", ["We begin today."]),
    "the closing mark before the full stop": ("“We begin today”.", ["We begin today."]),
    "the closing mark between full stops": ("“We begin today.”.", ["We begin today."]),
    "a single mark before the full stop": ("‘We begin today’.", ["We begin today."]),
    "double marks within": ("“We say “yes” today.”", ["We say ‘yes’ today."]),
    "single marks within": ("“We say ‘yes’ today.”", ["We say ‘yes’ today."]),
    "straight marks within": ('"We say \'yes\' and "no" today."', ["We say ‘yes’ and ‘no’ today."]),
    "double marks within single ones": ("‘We say “yes” today.’", ["We say ‘yes’ today."]),
    "a sentence within that goes on": (
        "“No!” was our first answer.",
        ["‘No!’ was our first answer."],
    ),
    "a word within before a name": (
        "“Healthy” Birmingham is our aim.",
        ["‘Healthy’ Birmingham is our aim."],
    ),
    "within at the start": ("“‘Yes’ is what we say.”", ["‘Yes’ is what we say."]),
    "within at the start, same marks": (
        "““Yes” is what we say.\n“We go on.”",
        ["‘Yes’ is what we say.", "We go on."],
    ),
    "within at the end": ("“What we say is ‘yes’.”", ["What we say is ‘yes’."]),
    "within at both ends": ("“‘Yes,’ we say, ‘today.’”", ["‘Yes,’ we say, ‘today.’"]),
    "all of it quoted by the speaker": ("“‘Never give up.’”", ["‘Never give up.’"]),
    "within within": (
        "“They ask: ‘What is “research” for?’ and we answer.”",
        ["They ask: ‘What is “research” for?’ and we answer."],
    ),
    "the same marks three deep": (
        "“They ask “what is “research” for?” every day.”",
        ["They ask ‘what is “research” for?’ every day."],
    ),
    "within, in the second paragraph": (
        "“We begin.\n“Our ‘open door’ stays open.”",
        ["We begin.", "Our ‘open door’ stays open."],
    ),
    "an apostrophe within": (
        "“It’s our ‘nurses’ first’ plan.”",
        ["It’s our ‘nurses’ first’ plan."],
    ),
    "an apostrophe at the end": ("It is all for our patients’", ["It is all for our patients’"]),
    "an apostrophe before the closing mark": (
        "“The credit is our patients’.”",
        ["The credit is our patients’."],
    ),
    "an apostrophe before a single closing mark": (
        "‘The credit is our patients’.’",
        ["The credit is our patients’."],
    ),
    "a plural’s apostrophe in single marks": (
        "‘The trusts’ plan is ours.’",
        ["The trusts’ plan is ours."],
    ),
    "a plural’s apostrophe, the paragraph stays open": (
        "‘It is the trusts’ plan.\n‘It is ours.’",
        ["It is the trusts’ plan.", "It is ours."],
    ),
    "a decade": ("“We began in the '70s and ’80s.”", ["We began in the ’70s and ’80s."]),
    "a decade at the start": ("'70s wards are gone.", ["’70s wards are gone."]),
    "a decade at the start of a line": (
        "Nobody misses the wards of the\n’70s any more.",
        ["Nobody misses the wards of the ’70s any more."],
    ),
    "rock ’n’ roll": ("\"It was rock 'n' roll.\"", ["It was rock ’n’ roll."]),
    "rock ‘n’ roll in single marks": ("‘It was rock ‘n’ roll.’", ["It was rock ’n’ roll."]),
    "’tis": ("“’Tis the season.”", ["’Tis the season."]),
    "a mark turned the wrong way": ("“Call ‘em today.”", ["Call ’em today."]),
    "soft wraps of mail": (
        "“We have worked on this for years, and it shows in\nwhat the wards do every day of the "
        "week, whatever\nhappens.”",
        [
            "We have worked on this for years, and it shows in what the wards do every day of the "
            "week, whatever happens."
        ],
    ),
    "soft wraps, two paragraphs": (
        "“We have worked on this for years, and it shows in\nwhat the wards do.\n“It is a start "
        "and no more than that, as everybody\nknows.”",
        [
            "We have worked on this for years, and it shows in what the wards do.",
            "It is a start and no more than that, as everybody knows.",
        ],
    ),
    "a reply by mail": (
        "> “We begin with what\n> we have.\n>\n> “We go on.”",
        ["We begin with what we have.", "We go on."],
    ),
    "a wrap at a hyphen": ("“A long-\nterm plan.”", ["A long-term plan."]),
    "a wrap after an abbreviation": (
        "“Thanks to Prof.\nAdler for it.”",
        ["Thanks to Prof. Adler for it."],
    ),
    "a wrap after an initial": ("“Thanks to A.\nAdler for it.”", ["Thanks to A. Adler for it."]),
    "brackets": ("“We begin (“slowly”) today.”", ["We begin (‘slowly’) today."]),
    "dashes": ("“We begin—‘slowly’—today.”", ["We begin—‘slowly’—today."]),
    "an ellipsis at the line’s end": ("“We begin…\n“We go on.”", ["We begin…", "We go on."]),
    "marks alone in a paragraph": ("We begin.\n\n”", ["We begin."]),
    "spaces beside the marks": ("“ We begin today. ”", ["We begin today."]),
    "zero-width characters": ("\ufeff“We begin\u200b today.”", ["We begin today."]),
    "speech within a pair of marks": (
        "“‘It helps,’ she said, and we listen.”",
        ["‘It helps,’ she said, and we listen."],
    ),
    "the speaker tells what somebody said": (
        "“When I was new, my matron said: ‘Listen.’”",
        ["When I was new, my matron said: ‘Listen.’"],
    ),
    "LaTeX marks": ("``We begin today.''", ["We begin today."]),
    "two paragraphs with LaTeX marks": ("``We begin.\n\n``We go on.''", ["We begin.", "We go on."]),
    "LaTeX’s single marks": ("`We begin today.'", ["We begin today."]),
    "LaTeX’s single marks within": ("``We say `yes' today.''", ["We say ‘yes’ today."]),
    "two single straight marks": ("''We begin today.''", ["We begin today."]),
    "the speaker’s own “said”": (
        "We said “yes” and we mean it.",
        ["We said ‘yes’ and we mean it."],
    ),
    "a term in marks at the end": ("We call it “a start”.", ["We call it ‘a start’."]),
    "a verb without its last letter in single marks": (
        "‘We are workin’ on it.’",
        ["We are workin’ on it."],
    ),
    "straight marks between spaces": ('We say " yes " today.', ["We say ‘ yes ’ today."]),
    "single marks between spaces": ("We say ‘ yes ’ today.", ["We say ‘ yes ’ today."]),
    "a quoted plural in single marks": (
        "‘We read ‘the trusts’ today.’",
        ["We read ‘the trusts’ today."],
    ),
    "’n’ at the start": ("’n’ roll is over.", ["’n’ roll is over."]),
    "a second paragraph that is only closed": (
        "“We begin.”\nWe go on.”",
        ["We begin.", "We go on."],
    ),
    "a letter after the marks": ("“Thank you”s", ["‘Thank you’s"]),
    "a quoted word before a marked paragraph": (
        "‘Yes’ is what we say.\n“We go on.”",
        ["‘Yes’ is what we say.", "We go on."],
    ),
    "a space before the closing mark": ("“We begin today ”.", ["We begin today."]),
    "a name in marks at the end": (
        "Our aim is a “Healthy Birmingham”.",
        ["Our aim is a ‘Healthy Birmingham’."],
    ),
    "four deep": (
        "“They say ‘we ask “what is ‘research’ for?” each day’ to us.”",
        ["They say ‘we ask “what is ‘research’ for?” each day’ to us."],
    ),
    "nothing": (" \n\n ", []),
    "marks alone": ("“”", []),
}

# Typed or pasted → the paragraphs as they would be shown, and a part of what the editor is told.
# The first must be confirmed before it is published.
TO_CONFIRM = {
    "he added, left inside": (
        "“We begin.”\nHe added: “We go on.”",
        ["We begin.", "He added: ‘We go on.’"],
        "“He added” looks like the writer’s words",
    ),
    "she said, between": (
        "“We begin,” she said. “We go on.”",
        ["‘We begin,’ she said. ‘We go on.’"],
        "“she said” looks like the writer’s words",
    ),
    "the lead-in copied along": (
        "Ada Chair, the group’s director, commented: “We begin.\n“We go on.”",
        ["Ada Chair, the group’s director, commented: “We begin.", "We go on."],
        "commented” looks like the writer’s words",
    ),
    "the speaker’s name after the words": (
        "“We begin,” said Ada Chair, director.",
        ["‘We begin,’ said Ada Chair, director."],
        "“said Ada Chair” looks like the writer’s words",
    ),
    "he added, without marks": (
        "“We begin. He added: We go on.”",
        ["We begin. He added: We go on."],
        "“He added” looks like the writer’s words",
    ),
    "a lead-in with a title": (
        "The trust’s chief nurse said: “We begin.”",
        ["The trust’s chief nurse said: ‘We begin.’"],
        "chief nurse said” looks like the writer’s words",
    ),
    "a lead-in with a name of several words": (
        "“We begin.”\nJan van der Sample added: “We go on.”",
        ["We begin.", "Jan van der Sample added: ‘We go on.’"],
        "“Jan van der Sample added” looks like the writer’s words",
    ),
    "a name before the words": (
        "Ada Chair, director: “We begin.”",
        ["Ada Chair, director: ‘We begin.’"],
        "“Ada Chair, director” looks like the writer’s words",
    ),
    "according to somebody": (
        "“We begin,” according to Ada Chair.",
        ["‘We begin,’ according to Ada Chair."],
        "“according to Ada Chair” looks like the writer’s words",
    ),
    "the comma after the mark": (
        "‘We begin’, said Ada Chair.",
        ["‘We begin’, said Ada Chair."],
        "“said Ada Chair” looks like the writer’s words",
    ),
    "told somebody": (
        "“We begin,” Ada Chair told the board.",
        ["‘We begin,’ Ada Chair told the board."],
        "“Ada Chair told” looks like the writer’s words",
    ),
    "the next paragraph of the release copied along": (
        "“We begin.”\n\nThe group has nine members.",
        ["We begin.", "The group has nine members."],
        "The quotation ends before “The group has nine”",
    ),
    "the writer’s paragraph between two quotations": (
        "“We begin.”\nAda Chair then spoke of the plan.\n“We go on.”",
        ["We begin.", "Ada Chair then spoke of the plan.", "We go on."],
        "The quotation ends before “Ada Chair then spoke”",
    ),
    "the end mark copied along": (
        "“We begin.”\n\n-ends-",
        ["We begin.", "-ends-"],
        "“-ends-” looks like the writer’s words",
    ),
    "an attribution below": (
        "“We begin.”\n— Ada Chair, director",
        ["We begin.", "— Ada Chair, director"],
        "looks like the writer’s words",
    ),
    "the writer’s paragraph before the quotation": (
        "Ada Chair welcomed the news.\n\n“We begin.”",
        ["Ada Chair welcomed the news.", "We begin."],
        "“Ada Chair welcomed the” is before the start of the quotation",
    ),
    "the writer’s line before the quotation": (
        "Our chair, Ada Chair, welcomed the news.\n“We begin.”",
        ["Our chair, Ada Chair, welcomed the news.", "We begin."],
        "is before the start of the quotation",
    ),
    "a lead-in without a colon": (
        "Everybody was glad, Ada Chair said “We begin.”",
        ["Everybody was glad, Ada Chair said ‘We begin.’"],
        "Ada Chair said” looks like the writer’s words",
    ),
    "a lead-in with a comma": (
        "Ada Chair, the group’s director, said, ‘We begin.’",
        ["Ada Chair, the group’s director, said, ‘We begin.’"],
        "director, said” looks like the writer’s words",
    ),
    "a name without a verb before the words": (
        "Ada Chair “We begin.”",
        ["Ada Chair ‘We begin.’"],
        "“Ada Chair” looks like the writer’s words",
    ),
    "the writer’s sentence before the words": (
        "Ada Chair welcomed the news. “We begin.”",
        ["Ada Chair welcomed the news. ‘We begin.’"],
        "“Ada Chair welcomed the” looks like the writer’s words",
    ),
    "the writer’s sentence after the words": (
        "“We begin.” The group has nine members.",
        ["‘We begin.’ The group has nine members."],
        "“The group has nine” looks like the writer’s words",
    ),
    "a name on the line below": (
        "“We begin”\nAda Chair",
        ["‘We begin’ Ada Chair"],
        "“Ada Chair” looks like the writer’s words",
    ),
    "a name and a role on the line below": (
        "‘We begin’\nAda Chair, director",
        ["‘We begin’ Ada Chair, director"],
        "“Ada Chair, director” looks like the writer’s words",
    ),
    "an inner mark never closed": (
        "It goes “on and on.",
        ["It goes “on and on."],
        "A quotation mark is opened near “on and on.” and never closed",
    ),
    "an inner mark never closed before many words": (
        "It goes “on and on and on.",
        ["It goes “on and on and on."],
        "A quotation mark is opened near “on and on” and never closed",
    ),
    "the writer’s paragraph after a quotation without an opening mark": (
        "We begin.”\n\nThe group has nine members.",
        ["We begin.", "The group has nine members."],
        "The quotation ends before “The group has nine”",
    ),
    "a closing mark after the first letter": (
        "A” is what they gave us.",
        ["A” is what they gave us."],
        "A quotation mark is closed near “A” and never opened",
    ),
    "an inner mark never opened": (
        "It goes on and” on.",
        ["It goes on and” on."],
        "A quotation mark is closed near “goes on and” and never opened",
    ),
    "a single inner mark never closed": (
        "It goes ‘on and on.",
        ["It goes ‘on and on."],
        "A quotation mark is opened near “on and on.” and never closed",
    ),
    "a single inner mark never opened": (
        "It goes on and› on.",
        ["It goes on and’ on."],
        "A quotation mark is closed near “goes on and” and never opened",
    ),
}
TO_CHECK = {
    "a blank line before the first mark": (
        "We have news.\n\n“We begin.”",
        ["We have news.", "We begin."],
        "“We have news.” is before the start of the quotation",
    ),
    "a paragraph without a full stop": (
        "“We begin with\n“a plan.”",
        ["We begin with", "a plan."],
        "“We begin with” does not end with a full stop",
    ),
    "a long paragraph without a full stop": (
        "“Today we begin it with\n“a plan.”",
        ["Today we begin it with", "a plan."],
        "The paragraph that ends with “we begin it with” does not",
    ),
    "a comma at the end": ("“We begin,”", ["We begin,"], "ends with a comma"),
    "an apostrophe or a mark": (
        "We read ‘the trusts’ and the nurses’ notes.",
        ["We read ‘the trusts’ and the nurses’ notes."],
        "Near “read ‘the trusts”",
    ),
    "a full stop at the edge of wrapped mail": (
        "“We have worked on this for years, and then it was\ntime to do what the wards want "
        "every day this year.\nNobody minds.”",
        [
            "We have worked on this for years, and then it was time to do what the wards want "
            "every day this year. Nobody minds."
        ],
        "“Nobody minds.” may begin a new paragraph",
    ),
}


def by_name(cases: dict[str, tuple]) -> pytest.MarkDecorator:
    width = len(next(iter(cases.values())))
    names = ["typed", "paragraphs", "message"][:width]
    return pytest.mark.parametrize(names, cases.values(), ids=cases)


def test_there_are_enough_cases() -> None:
    assert len(CERTAIN) + len(TO_CONFIRM) + len(TO_CHECK) >= 40


@by_name(CERTAIN)
def test_what_is_certain_is_shown_without_a_warning(typed: str, paragraphs: list[str]) -> None:
    quotation = parse_quotation(typed)
    assert list(quotation.paragraphs) == paragraphs
    assert quotation.issues == ()


@by_name(TO_CONFIRM)
def test_what_is_probably_wrong_has_to_be_confirmed(
    typed: str, paragraphs: list[str], message: str
) -> None:
    quotation = parse_quotation(typed)
    assert list(quotation.paragraphs) == paragraphs
    assert quotation.must_confirm
    assert any(message in issue.message and issue.must_confirm for issue in quotation.issues)


@by_name(TO_CHECK)
def test_what_is_uncertain_is_told(typed: str, paragraphs: list[str], message: str) -> None:
    quotation = parse_quotation(typed)
    assert list(quotation.paragraphs) == paragraphs
    assert not quotation.must_confirm
    assert any(message in issue.message for issue in quotation.issues)


@by_name(CERTAIN)
def test_a_published_quotation_can_be_pasted_again(typed: str, paragraphs: list[str]) -> None:
    """What visitors copy from a page comes back as the same paragraphs."""
    for gap in ("\n", "\n\n"):
        copied = gap.join(mark_paragraphs(paragraphs))
        if gap == "\n" and not all(p[-1] in ".?…" for p in paragraphs[:-1]):
            continue
        assert list(parse_quotation(copied).paragraphs) == paragraphs


def test_every_paragraph_is_opened_and_the_last_is_closed() -> None:
    assert mark_paragraphs(["We begin.", "We go on."]) == ["“We begin.", "“We go on.”"]


def test_a_confirmation_is_for_these_words_alone() -> None:
    assert get_fingerprint("It goes “on.") == get_fingerprint("It goes “on. ")
    assert len(get_fingerprint("It goes “on.")) == 16
    assert get_fingerprint("It goes “on.") != get_fingerprint("It goes “on and on.")


@pytest.mark.parametrize(
    "typed", ['"', "“a ", "'a' ", "‘s’ “", "A. ", "\n“a.", "Ada ", "He added: ", "(", "\ud800"]
)
def test_hostile_text_takes_no_time(typed: str) -> None:
    begin = time.process_time()
    parse_quotation(typed * (20_000 // len(typed)))
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(("width", "is_full"), [(15, False), (14, True)])
def test_a_line_is_full_if_the_next_word_and_a_space_would_not_fit(
    width: int, is_full: bool
) -> None:
    assert fills_width("ten letter", "word and more", width) is is_full

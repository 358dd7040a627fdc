"""Blocks for problems that editors add to the accessibility statement."""

from typing import Any

from wagtail import blocks


class ProblemBlock(blocks.StructBlock):
    """A problem other than those of the listed documents."""

    what = blocks.TextBlock(
        max_length=500,
        label="What is wrong, and for whom",
        help_text="For example “The map of members cannot be used with a keyboard. Their addresses "
        "are listed below it.”",
    )
    criterion = blocks.CharBlock(
        required=False,
        max_length=120,
        label="Success criterion it fails",
        help_text="For example “2.1.1 (keyboard)”.",
    )
    kind = blocks.ChoiceBlock(
        choices=[
            ("failing", "It fails the regulations, and is to be mended"),
            ("burden", "To mend it would be a disproportionate burden"),
            ("exempt", "The regulations are not about it"),
        ],
        default="failing",
        label="Why it is so",
    )
    plan = blocks.CharBlock(
        required=False,
        max_length=250,
        label="What is done about it, or why nothing is",
        help_text="For example “Mended by March 2027”; for a burden, how it was assessed.",
    )

    class Meta:
        icon = "warning"
        label = "Problem"
        description = "One thing that some people cannot use, why, and what is done about it."
        preview_value = {
            "what": "The map cannot be used with a keyboard.",
            "criterion": "2.1.1 (keyboard)",
            "kind": "failing",
            "plan": "Mended by March 2027.",
        }
        template = "blocks/problem.html"


class ProblemsBlock(blocks.StreamBlock):
    """The problems that editors add, in their order."""

    problem = ProblemBlock()

    class Meta:
        required = False


def get_problems(problems: Any, kind: str) -> list[Any]:
    """Return the blocks of `problems` of this kind."""
    return [block for block in problems if block.value["kind"] == kind]

"""Blocks for problems that editors add to the accessibility statement."""

from typing import Any

from wagtail import blocks


class ProblemBlock(blocks.StructBlock):
    """A problem other than those of the listed documents."""

    what = blocks.TextBlock(
        max_length=500,
        label="What the problem is, and for whom",
        help_text="For example “The map of members cannot be used with a keyboard. Their addresses "
        "are listed below it.”",
    )
    criterion = blocks.CharBlock(
        required=False,
        max_length=120,
        label="Success criterion that it fails",
        help_text="For example “2.1.1 (keyboard)”.",
    )
    kind = blocks.ChoiceBlock(
        choices=[
            ("failing", "It fails the regulations, and we will fix it"),
            ("burden", "Fixing it would be a disproportionate burden"),
            ("exempt", "The regulations do not cover it"),
        ],
        default="failing",
        label="Why it is not accessible",
    )
    plan = blocks.CharBlock(
        required=False,
        max_length=250,
        label="What you will do about it, or why you will not",
        help_text=(
            "For example “We will fix this by March 2027”. For a disproportionate burden, say how "
            "you assessed it."
        ),
    )

    class Meta:
        icon = "warning"
        label = "Problem"
        description = (
            "One thing that some people cannot use, the reason, and what you will do about it."
        )
        preview_value = {
            "what": "The map cannot be used with a keyboard.",
            "criterion": "2.1.1 (keyboard)",
            "kind": "failing",
            "plan": "We will fix this by March 2027.",
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

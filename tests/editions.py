"""Reports as HTML, whose PDFs are drafted to see what is found again."""

import random

STYLE = """
@page { size: A4; margin: 22mm 20mm }
body { font: 11pt/1.45 "DejaVu Serif", serif; hyphens: auto }
table { border-collapse: collapse }
td, th { border: 1px solid; padding: 3px; text-align: left }
"""
STYLES = {
    "plain": "",
    "columns": "body { columns: 2; text-align: justify }table { column-span: all; font-size: 8pt }",
    "layers": "@page { size: A5 } body { font-family: sans-serif; opacity: .9 }"
    "table { font-size: 6pt }",
}
NOUNS = [
    *("evidence", "partnership", "hospital", "midwife", "region", "treatment", "study", "office"),
    *("university", "network", "patient", "recruitment", "laboratory", "maternity", "workflow"),
    *("inequality", "fellowship", "efficiency", "well-being", "follow-up"),
    # With places where they may be broken, as not every browser knows them.
    *("recom&shy;men&shy;da&shy;tion", "infra&shy;struc&shy;ture", "statis&shy;ti&shy;cian"),
    *(
        "respon&shy;si&shy;bil&shy;ity",
        "col&shy;lab&shy;o&shy;ra&shy;tion",
        "neigh&shy;bour&shy;hood",
    ),
]
VERBS = ["improves", "follows", "describes", "offers", "strengthens", "questions", "simplifies"]
LINKS = [
    "https://www.example.org/register",
    "mailto:evidence@example.org",
    "https://example.org/?a=1&amp;b=2",
]
DRAWING = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='300' height='120'%3E"
    "%3Ccircle cx='60' cy='60' r='50'/%3E%3C/svg%3E"
)


class Writer:
    """Writes a report whose words are the same each time."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def noun(self) -> str:
        return self.chance.choice(NOUNS)

    def title(self) -> str:
        return f"{self.noun().capitalize()} and {self.noun()}"

    def sentence(self) -> str:
        first, second = self.chance.choice(VERBS), self.chance.choice(VERBS)
        years = f"{self.chance.randint(2011, 2025)}–{self.chance.randint(26, 99)}"
        return (
            f"The {self.noun()} {first} the {self.noun()}, and every {self.noun()} {second} it in "
            f"{years}."
        )

    def words(self, least: int, most: int) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(least, most)))

    def paragraph(self) -> str:
        said = self.words(2, 6)
        if self.chance.random() < 0.4:
            link = self.chance.choice(LINKS)
            said += f' See <a href="{link}">{self.noun()} of the {self.noun()}</a> too.'
        if self.chance.random() < 0.3:
            said = f"<strong>{self.title()}</strong> come first. {said}"
        return f"<p>{said}</p>"

    def items(self, depth: int = 0) -> str:
        made = []
        for _ in range(self.chance.randint(2, 6)):
            inner = self.items(depth + 1) if depth < 2 and self.chance.random() < 0.2 else ""
            made.append(f"<li>{self.words(1, 2)}{inner}</li>")
        tag = self.chance.choice(["ul", "ol"])
        return f"<{tag}>{''.join(made)}</{tag}>"

    def table(self) -> str:
        wide = self.chance.randint(2, 5)
        heads = "".join(f"<th scope=col>{self.title()}</th>" for _ in range(wide))
        rows = ""
        for _ in range(self.chance.randint(2, 14)):
            numbers = (self.chance.randint(1, 999) for _ in range(wide - 1))
            cells = "".join(f"<td>{self.noun()} {number}</td>" for number in numbers)
            rows += f"<tr><th scope=row>{self.title()}</th>{cells}</tr>"
        caption = f"<caption>{self.title()}</caption>"
        return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"

    def figure(self) -> str:
        caption = f"<figcaption>{self.sentence()}</figcaption>"
        return f'<figure><img src="{DRAWING}" alt="{self.title()}">{caption}</figure>'

    def section(self, level: int) -> str:
        parts = [f"<h{level}>{self.title()}</h{level}>"]
        makers = [self.paragraph] * 5 + [self.items] * 2 + [self.table, self.figure]
        parts += [self.chance.choice(makers)() for _ in range(self.chance.randint(2, 6))]
        if level < 4:
            parts += [self.section(level + 1) for _ in range(self.chance.randint(0, 3))]
        return "".join(parts)

    def report(self, style: str) -> str:
        body = "".join(self.section(2) for _ in range(8))
        return (
            f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>{self.title()}</title>'
            f"<style>{STYLE}{style}</style><h1>{self.title()}</h1>{self.paragraph()}{body}</html>"
        )


def make_reports() -> dict[str, str]:
    """Reports by their names."""
    return {
        name: Writer(seed).report(style) for seed, (name, style) in enumerate(STYLES.items(), 1)
    }

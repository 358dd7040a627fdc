"""Reports as HTML, whose PDFs are drafted to see what is found again."""

import random

STYLE = """
@page { size: A4; margin: 22mm 20mm }
body { font: 11pt/1.45 "DejaVu Serif", serif; hyphens: auto }
table { border-collapse: collapse } td, th { border: 1px solid; padding: 3px; text-align: left }
"""
NOUNS = (
    "evidence partnership hospital midwife region treatment study university network patient "
    "recruitment laboratory maternity inequality statistician recommendation fellowship "
    "neighbourhood responsibility infrastructure collaboration well-being follow-up office "
    "efficiency workflow first-in-family"
).split()
VERBS = "improves follows describes offers strengthens questions compares simplifies".split()
LINKS = (
    "https://www.example.org/register",
    "mailto:evidence@example.org",
    "https://example.org/?a=1&b=2",
)


class Writer:
    """Writes a report whose words are the same each time."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def sentence(self) -> str:
        pick = self.chance.choice
        first, second, third = (pick(NOUNS) for _ in range(3))
        said = f"The {first} {pick(VERBS)} the {second}, and every {third} {pick(VERBS)} it"
        return f"{said} in {self.chance.randint(2011, 2025)}–{self.chance.randint(26, 99)}."

    def words(self, least: int, most: int) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(least, most)))

    def title(self) -> str:
        return f"{self.chance.choice(NOUNS).capitalize()} and {self.chance.choice(NOUNS)}"

    def paragraph(self) -> str:
        said = self.words(2, 6)
        if self.chance.random() < 0.4:
            link = self.chance.choice(LINKS).replace("&", "&amp;")
            said += f' See <a href="{link}">{self.chance.choice(NOUNS)} of the {self.chance.choice(NOUNS)}</a> too.'
        if self.chance.random() < 0.3:
            said = f"<strong>{self.chance.choice(NOUNS).capitalize()}</strong> comes first. {said}"
        return f"<p>{said}</p>"

    def items(self, depth: int = 0) -> str:
        made = []
        for _ in range(self.chance.randint(2, 6)):
            inner = self.items(depth + 1) if depth < 2 and self.chance.random() < 0.2 else ""
            made.append(f"<li>{self.words(1, 2)}{inner}</li>")
        tag = self.chance.choice(("ul", "ol"))
        return f"<{tag}>{''.join(made)}</{tag}>"

    def table(self) -> str:
        wide = self.chance.randint(2, 5)
        heads = "".join(f"<th scope=col>{self.title()}</th>" for _ in range(wide))
        rows = []
        for _ in range(self.chance.randint(2, 14)):
            cells = "".join(
                f"<td>{self.chance.choice(NOUNS)} {self.chance.randint(1, 999)}</td>"
                for _ in range(wide - 1)
            )
            rows.append(f"<tr><th scope=row>{self.title()}</th>{cells}</tr>")
        caption = f"<caption>Table of {self.title()}</caption>"
        return (
            f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )

    def figure(self) -> str:
        drawing = (
            "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='300' height='120'%3E"
            "%3Ccircle cx='60' cy='60' r='50' fill='teal'/%3E%3C/svg%3E"
        )
        return f'<figure><img src="{drawing}" alt="{self.title()}"><figcaption>{self.sentence()}</figcaption></figure>'

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


ALL = {
    "plain": Writer(1).report(""),
    "columns": Writer(2).report(
        "body { columns: 2; text-align: justify } table { column-span: all; font-size: 8pt }"
    ),
    "narrow": Writer(3).report(
        "@page { size: A5 } body { font-family: sans-serif } table { font-size: 6pt }"
    ),
}

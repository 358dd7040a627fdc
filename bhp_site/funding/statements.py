"""What a page says about its funding: to readers, to search engines and in citations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .models import Award, Funder, Funding


@dataclass
class FundingStatement:
    """A funder with the awards that a page names, each once and in order."""

    funder: Funder
    awards: list[Award] = field(default_factory=list)

    @property
    def wording(self) -> str:
        """Return the funder's standard wording, else “Funded by” and its name."""
        return self.funder.acknowledgement or f"Funded by {self.funder}."

    @property
    def citation(self) -> str:
        """Return the funder and its awards in one text, such as “NIHR (NIHR123456)”."""
        labels = [award.number or award.title for award in self.awards]
        return f"{self.funder.name} ({', '.join(labels)})" if labels else self.funder.name


def build_statements(rows: Iterable[Funding]) -> list[FundingStatement]:
    """Return a statement for each funder in `rows`, in the order of their first row."""
    statements: dict[int, FundingStatement] = {}
    for row in rows:
        statement = statements.setdefault(row.funder_id, FundingStatement(row.funder))
        if row.award and row.award not in statement.awards:
            statement.awards.append(row.award)
    return [*statements.values()]


def build_funding_schema(statements: Iterable[FundingStatement]) -> dict[str, Any]:
    """Return the schema.org properties `funding` and `funder` of a page; {} without funding.

    https://schema.org/funding
    """
    grants, funders = [], []
    for statement in statements:
        funder = _build_funder(statement.funder)
        funders.append(funder)
        for award in statement.awards:
            grant = {"identifier": award.number, "name": award.title, "funder": funder}
            grants.append(
                {"@type": "Grant"} | {key: value for key, value in grant.items() if value}
            )
        if not statement.awards:
            grants.append({"@type": "Grant", "funder": funder})
    return {"funding": grants, "funder": funders} if funders else {}


def _build_funder(funder: Funder) -> dict[str, str]:
    node = {
        "@type": "Organization",
        "@id": funder.ror,
        "name": funder.name,
        "alternateName": funder.short_name,
        "url": funder.website,
    }
    return {key: value for key, value in node.items() if value}

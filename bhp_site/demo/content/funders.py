"""The funder of the demonstration. The wording is written for this site and not the funder’s."""

from .shapes import Funder

RESEARCH_CENTRE = "NIHR Birmingham Biomedical Research Centre"

FUNDERS = (
    Funder(
        name="National Institute for Health and Care Research",
        short_name="NIHR",
        acknowledgement="The work described here is paid for by the National Institute for Health "
        "and Care Research (NIHR).",
        disclaimer="The opinions on this page are its authors’ own. The NIHR may see things "
        "differently.",
        awards=(RESEARCH_CENTRE,),
    ),
)

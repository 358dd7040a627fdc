"""What the home page, the index pages and the footer say. Keys are field names."""

HOME = {
    "title": "Birmingham Health Partners",
    "hero": "Born well,\nlive well,\ndie well",
    "intro": "We bring together the NHS trusts and universities of the Birmingham region, so that "
    "research reaches the people who need it.",
    "button_text": "Read our report of activity",
    "about_link_text": "What the partnership does",
}
# The quotation on the front page: the news item, and the speaker's slug.
HOME_QUOTE = ("report-of-activity-2020-2022", "ed-smith")
# The page that lists what is assumed, for the banner and the footer.
DEMONSTRATION_PAGE = "about-this-demonstration"

INDEXES = {
    "partners": (
        "Partners",
        "The NHS trusts, universities and health innovation network that make up the partnership.",
    ),
    "reports": (
        "Reports",
        "Our reports of activity, policy reports and strategy, to read or download.",
    ),
    "news": ("News", "Announcements, new members, funding, awards and calls for applications."),
    "people": ("People", "The people who lead the partnership, and those who led it before."),
    "themes": (
        "Themes",
        "The priorities that our members share, and the themes that run through them.",
    ),
    "quotes": (
        "Quotes",
        "What our leaders have said in announcements, with the role they held at the time.",
    ),
}

SETTINGS = {
    "name": "Birmingham Health Partners",
    "short_name": "BHP",
    "strapline": "NHS trusts and universities working together so that people in the West Midlands "
    "are born well, live well and die well.",
    "about": "Birmingham Health Partners (BHP) is a partnership of NHS trusts, universities "
    "and a health innovation network. Its members plan research together and bring what they "
    "learn into everyday care.\n\nThe agreement to create it was announced on 1 December 2011. "
    "Its four priorities are cancer outcomes, inflammation and chronic disease, maternal health "
    "and perinatal mortality, and mental health.",
    "address": "Birmingham Health Partners\nBirmingham",
    "email": "hello@example.org",
    "access_email": "access@example.org",
    "press_name": "Press office",
    "press_email": "press@example.org",
    "press_phone": "",
    "links": "",
    "footer_note": "",
    "security_contact": "security@example.org",
    "is_demonstration": True,
}

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

INDEXES = {
    "partners": (
        "Partners",
        "NHS trusts, universities and a network that plan research together.",
    ),
    "reports": ("Reports", "What we have done, what we have found, and what we mean to do."),
    "news": ("News", "Announcements, new members, awards, funding and calls."),
    "people": ("People", "Who speaks and decides for the partnership, now and before."),
    "themes": ("Themes", "The questions the members have chosen to answer together."),
    "quotes": ("Quotes", "What people have said, and when, with the role they held then."),
}

SETTINGS = {
    "name": "Birmingham Health Partners",
    "short_name": "BHP",
    "strapline": "NHS trusts and universities working together so that people in the West Midlands "
    "are born well, live well and die well.",
    "about": "Birmingham Health Partners (BHP) is a partnership of NHS trusts, universities "
    "and a health innovation network. They plan research together, so "
    "that what is learnt in one place improves care in all of them.\n\nThe agreement to found it "
    "was announced on 1 December 2011. Its priorities are cancer outcomes, inflammation and "
    "chronic disease, maternal health and perinatal mortality, and mental health.",
    "address": "Birmingham Health Partners\nBirmingham",
    "email": "hello@example.org",
    "access_email": "access@example.org",
    "press_name": "Press office",
    "press_email": "press@example.org",
    "press_phone": "",
    "links": "",
    "footer_note": "Texts and drawings were made for this site; facts come from the "
    "partnership’s public pages.",
    "security_contact": "security@example.org",
    "is_demonstration": True,
}

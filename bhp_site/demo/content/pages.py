"""The standard pages. What they say about this site is true of this site."""

from .shapes import Date, StandardPage, Statement, bullets, figure, heading, paragraph, table

ABOUT = StandardPage(
    title="About",
    slug="about",
    summary="Many organisations, one plan for research, and the people of one region in mind.",
    body=(
        paragraph(
            "Birmingham Health Partners brings together NHS trusts, universities and a "
            "health innovation network. Each is independent. Together they decide what to study, "
            "share what a study needs, and see to it that the answer changes care.",
            "The agreement to found the partnership was announced on 1 December 2011. "
            '<a href="/partners/">Meet the partners</a>, and see who they were on any day.',
        ),
        figure("nine-rings.png", "Nine members by March 2025."),
        heading("What we work on"),
        table(
            "Priorities, and what each asks",
            ("Priority", "The question"),
            ("Cancer outcomes", "How long, and how well, do people live after a diagnosis?"),
            (
                "Inflammation and chronic disease",
                "What do illnesses that clinics keep apart have in common?",
            ),
            (
                "Maternal health and perinatal mortality",
                "How can every birth be safe for mother and baby?",
            ),
            ("Mental health", "How soon does help come, and for whom?"),
        ),
        paragraph(
            "Themes cut across the priorities, among them clinical trials, early detection and "
            "diagnosis, and health inequalities.",
        ),
        heading("About this site"),
        paragraph(
            "This is a demonstration. Its texts, drawings and documents were made for it, from "
            "facts that the partnership and its members have published. Where only a month or a "
            "year is known, the site gives no day. It speaks for nobody, and it asks search "
            "engines to stay away.",
        ),
    ),
)

ACCESSIBILITY = Statement(
    title="Accessibility statement",
    slug="accessibility",
    summary="How accessible this site is, what we know to be wrong, and how to get help.",
    scope="<p>This demonstration is not the site of a public body, and nobody has to publish a "
    "statement for it. The page shows what such a statement says, and what it lists is true of "
    "the files here.</p>",
    intro="<p>This website is meant for everybody. You should be "
    "able to:</p>"
    + bullets(
        "enlarge the text to four times its size without losing any of it",
        "use everything with a keyboard alone, and always see where you are",
        "use everything with a screen reader",
        "read it in a light or a dark scheme, in high contrast, or on paper",
        "do all of this without JavaScript",
    ),
    improving="<p>Every PDF is checked before it is published. Whoever publishes one that some "
    "people cannot use has to say why, and the reason stands beside it in the list above until a "
    "better file takes its place.</p>",
    testing="<p>Every kind of page is checked by the rules of axe whenever the site’s software is "
    "changed, in the light and the dark scheme and at three widths. Searching, filtering and "
    "downloading are also tested with the keyboard and without JavaScript. Automatic checks find "
    "a part of all faults, which is why we ask you to report what they miss.</p>",
    prepared_on=Date(2026, 11, 24),
)

PRIVACY = StandardPage(
    title="Privacy",
    slug="privacy",
    summary="No cookies for those who read, no tracking, and nothing loaded from anywhere else.",
    body=(
        paragraph(
            "You can read everything on this site without giving us anything. There is no banner "
            "to click away, because there is nothing to consent to.",
        ),
        heading("What we do not do"),
        paragraph(
            bullets(
                "We set no cookies and store nothing on your device while you read. A form that "
                "can be sent to us sets one, so that nobody else sends it in your name. It goes "
                "when you close the browser.",
                "We do not follow you or build a profile of you.",
                "We load nothing from other sites: fonts, pictures and styles are our own.",
                "A video is a plain link. Nothing comes from its maker until you follow it.",
            )
        ),
        heading("What happens when you visit"),
        paragraph(
            "As with every website, your browser sends its address and the page it asks for, or "
            "nothing could be sent back. Whoever runs the server may keep a log of such requests "
            "for a short time to find faults and fend off attacks. This site counts how "
            "often each file is downloaded on a day, and keeps nothing about who did.",
            "What you type into the search box is used to answer your search, and is not kept with "
            "anything that identifies you.",
        ),
        heading("If you write to us"),
        paragraph(
            "We use your message and your address to answer, and for nothing else. The addresses "
            "on this demonstration end in example.org, and mail to them is not delivered.",
        ),
        heading("If you ask for an accessible copy or report a problem"),
        paragraph(
            "We keep what you write in the form: the format you need and, where you give them, "
            "your name, your e-mail address, your words and what you use to read the site. Those "
            "who edit this site can see them, and nobody else. A message by e-mail tells you that "
            "your request has come.",
            "A year after your request is closed, your name, your address, your words and our "
            "answer are deleted by themselves. That somebody asked for a document, in which format "
            "and when, is kept, so that we know what people need. If you want us to delete "
            "everything sooner, tell us the reference of your request.",
            "To keep programs from filling the form, the site counts for an hour how many requests "
            "come from one connection. It cannot tell afterwards which connection that was.",
        ),
        heading("Those who edit the site"),
        paragraph(
            "Editors sign in. For them, and only for them, the site sets the cookies that a "
            "sign-in needs, and records who changed what.",
        ),
    ),
)

CONTACT = StandardPage(
    title="Contact",
    slug="contact",
    summary="Where to write, and when to expect an answer.",
    body=(
        heading("General questions"),
        paragraph('<a href="mailto:hello@example.org">hello@example.org</a>'),
        heading("Press"),
        paragraph(
            '<a href="mailto:press@example.org">press@example.org</a>. Please say which '
            "announcement your question is about, and by when you need an answer.",
        ),
        heading("Accessible copies and problems with this site"),
        paragraph(
            "Below every download a link leads to the form for another format, and at the foot of "
            'every page one to <a href="/accessibility-problem/">report a problem</a>. Or write to '
            '<a href="mailto:access@example.org">access@example.org</a>. We aim to reply within 15 '
            "working days.",
        ),
        heading("Please note"),
        paragraph(
            "This is a demonstration, and these addresses receive no mail. The partnership’s own "
            "addresses are on its own site. For medical advice, please speak to your pharmacist or "
            'general practice, or use <a href="https://111.nhs.uk/">NHS 111</a>.',
        ),
    ),
)

PAGES = (ABOUT, ACCESSIBILITY, PRIVACY, CONTACT)

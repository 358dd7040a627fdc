"""Texts of the pages that every site needs, without Django.

What they say about the software is true of each site. What an editor has to enter or decide is in
square brackets.
"""

# A type of block, and its text or HTML.
Block = tuple[str, str]


def heading(text: str) -> Block:
    """Return a heading block."""
    return "heading", text


def paragraph(*parts: str) -> Block:
    """Return a rich text block; a part without a block-level tag becomes a paragraph."""
    tags = ("<ul", "<ol", "<p>")
    return "paragraph", "".join(p if p.startswith(tags) else f"<p>{p}</p>" for p in parts)


def bullets(*items: str) -> str:
    """Return a bulleted list as HTML, for `paragraph`."""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


STATEMENT_TITLE, STATEMENT_SLUG = "Accessibility statement", "accessibility"
STATEMENT_SUMMARY = "How accessible this website is, what does not work yet, and how to get help."
STATEMENT = {
    "intro": "<p>We want as many people as possible to be able to use this website. You should be "
    "able to:</p>"
    + bullets(
        "enlarge the text to four times its size without losing any of it",
        "use every page with a keyboard alone, and always see where you are",
        "use every page with a screen reader",
        "read it in a light or dark colour scheme, in high contrast, or in print",
        "do all of this without JavaScript",
    ),
    "improving": "<p>Every PDF is checked before it is published. If we have to publish one that "
    "some people cannot use, we say why on this page, and replace it as soon as a better version "
    "is ready.</p>",
    "testing": "<p>Whenever the website’s software changes, every type of page is checked with "
    "axe, in the light and the dark colour scheme and at three widths. Search, filters and "
    "downloads are also tested with a keyboard and without JavaScript. Automatic checks cannot "
    "find every problem, so please tell us about anything that does not work for you.</p>",
}
PRIVACY_SUMMARY = (
    "We set no cookies while you read, we do not track you, and we load nothing from other sites."
)
# What the software does with personal data.
PRIVACY: tuple[Block, ...] = (
    paragraph(
        "You can read everything on this website without giving us any information about "
        "yourself. There is no cookie banner, because there is nothing to consent to.",
    ),
    heading("Cookies and tracking"),
    paragraph(
        bullets(
            "We set no cookies and store nothing on your device while you read.",
            "A page with a form sets one cookie, which stops others from sending the form in "
            "your name. It is deleted when you close your browser.",
            "We do not track you or build a profile of you.",
            "We load nothing from other sites. Our fonts, images and styles are our own.",
            "Videos are links. Nothing is loaded from a video site until you follow one.",
        )
    ),
    heading("When you visit"),
    paragraph(
        "Your browser sends our server your internet address and the address of the page you "
        "want. The server may keep a log of these requests for a short time, to find faults "
        "and to stop attacks.",
        "We count how often each document is downloaded on each day. We do not record who "
        "downloaded it. What you search for is not stored with anything that identifies you.",
    ),
    heading("If you write to us"),
    paragraph(
        "We use your message and your e-mail address to answer you, and for nothing else.",
    ),
    heading("If you ask for an accessible copy or report a problem"),
    paragraph(
        "We keep what you enter in the form: the format you need and, if you give them, your "
        "name, your e-mail address, your message and the technology you use. Only the editors "
        "of this website can see it. We send you an e-mail to confirm that we have received "
        "your request.",
        "A year after we close your request we delete your name, your e-mail address, your "
        "message and our answer. We keep the document, the format and the date, so that we "
        "know what people need. If you want us to delete everything sooner, tell us the "
        "reference of your request.",
        "To prevent abuse, we count for one hour how many requests come from the same "
        "connection. After that we cannot tell which connection it was.",
    ),
    heading("If you get e-mail alerts"),
    paragraph(
        "We keep your e-mail address, the topics and the frequency that you chose, and what "
        "you agreed to and when. Our legal basis is your consent. If you do not confirm your "
        "address, we delete it after 7 days. If our e-mails cannot be delivered, we stop "
        "them, and delete your address after 30 days.",
        "We record for 60 days which alerts we sent you, so that you get each one once. The "
        "e-mails contain no images and no tracking. We do not know whether you open them.",
        "Every e-mail has a link with which you can change what you get, download what we "
        "store about you, and stop the e-mails. If you stop them, we delete everything at "
        "once.",
    ),
    heading("If you are on our press list"),
    paragraph(
        "If you are a journalist, we may keep your name, your outlet, your e-mail address, "
        "where we got it, the date of our last contact and short notes, so that we can send "
        "you news about health research. Our legal basis is our legitimate interest in "
        "informing the public through the press.",
        "If we send you a release before it is published, we keep for a year that we did. We "
        "do not record whether you open it.",
        "We review entries without contact for two years. You can object, see your entry or "
        "have it deleted at any time: write to our press contact.",
    ),
    heading("If you read a draft that somebody sent you"),
    paragraph(
        "We count how often the address you were sent was opened, and store nothing about "
        "who opened it. If you leave a comment, only the editors see it and the name you "
        "enter. Both are deleted at the latest a month after the address has ended. An "
        "address with a password sets a cookie for twelve hours, so that you need not enter "
        "the password again.",
    ),
    heading("If we ask you to approve your words or a page"),
    paragraph(
        "We use your e-mail address to send you the request and at most two reminders. Your "
        "answer, its time and the text it is about stay with the page, as evidence that you "
        "agreed. Three months after the request has ended we delete the request with your "
        "address, your comments and the words you suggested.",
    ),
    heading("If you have an account to edit this website"),
    paragraph(
        "We keep your name, your e-mail address and what you change on the website. For you "
        "alone, the website sets cookies: one keeps you signed in, and one remembers for a year "
        "that you have signed in with this browser before.",
        "We record each time somebody signs in to your account or fails to, and each change of "
        "its address, password, role and second step, with the time and the internet address. We "
        "need this to notice when somebody else uses your account. Our legal basis is our "
        "legitimate interest in a safe website. Only administrators see it, and you see your own "
        "part. We delete it after a year.",
        "To stop guessing, we count failed attempts for each account and connection. After a day "
        "without any we delete the count.",
        "If you sign in through your organisation, it tells us your name, your e-mail address and "
        "your role. We keep the number under which it knows you until your account is deleted.",
    ),
)
CONTROLLER: tuple[Block, ...] = (
    heading("Who is responsible"),
    paragraph(
        "[Name and address of the organisation] is the controller of the personal data described "
        "here. Our data protection officer is [name, e-mail address].",
    ),
)
RIGHTS: tuple[Block, ...] = (
    heading("Your rights"),
    paragraph(
        "You can ask us what we store about you, and ask us to correct it, delete it or stop "
        "using it. Write to [e-mail address]. If you are not content with our answer, you can "
        'complain to the <a href="https://ico.org.uk/make-a-complaint/">Information '
        "Commissioner’s Office</a>.",
        "[How long your backups and the logs of your server are kept.]",
    ),
)
CONTACT: tuple[Block, ...] = (
    heading("General enquiries"),
    paragraph(
        "Write to [e-mail address] if you have a question about our work, or cannot find what "
        "you are looking for.",
    ),
    heading("Press"),
    paragraph(
        "Journalists can write to [e-mail address] or call [number]. Please tell us which "
        "announcement you are writing about, and your deadline.",
    ),
    heading("Accessible copies and problems with this website"),
    paragraph(
        "You can ask for any document in another format: follow the link below the download. If "
        'something on this website does not work for you, <a href="/accessibility-problem/">'
        "report the problem</a>.",
    ),
)

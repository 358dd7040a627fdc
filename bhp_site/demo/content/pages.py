"""The standard pages. What they say about this site is true of this site."""

from .shapes import Date, StandardPage, Statement, bullets, figure, heading, paragraph, table

ABOUT = StandardPage(
    title="About",
    slug="about",
    summary="Birmingham Health Partners brings NHS trusts and universities together so that people "
    "are born well, live well and die well.",
    body=(
        paragraph(
            "Birmingham Health Partners (BHP) is a partnership of NHS trusts, universities and a "
            "health innovation network in the Birmingham region. We plan research together, share "
            "what it takes to carry it out, and bring what we learn into everyday care.",
            "The region has a large, young and diverse population. The problems it faces, among "
            "them health inequalities, chronic disease and multimorbidity, are shared by cities "
            "across the country and around the world. What helps here can help elsewhere.",
        ),
        figure("nine-rings.png", "Nine organisations work together in the partnership."),
        heading("Our members"),
        paragraph(
            "The agreement to create the partnership was announced on 1 December 2011. From its "
            "founders, the University of Birmingham and the city’s hospitals, it has grown to "
            "nine members: six NHS trusts, two universities and Health Innovation West Midlands.",
            '<a href="/partners/">Meet our members</a> and see when each of them joined.',
        ),
        heading("What we work on"),
        paragraph(
            "Our members share four priorities. Three themes run through all of them: clinical "
            'trials, early detection and diagnosis, and health inequalities. <a href="/themes/">'
            "Read about our priorities and themes</a>.",
        ),
        table(
            "Our four priorities",
            ("Priority", "What we want to achieve"),
            ("Cancer outcomes", "More people live longer and better after a diagnosis"),
            (
                "Inflammation and chronic disease",
                "Long-term conditions are understood and treated together",
            ),
            (
                "Maternal health and perinatal mortality",
                "Pregnancy and birth are safe for every mother and baby",
            ),
            ("Mental health", "Help comes early, and suits the person"),
        ),
        heading("How we work"),
        paragraph(
            "Each member remains independent, with its own board and its own duties. Together we "
            "can do what none of us could do alone:",
            bullets(
                "<b>Clinical trials.</b> We help studies to open in more places and to include "
                "more people.",
                "<b>Training.</b> Our Starter Fellowships have given clinicians time for research "
                "since 2014.",
                "<b>Health data.</b> We support the safe use of data to answer questions that "
                "matter to patients.",
                "<b>Policy.</b> Our reports make the case for change, for example on medicines "
                "for use in pregnancy.",
                "<b>Industry.</b> We have agreed with the associations of the pharmaceutical and "
                "health technology industries how to work together.",
            ),
        ),
        heading("Who leads the partnership"),
        paragraph(
            '<a href="/people/neil-hanley/">Professor Neil Hanley</a> is Executive Director and '
            '<a href="/people/lorraine-harper/">Professor Lorraine Harper</a> is Managing '
            'Director. <a href="/people/">See everyone who leads the partnership</a>.',
        ),
    ),
)

ACCESSIBILITY = Statement(
    title="Accessibility statement",
    slug="accessibility",
    summary="How accessible this website is, what does not work yet, and how to get help.",
    scope="",
    intro="<p>We want as many people as possible to be able to use this website. You should be "
    "able to:</p>"
    + bullets(
        "enlarge the text to four times its size without losing any of it",
        "use every page with a keyboard alone, and always see where you are",
        "use every page with a screen reader",
        "read it in a light or dark colour scheme, in high contrast, or in print",
        "do all of this without JavaScript",
    ),
    improving="<p>Every PDF is checked before it is published. If we have to publish one that some "
    "people cannot use, we say why on this page, and replace it as soon as a better version is "
    "ready.</p>",
    testing="<p>Whenever the website’s software changes, every type of page is checked with axe, "
    "in the light and the dark colour scheme and at three widths. Search, filters and downloads "
    "are also tested with a keyboard and without JavaScript. Automatic checks cannot find every "
    "problem, so please tell us about anything that does not work for you.</p>",
    prepared_on=Date(2026, 11, 24),
)

PRIVACY = StandardPage(
    title="Privacy",
    slug="privacy",
    summary="We set no cookies while you read, we do not track you, and we load nothing from other "
    "sites.",
    body=(
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
        heading("Editors"),
        paragraph(
            "Editors sign in. For them alone, the website sets the cookies that signing in needs, "
            "and records who changed what.",
        ),
    ),
)

CONTACT = StandardPage(
    title="Contact",
    slug="contact",
    summary="How to reach us about our work, for the press, or for help with this website.",
    body=(
        heading("General enquiries"),
        paragraph(
            'Write to <a href="mailto:hello@example.org">hello@example.org</a> if you have a '
            "question about the partnership, would like to work with us, or cannot find what you "
            "are looking for. If your question is about the care at one hospital, please contact "
            'that <a href="/partners/">member</a> directly.',
        ),
        heading("Press"),
        paragraph(
            'Journalists can write to <a href="mailto:press@example.org">press@example.org</a>. '
            "Please tell us which announcement you are writing about, and your deadline.",
        ),
        heading("Taking part in research"),
        paragraph(
            "If you would like to take part in a clinical trial, ask the team that looks after "
            "you which studies are open. They know your health and can tell you what taking part "
            "involves.",
        ),
        heading("Accessible copies and problems with this website"),
        paragraph(
            "You can ask for any document in another format: follow the link below the download. "
            "If something on this website does not work for you, "
            '<a href="/accessibility-problem/">report the problem</a> or write to '
            '<a href="mailto:access@example.org">access@example.org</a>. We aim to reply within '
            "15 working days.",
        ),
        heading("Medical advice"),
        paragraph(
            "We cannot give medical advice. Please speak to your pharmacist or your general "
            'practice, or use <a href="https://111.nhs.uk/">NHS 111</a>. In an emergency call 999.',
        ),
    ),
)

DEMONSTRATION = StandardPage(
    title="About this demonstration",
    slug="about-this-demonstration",
    summary="This site shows what a website for Birmingham Health Partners could look like; it is "
    "not the partnership’s own website.",
    body=(
        paragraph(
            "Names, roles, numbers and titles come from public pages of Birmingham Health Partners "
            "and its members. All other words, pictures and documents were made for this site. "
            "This page lists what is assumed or invented. Search engines are asked to leave the "
            "site out.",
        ),
        heading("Dates"),
        paragraph(
            "These dates are not known. The site assumes them:",
            bullets(
                "2021 as the year in which the Royal Orthopaedic Hospital and Aston University "
                "joined; public pages show only that it was between September 2020 and August 2022",
                "2022 as the year of publication of the report of activity and of the five-year "
                "strategy",
                "2022 as the year of the award to the Biomedical Research Centre",
                "2023 as the year of the Mental Health Mission’s award",
                "2024 as the year in which the Commercial Research Delivery Centre was announced",
                "2022 as the latest year in which Ed Smith became chair and left NHS Improvement",
                "February 2017 as the month in which Birmingham Women’s and Children’s was formed",
            ),
        ),
        heading("News"),
        paragraph(
            bullets(
                "The call for Starter Fellowships is an example. Its dates and conditions are "
                "invented, and you cannot apply.",
                "The tenth anniversary of the Starter Fellowships follows from their start in "
                "2014; no such announcement is known.",
                "The links between announcements, partners and themes are our choice.",
            ),
        ),
        heading("Quotations"),
        paragraph(
            bullets(
                "Ed Smith and Professor David Adams are quoted with single clauses that they have "
                "published, and with the roles they held at the time.",
                "The “Statement of the demonstration” is ours. No person has said it.",
            ),
        ),
        heading("Documents and pictures"),
        paragraph(
            bullets(
                "The PDFs carry the titles of real publications, but they are not those "
                "publications. Their words are ours, and each is marked as a demonstration "
                "document.",
                "The pictures were drawn for this site and show no real person or place.",
                "People have no portraits. The site shows their initials instead.",
            ),
        ),
        heading("Contact and law"),
        paragraph(
            bullets(
                "The e-mail addresses end in example.org. Messages to them are not delivered.",
                "The accessibility statement has the form that the law asks of public bodies. "
                "This site is not run by one. What the statement lists is true of this site.",
            ),
        ),
    ),
)

PAGES = (ABOUT, ACCESSIBILITY, PRIVACY, CONTACT, DEMONSTRATION)

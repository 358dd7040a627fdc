"""The standard pages. What they say about this site is true of this site."""

from bhp_site.home import starting_texts

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
    title=starting_texts.STATEMENT_TITLE,
    slug=starting_texts.STATEMENT_SLUG,
    summary=starting_texts.STATEMENT_SUMMARY,
    scope="",
    prepared_on=Date(2026, 11, 24),
    **starting_texts.STATEMENT,
)

PRIVACY = StandardPage(
    title="Privacy",
    slug="privacy",
    summary=starting_texts.PRIVACY_SUMMARY,
    body=starting_texts.PRIVACY,
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

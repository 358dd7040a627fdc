"""Everything the site does periodically, on one screen. `manage.py schedule` runs it.

Jobs must be quick. What takes longer is a task (`@task(backend="database")`), which a job enqueues.
"""

from bhp_site.alerts.bounces import read_bounces
from bhp_site.alerts.distribution import enqueue_weekly
from bhp_site.alerts.purging import purge_alerts
from bhp_site.content_audit import link_check_job, link_collector, reminders
from bhp_site.core.images.renditions import enqueue_missing_renditions
from bhp_site.core.publishing.scheduled import publish_due
from bhp_site.draft_links.links import delete_outdated_links
from bhp_site.enquiries.purging import purge_outdated
from bhp_site.files.page_text import enqueue_unread_versions
from bhp_site.files.versions.publication_records import record_publications
from bhp_site.files.virus_scan.scanning import enqueue_scans
from bhp_site.press.packs.archive import delete_unused_packs
from bhp_site.press.sending.recipients import delete_outdated_recipients
from bhp_site.search.indexing import enqueue_missing_objects
from bhp_site.search.query_counts import delete_old_counts
from bhp_site.sharing.card_updates import enqueue_due_cards
from bhp_site.sign_in.attempts import delete_old_counters
from bhp_site.sign_in.events import delete_old_events
from bhp_site.sign_in.invitations import delete_old_invitations
from bhp_site.sign_in.sessions import delete_expired_sessions
from bhp_site.sign_off.requests import send_reminders
from bhp_site.sign_off.retention import delete_outdated_personal_data
from bhp_site.tasks.cleanup import delete_finished_tasks
from bhp_site.tasks.scheduler import Job
from reports.drafting import give_up_stale_jobs

TEN_SECONDS, MINUTE, HOUR, DAY = 10, 60, 60 * 60, 24 * 60 * 60

JOBS = [
    Job("Publish and unpublish scheduled pages", publish_due, TEN_SECONDS),
    Job("Give up drafting jobs whose worker has stopped", give_up_stale_jobs, MINUTE),
    Job("Index what is not in the search index", enqueue_missing_objects, MINUTE),
    Job("Draw cards that are due", enqueue_due_cards, MINUTE),
    Job("Check links to other sites", link_check_job.enqueue_next_check, TEN_SECONDS),
    Job("Scan uploads for viruses", enqueue_scans, MINUTE),
    Job("Read the text of documents", enqueue_unread_versions, HOUR),
    Job("Convert images that lack a format", enqueue_missing_renditions, HOUR),
    Job("Remind editors of pages to review", reminders.send_due_reminders, HOUR),
    Job("Write weekly e-mail alerts", enqueue_weekly, HOUR),
    Job("Read reports of e-mail alerts that were not delivered", read_bounces, HOUR),
    Job("Delete finished tasks", delete_finished_tasks, HOUR),
    Job("Collect links to other sites", link_collector.enqueue_collection, DAY),
    Job("Record when documents became public", record_publications, DAY),
    Job("Delete old counts of searches", delete_old_counts, DAY),
    Job("Remind people of sign-offs", send_reminders, HOUR),
    Job("Delete personal data of ended sign-offs", delete_outdated_personal_data, DAY),
    Job("Forget old attempts at passwords", delete_old_counters, DAY),
    Job("Delete old sign-ins from the log of accounts", delete_old_events, DAY),
    Job("Delete expired sessions", delete_expired_sessions, DAY),
    Job("Delete invitations that expired long ago", delete_old_invitations, DAY),
    Job("Delete links to drafts that ended long ago", delete_outdated_links, DAY),
    Job("Delete unused press packs", delete_unused_packs, DAY),
    Job("Delete to whom releases were sent long ago", delete_outdated_recipients, DAY),
    Job("Delete personal data of closed enquiries", purge_outdated, DAY),
    Job("Delete outdated data of e-mail alerts", purge_alerts, DAY),
]

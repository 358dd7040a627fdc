"""Tests that `make test` runs on PostgreSQL, too; `make test-all` runs all there.

They are those whose result can differ: search, locks, constraints, JSON, transactions, publishing,
concurrency, visibility, and characters that PostgreSQL refuses. Of a file in which few depend on
SQL of our own, those few are named; each file that writes in a way of its own has one at least.
"""

# Files and folders → names of tests without “test_”, all if there are none.
TESTS: dict[str, list[str]] = {
    "tests/alerts/test_kills.py": [],
    "tests/alerts/test_sending.py": [
        "nothing_is_written_before_the_commit",
        "an_item_goes_to_a_subscriber_once",
        "a_release_is_one_email_to_who_follows_both",
        "themes_partners_and_series_can_be_followed",
        "a_weekly_email_has_all_of_the_week",
    ],
    "tests/backups": [],
    "tests/content_audit/test_link_checks.py": [
        "links_are_found_wherever_editors_write_them",
        "links_are_checked_one_at_a_time_and_once_a_week",
        "another_scheduler_does_not_ask_the_same",
        "links_that_no_page_has_any_more_are_deleted",
    ],
    "tests/core/test_aliases.py": [],
    "tests/core/test_characters.py": [],
    "tests/core/test_database_version.py": [],
    "tests/core/test_deleting.py": [],
    "tests/core/test_images.py": [
        "every_size_and_format_is_made_once",
        "sizes_that_are_made_again_are_no_more",
        "a_picture_replaced_meanwhile_keeps_its_own_sizes",
        "images_without_a_task_are_found",
        "the_picture_of_a_hidden_page_is_not",
        "a_portrait_is_public_while_a_page_quotes_its_person",
        "a_portrait_is_public_with_the_page_of_its_person",
    ],
    "tests/core/test_invalidation.py": [],
    "tests/core/test_live_revisions.py": [],
    "tests/core/test_mail_queue.py": [],
    "tests/core/test_monitoring.py": [
        "a_site_in_order_is_ready",
        "each_part_that_fails_is_named_and_no_more_is_told",
        "processes_that_hang_and_late_jobs_are_named",
        "metrics_tell_what_is_worth_an_alert",
    ],
    "tests/core/test_publishing.py": [],
    "tests/core/test_rendition_races.py": [],
    "tests/core/test_slugs.py": [],
    "tests/core/test_unpublishing.py": [
        "a_removed_page_answers_410_with_the_reason",
        "a_removed_page_is_public_again_once_published",
        "a_redirect_leads_on_until_the_page_is_published_again",
        "several_pages_get_one_notice",
        "pages_below_are_unpublished_too_if_asked",
        "an_expired_page_has_its_notice",
        "an_expired_page_stays_withdrawn",
        "a_withdrawn_page_is_in_no_list_and_no_feed",
        "a_withdrawn_report_is_not_the_latest",
        "a_withdrawn_page_is_found_last",
        "publishing_a_withdrawn_page_puts_it_back",
    ],
    "tests/core/test_visibility.py": [],
    "tests/core/test_visibility_trees.py": [],
    "tests/enquiries/test_forms.py": [
        "a_request_becomes_one_that_is_tracked",
        "a_problem_is_tracked_too",
        "whatever_is_written_is_kept_as_words",
        "copies_of_withdrawn_or_unknown_documents_cannot_be_requested",
    ],
    "tests/enquiries/test_outbox.py": [],
    "tests/enquiries/test_purging.py": [],
    "tests/files/test_collection_moves.py": [],
    "tests/files/test_deletion.py": [
        "what_a_live_page_uses_stays",
        "of_several_that_are_ticked_none_goes_where_one_is_used",
        "a_draft_that_offers_it_is_named_too",
        "what_a_scheduled_page_will_use_stays",
        "a_portrait_and_the_image_of_the_settings_stay",
    ],
    "tests/files/test_download_counts.py": [],
    "tests/files/test_duplicates.py": [],
    "tests/files/test_matrix.py": [],
    "tests/files/test_proposals.py": [
        "an_editor_proposes_and_a_publisher_accepts",
        "a_proposal_is_decided_once",
        "accepting_keeps_what_others_have_saved_meanwhile",
        "what_is_no_longer_valid_is_not_accepted",
        "an_image_is_proposed_with_its_file",
        "proposals_are_seen_by_those_concerned",
        "who_may_no_longer_view_a_document_sees_no_proposal_about_it",
        "publishing_is_a_permission_on_a_collection",
        "proposals_are_counted_in_the_menu",
        "a_row_that_something_needs_is_not_deleted",
    ],
    "tests/files/test_replacement.py": [
        "nothing_is_public_before_the_differences_were_shown",
        "a_version_that_came_in_between_is_compared_first",
        "a_confirmation_covers_the_bytes_that_were_shown",
    ],
    "tests/files/test_stale_saves.py": [],
    "tests/files/test_sweep.py": [],
    "tests/files/test_versions.py": [],
    "tests/home/test_bootstrap.py": [
        "it_makes_home_page_and_indexes",
        "a_second_time_makes_nothing",
        "what_editors_renamed_stays",
    ],
    "tests/news/test_embargo.py": [],
    "tests/news/test_mentions.py": [],
    "tests/news/test_quotes.py": [],
    "tests/news/test_release.py": [
        "publishing_publishes_report_and_quotes",
        "each_is_logged_once_as_the_publishers_doing",
        "the_reports_last_draft_is_what_goes_live",
        "an_unfinished_report_refuses",
        "publishing_again_adds_no_quote_and_no_revision",
        "an_edited_quote_updates_its_page",
        "a_removed_quote_is_hidden",
        "a_quote_put_back_has_its_old_address",
        "two_quotes_by_one_person_have_two_addresses",
        "unpublishing_hides_the_quotes",
        "deleting_deletes_the_quotes",
        "a_scheduled_release_goes_out_at_its_time",
        "a_scheduled_release_that_cannot_go_out_stays_due",
        "expiring_hides_the_quotes",
        "a_quote_left_live_below_a_draft_is_not_visible",
    ],
    "tests/partners/test_people_drafts.py": [
        "an_editors_change_is_a_draft",
        "a_publisher_publishes_person_and_page",
        "submitted_and_approved",
        "an_unpublished_person_is_nowhere_public",
        "a_portrait_in_a_draft_is_private",
        "the_listing_says_what_is_public",
        "the_chooser_offers_drafts_and_says_so",
    ],
    "tests/reports/test_drafting_jobs.py": [
        "others_write_while_a_pdf_is_drafted",
        "a_report_has_one_job_at_a_time",
        "a_job_is_run_once",
        "a_job_whose_process_died_is_told_as_such",
        "what_an_editor_saves_meanwhile_is_kept",
    ],
    "tests/reports/test_series.py": [],
    "tests/scheduling/test_blocked_releases.py": [],
    "tests/scheduling/test_release_warnings.py": [
        "an_editor_who_takes_the_document_off_the_report_is_warned",
    ],
    "tests/search": [],
    "tests/sharing/test_cards.py": [
        "a_task_draws_it_after_publishing",
        "the_card_of_a_hidden_page_is_not_found",
        "a_page_that_changes_while_its_card_is_drawn_is_drawn_again",
        "a_card_is_deleted_with_its_page",
    ],
    "tests/tasks": [],
    "tests/test_site.py": ["it_keeps_its_budget"],
    "tests/upgrades": [],
}


def list_tests() -> list[str]:
    """Return the tests as pytest takes them."""
    return [
        f"{path}::test_{name}" if name else path
        for path, names in TESTS.items()
        for name in names or [""]
    ]

"""What the two ordinary roles may do, given again after each migration by the owner."""

from typing import Any

from django.db import connections

from nexxio.core.db.roles import SITE_ROLE, SYSTEM_ROLE

# Whoever may do what is decided by platform staff, as the system, and inside an organisation by its
# managers: the site writes of these tables only the columns that are named below, so that no
# mistake there can make somebody staff, or a member, or a partner. The policies stand.
_READ_ONLY = (
    "core_user",
    "core_user_groups",
    "core_user_user_permissions",
    "auth_group",
    "auth_group_permissions",
    "django_admin_log",
    "core_organisation",
    "core_membership",
    "core_platformentry",
    "core_partnership",
    "orders_trade",
    "contractors_cause",
    "contractors_blockedthreshold",
    "contractors_landlorddelay",
    "contractors_moneyrule",
    "evaluations_question",
    "evaluations_wording",
    "evaluations_campaign",
    "evaluations_campaignseat",
    "evaluations_ballot",
    "evaluations_result",
    "evaluations_answerstanding",
    "evaluations_givenanswers",
    "evaluations_voice",
    "evaluations_report",
    "evaluations_staffsurvey",
    "evaluations_trainingtally",
    "evaluations_bonusstatement",
    "evaluations_bonusline",
    "evaluations_bonusregularisation",
    "evaluations_impactestimate",
)
# A right to some column is also what locking a row takes.
_OF_A_MEMBER = (
    "department",
    "roles",
    "agency_id",
    "sector_id",
    "phone",
    "spend_limit",
    "is_active",
)
_OF_AN_INVITATION = ("token_hash", "issue", "expires_at", "revoked_at")
# A statement's lines are the clock's; its sums follow what the landlord answers, and it is closed.
_OF_A_STATEMENT = (
    *("bonus", "malus", "perception", "cap", "total"),
    *("closed_at", "closed_by_id", "closed_side"),
)
# A roll-out keeps its perimeter; its day moves with who decided it.
_OF_A_ROLLOUT = (
    *("baseline_on", "starts_on", "decided_by_id", "decided_at"),
    *("cancelled_at", "measured_on"),
)
# What a person changes of his own account by logging in or choosing a password.
_OWN_ACCOUNT = ("password", "last_login", "first_name", "last_name")

_GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {SITE_ROLE}, {SYSTEM_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {SITE_ROLE}, {SYSTEM_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {SITE_ROLE}, {SYSTEM_ROLE};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {SITE_ROLE}, {SYSTEM_ROLE};
REVOKE UPDATE, DELETE ON evaluations_answer FROM {SITE_ROLE};
REVOKE INSERT, UPDATE, DELETE ON core_rate, core_priceindex, core_priceindexvalue,
    core_retentionrule FROM {SITE_ROLE};
REVOKE UPDATE, DELETE ON core_event FROM {SITE_ROLE}, {SYSTEM_ROLE};
REVOKE INSERT, UPDATE, DELETE ON {", ".join(_READ_ONLY)} FROM {SITE_ROLE};
REVOKE UPDATE, DELETE ON evaluations_bonusanswer, evaluations_bonusdocument FROM {SITE_ROLE};
REVOKE UPDATE, DELETE ON evaluations_reviewsignature FROM {SITE_ROLE};
REVOKE UPDATE, DELETE ON evaluations_staffreceipt, evaluations_staffballot FROM {SITE_ROLE};
REVOKE UPDATE, DELETE ON evaluations_voicereport FROM {SITE_ROLE};
REVOKE UPDATE, DELETE ON evaluations_peerreference, evaluations_peercontact FROM {SITE_ROLE};
GRANT UPDATE (asked_at, asked_by_id, withdrawn_at) ON evaluations_givenanswers TO {SITE_ROLE};
GRANT UPDATE (withdrawn_at) ON evaluations_peerreference TO {SITE_ROLE};
GRANT UPDATE (withdrawn_at, name, phone) ON evaluations_peercontact TO {SITE_ROLE};
REVOKE UPDATE, DELETE ON evaluations_cardreading FROM {SITE_ROLE};
GRANT UPDATE (days, seen_on, understood_at) ON evaluations_cardreading TO {SITE_ROLE};
REVOKE UPDATE, DELETE ON evaluations_ownquestion FROM {SITE_ROLE};
GRANT UPDATE (ends_on) ON evaluations_ownquestion TO {SITE_ROLE};
REVOKE UPDATE, DELETE ON evaluations_rollout, evaluations_impactnote FROM {SITE_ROLE};
GRANT UPDATE ({", ".join(_OF_A_ROLLOUT)}) ON evaluations_rollout TO {SITE_ROLE};
GRANT UPDATE (withdrawn_at, withdrawn_by_id) ON evaluations_impactnote TO {SITE_ROLE};
REVOKE DELETE ON evaluations_thanks, evaluations_review, evaluations_reviewpoint,
    evaluations_reviewdecision, evaluations_peerrule, orders_liftingrecord FROM {SITE_ROLE};
REVOKE UPDATE, DELETE ON evaluations_pilotdecision, evaluations_clauseannex FROM {SITE_ROLE};
REVOKE DELETE ON evaluations_need, evaluations_pilot FROM {SITE_ROLE};
GRANT UPDATE ({", ".join(_OF_A_STATEMENT)}) ON evaluations_bonusstatement TO {SITE_ROLE};
GRANT UPDATE ({", ".join(_OWN_ACCOUNT)}) ON core_user TO {SITE_ROLE};
GRANT UPDATE ({", ".join(_OF_A_MEMBER)}) ON core_membership TO {SITE_ROLE};
GRANT UPDATE (ended_at, ended_by_id) ON core_platformentry TO {SITE_ROLE};
REVOKE UPDATE, DELETE ON core_invitation FROM {SITE_ROLE};
GRANT UPDATE ({", ".join(_OF_AN_INVITATION)}) ON core_invitation TO {SITE_ROLE};
"""

# Platform staff who look into an organisation's space write nothing there, whatever code asks: one
# trigger per table behind walls, made here so that no table of any app can be forgotten.
_LOOK_ONLY = """
DO $$
DECLARE found name;
BEGIN
    FOR found IN
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
          AND to_regproc('nexxio_look_only') IS NOT NULL
          AND (c.relrowsecurity OR c.relname = 'core_user')
          AND NOT EXISTS (SELECT 1 FROM pg_trigger t
                          WHERE t.tgrelid = c.oid AND t.tgname = 'nexxio_look_only')
    LOOP
        EXECUTE format('CREATE TRIGGER nexxio_look_only BEFORE INSERT OR UPDATE OR DELETE ON %I'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION nexxio_look_only()', found);
    END LOOP;
END $$;
"""


def grant(*, using: str, **_kwargs: Any) -> None:
    """Give the site and the system role their rights on every table, and guard it. Idempotent."""
    with connections[using].cursor() as cursor:
        cursor.execute(_GRANTS)
        cursor.execute(_LOOK_ONLY)

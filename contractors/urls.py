"""Addresses of invoices and blocks: French nouns for people, English names in code."""

from django.urls import path

from contractors.views import (
    accounts,
    bank,
    billing,
    blocks,
    claims,
    credits,
    digest,
    final_accounts,
    imputations,
    invoices,
    money,
    papers,
    paying,
    proofs,
    received,
    retentions,
    subcontracts,
    transfers,
)

app_name = "contractors"

_L = "bailleur/<slug:org>"
_C = "prestataire/<slug:org>"

urlpatterns = [
    path(f"{_L}/factures/", invoices.landlord_list, name="landlord_invoices"),
    path(f"{_L}/factures/vues/", invoices.landlord_views, name="landlord_invoice_views"),
    path(
        f"{_L}/factures/vues/<uuid:pk>/<slug:action>/",
        invoices.landlord_view,
        name="landlord_invoice_view",
    ),
    path(f"{_L}/factures/export.csv", invoices.landlord_export, name="landlord_invoices_export"),
    path(
        f"{_L}/factures/export.xlsx",
        invoices.landlord_workbook,
        name="landlord_invoices_workbook",
    ),
    path(f"{_L}/factures/lot/", paying.landlord_pay, name="landlord_invoices_pay"),
    path(f"{_L}/factures/interets/", money.landlord_interest, name="landlord_interest"),
    path(f"{_L}/factures/delais/", money.landlord_delays, name="landlord_delays"),
    path(f"{_L}/factures/comptabilite/", accounts.landlord_accounts, name="landlord_accounts"),
    path(
        f"{_L}/factures/comptabilite/<slug:table>.<slug:ending>",
        accounts.landlord_file,
        name="landlord_accounts_file",
    ),
    path(f"{_L}/factures/retenues/", retentions.landlord_retentions, name="landlord_retentions"),
    path(
        f"{_L}/factures/retenues/export.<slug:ending>",
        retentions.landlord_export,
        name="landlord_retentions_file",
    ),
    path(
        f"{_L}/factures/retenues/<uuid:pk>/<slug:action>/",
        retentions.landlord_act,
        name="landlord_retention_act",
    ),
    path(f"{_L}/factures/imputations/", imputations.landlord_rules, name="landlord_account_rules"),
    path(
        f"{_L}/factures/imputations/<uuid:pk>/terminer/",
        imputations.landlord_end_rule,
        name="landlord_end_account_rule",
    ),
    path(f"{_L}/factures/calendrier/", retentions.landlord_calendar, name="landlord_calendar"),
    path(
        f"{_L}/factures/marches/<uuid:pk>/conditions/",
        retentions.landlord_terms,
        name="landlord_money_terms",
    ),
    path(
        f"{_L}/factures/marches/<uuid:pk>/avance/",
        retentions.landlord_advance,
        name="landlord_advance",
    ),
    path(
        f"{_L}/factures/sous-traitants/<uuid:pk>/",
        subcontracts.landlord_page,
        name="landlord_subcontract",
    ),
    path(
        f"{_L}/factures/pieces/<uuid:pk>/",
        invoices.landlord_piece,
        name="landlord_suspension_file",
    ),
    path(
        f"{_L}/factures/sous-traitants/<uuid:pk>/acte.pdf",
        subcontracts.landlord_file,
        name="landlord_subcontract_file",
    ),
    path(
        f"{_L}/factures/sous-traitants/<uuid:pk>/<slug:action>/",
        subcontracts.landlord_act,
        name="landlord_subcontract_act",
    ),
    path(
        f"{_L}/factures/decomptes/<uuid:pk>/",
        final_accounts.landlord_page,
        name="landlord_final_account",
    ),
    path(
        f"{_L}/factures/decomptes/<uuid:pk>/decompte.pdf",
        final_accounts.landlord_file,
        name="landlord_final_account_file",
    ),
    path(
        f"{_L}/factures/decomptes/<uuid:pk>/<slug:action>/",
        final_accounts.landlord_act,
        name="landlord_final_account_act",
    ),
    path(f"{_L}/factures/deposer/", received.landlord_send, name="landlord_send_invoice"),
    path(f"{_L}/factures/recues/", received.landlord_inbox, name="landlord_inbox"),
    path(f"{_L}/factures/recues/<uuid:pk>/", received.landlord_page, name="landlord_received"),
    path(
        f"{_L}/factures/recues/<uuid:pk>/fichier",
        received.landlord_file,
        name="landlord_received_file",
    ),
    path(
        f"{_L}/factures/recues/<uuid:pk>/<slug:action>/",
        received.landlord_act,
        name="landlord_received_act",
    ),
    path(f"{_L}/factures/<uuid:pk>/", invoices.landlord_page, name="landlord_invoice"),
    path(
        f"{_L}/factures/<uuid:pk>/facture.pdf", invoices.landlord_pdf, name="landlord_invoice_pdf"
    ),
    path(
        f"{_L}/factures/<uuid:pk>/statut-<slug:reached>.xml",
        invoices.landlord_message,
        name="landlord_invoice_message",
    ),
    path(
        f"{_L}/factures/<uuid:pk>/<slug:action>/",
        invoices.landlord_act,
        name="landlord_invoice_act",
    ),
    path(f"{_L}/dossiers/demander/<uuid:pk>/", proofs.landlord_ask, name="landlord_ask_proof"),
    path(f"{_L}/dossiers/<uuid:pk>/dossier.pdf", proofs.landlord_file, name="landlord_proof"),
    path(f"{_L}/point-du-matin/", digest.landlord_digest, name="landlord_digest"),
    path(f"{_L}/facturation/", billing.landlord_billing, name="landlord_billing"),
    path(f"{_L}/blocages/evolution/", blocks.landlord_trend, name="landlord_trend"),
    path(f"{_L}/attestations/", papers.landlord_papers, name="landlord_papers"),
    path(f"{_L}/attestations/reglages/", papers.landlord_demand, name="landlord_paper_demand"),
    path(f"{_L}/attestations/<uuid:pk>/", papers.landlord_company, name="landlord_company_papers"),
    path(
        f"{_L}/attestations/pieces/<uuid:pk>/fichier",
        papers.landlord_file,
        name="landlord_paper_file",
    ),
    path(
        f"{_L}/attestations/pieces/<uuid:pk>/<slug:action>/",
        papers.landlord_act,
        name="landlord_paper_act",
    ),
    path(
        f"{_L}/banque/<uuid:pk>/cession/",
        transfers.landlord_note,
        name="landlord_note_transfer",
    ),
    path(
        f"{_L}/cessions/<uuid:pk>/<slug:action>/",
        transfers.landlord_act,
        name="landlord_transfer_act",
    ),
    path(f"{_L}/banque/", bank.landlord_bank, name="landlord_bank"),
    path(f"{_L}/banque/<uuid:pk>/", bank.landlord_company, name="landlord_company_bank"),
    path(
        f"{_L}/banque/comptes/<uuid:pk>/<slug:action>/",
        bank.landlord_act,
        name="landlord_bank_act",
    ),
    path(f"{_L}/blocages/", blocks.landlord_board, name="landlord_blocks"),
    path(f"{_L}/blocages/<uuid:pk>/<slug:action>/", blocks.landlord_act, name="landlord_block_act"),
    path(f"{_C}/factures/", invoices.contractor_list, name="contractor_invoices"),
    path(f"{_C}/factures/vues/", invoices.contractor_views, name="contractor_invoice_views"),
    path(
        f"{_C}/factures/vues/<uuid:pk>/<slug:action>/",
        invoices.contractor_view,
        name="contractor_invoice_view",
    ),
    path(
        f"{_C}/factures/export.csv", invoices.contractor_export, name="contractor_invoices_export"
    ),
    path(
        f"{_C}/factures/preparer/<uuid:pk>/",
        invoices.contractor_prepare,
        name="contractor_prepare",
    ),
    path(
        f"{_C}/factures/decompte/<uuid:pk>/",
        final_accounts.contractor_new,
        name="contractor_final_account_new",
    ),
    path(
        f"{_C}/factures/decomptes/<uuid:pk>/",
        final_accounts.contractor_page,
        name="contractor_final_account",
    ),
    path(
        f"{_C}/factures/decomptes/<uuid:pk>/decompte.pdf",
        final_accounts.contractor_file,
        name="contractor_final_account_file",
    ),
    path(
        f"{_C}/factures/decomptes/<uuid:pk>/<slug:action>/",
        final_accounts.contractor_act,
        name="contractor_final_account_act",
    ),
    path(
        f"{_C}/factures/situation/<uuid:pk>/",
        credits.contractor_situation,
        name="contractor_situation",
    ),
    path(
        f"{_C}/factures/export.xlsx",
        invoices.contractor_workbook,
        name="contractor_invoices_workbook",
    ),
    path(f"{_C}/factures/tresorerie/", money.contractor_forecast, name="contractor_forecast"),
    path(f"{_C}/factures/reclamations/", claims.contractor_claims, name="contractor_claims"),
    path(
        f"{_C}/factures/reclamations/<uuid:pk>/lettre.pdf",
        claims.contractor_letter,
        name="contractor_claim_letter",
    ),
    path(f"{_C}/factures/comptabilite/", accounts.contractor_accounts, name="contractor_accounts"),
    path(
        f"{_C}/factures/comptabilite/<slug:table>.<slug:ending>",
        accounts.contractor_file,
        name="contractor_accounts_file",
    ),
    path(
        f"{_C}/factures/retenues/", retentions.contractor_retentions, name="contractor_retentions"
    ),
    path(
        f"{_C}/factures/retenues/export.<slug:ending>",
        retentions.contractor_export,
        name="contractor_retentions_file",
    ),
    path(
        f"{_C}/factures/marches/<uuid:pk>/sous-traitants/declarer/",
        subcontracts.contractor_declare,
        name="contractor_declare_subcontractor",
    ),
    path(
        f"{_C}/factures/commandes/<uuid:pk>/sous-traitants/",
        subcontracts.contractor_name,
        name="contractor_name_subcontractor",
    ),
    path(
        f"{_C}/factures/commandes/sous-traitants/<uuid:pk>/retirer/",
        subcontracts.contractor_forget,
        name="contractor_forget_subcontractor",
    ),
    path(
        f"{_C}/factures/sous-traitants/<uuid:pk>/",
        subcontracts.contractor_page,
        name="contractor_subcontract",
    ),
    path(
        f"{_C}/factures/pieces/<uuid:pk>/",
        invoices.contractor_piece,
        name="contractor_suspension_file",
    ),
    path(
        f"{_C}/factures/sous-traitants/<uuid:pk>/acte.pdf",
        subcontracts.contractor_file,
        name="contractor_subcontract_file",
    ),
    path(
        f"{_C}/factures/sous-traitants/<uuid:pk>/<slug:action>/",
        subcontracts.contractor_act,
        name="contractor_subcontract_act",
    ),
    path(f"{_C}/factures/deposer/", received.contractor_send, name="contractor_send_invoice"),
    path(f"{_C}/factures/recues/", received.contractor_inbox, name="contractor_inbox"),
    path(f"{_C}/factures/recues/<uuid:pk>/", received.contractor_page, name="contractor_received"),
    path(
        f"{_C}/factures/recues/<uuid:pk>/fichier",
        received.contractor_file,
        name="contractor_received_file",
    ),
    path(
        f"{_C}/factures/recues/<uuid:pk>/<slug:action>/",
        received.contractor_act,
        name="contractor_received_act",
    ),
    path(f"{_C}/factures/<uuid:pk>/", invoices.contractor_page, name="contractor_invoice"),
    path(
        f"{_C}/factures/<uuid:pk>/facture.pdf",
        invoices.contractor_pdf,
        name="contractor_invoice_pdf",
    ),
    path(
        f"{_C}/factures/<uuid:pk>/statut-<slug:reached>.xml",
        invoices.contractor_message,
        name="contractor_invoice_message",
    ),
    path(
        f"{_C}/factures/<uuid:pk>/<slug:action>/",
        invoices.contractor_act,
        name="contractor_invoice_act",
    ),
    path(f"{_C}/dossiers/demander/<uuid:pk>/", proofs.contractor_ask, name="contractor_ask_proof"),
    path(f"{_C}/dossiers/<uuid:pk>/dossier.pdf", proofs.contractor_file, name="contractor_proof"),
    path(f"{_C}/point-du-matin/", digest.contractor_digest, name="contractor_digest"),
    path(f"{_C}/facturation/", billing.contractor_billing, name="contractor_billing"),
    path(f"{_C}/blocages/evolution/", blocks.contractor_trend, name="contractor_trend"),
    path(f"{_C}/attestations/", papers.contractor_papers, name="contractor_papers"),
    path(f"{_C}/attestations/deposer/", papers.contractor_send, name="contractor_send_paper"),
    path(
        f"{_C}/attestations/<uuid:pk>/fichier",
        papers.contractor_file,
        name="contractor_paper_file",
    ),
    path(f"{_C}/banque/", bank.contractor_bank, name="contractor_bank"),
    path(f"{_C}/banque/proposer/", bank.contractor_propose, name="contractor_propose_bank"),
    path(f"{_C}/banque/<uuid:pk>/<slug:action>/", bank.contractor_act, name="contractor_bank_act"),
    path(f"{_C}/blocages/", blocks.contractor_board, name="contractor_blocks"),
    path(
        f"{_C}/blocages/<uuid:pk>/<slug:action>/",
        blocks.contractor_act,
        name="contractor_block_act",
    ),
]

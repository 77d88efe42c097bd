"""Addresses of invoices and blocks: French nouns for people, English names in code."""

from django.urls import path

from contractors.views import billing, blocks, invoices, received

app_name = "contractors"

_L = "bailleur/<slug:org>"
_C = "prestataire/<slug:org>"

urlpatterns = [
    path(f"{_L}/factures/", invoices.landlord_list, name="landlord_invoices"),
    path(f"{_L}/factures/export.csv", invoices.landlord_export, name="landlord_invoices_export"),
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
        f"{_L}/factures/<uuid:pk>/<slug:action>/",
        invoices.landlord_act,
        name="landlord_invoice_act",
    ),
    path(f"{_L}/facturation/", billing.landlord_billing, name="landlord_billing"),
    path(f"{_L}/blocages/", blocks.landlord_board, name="landlord_blocks"),
    path(f"{_L}/blocages/<uuid:pk>/<slug:action>/", blocks.landlord_act, name="landlord_block_act"),
    path(f"{_C}/factures/", invoices.contractor_list, name="contractor_invoices"),
    path(
        f"{_C}/factures/export.csv", invoices.contractor_export, name="contractor_invoices_export"
    ),
    path(
        f"{_C}/factures/preparer/<uuid:pk>/",
        invoices.contractor_prepare,
        name="contractor_prepare",
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
        f"{_C}/factures/<uuid:pk>/<slug:action>/",
        invoices.contractor_act,
        name="contractor_invoice_act",
    ),
    path(f"{_C}/facturation/", billing.contractor_billing, name="contractor_billing"),
    path(f"{_C}/blocages/", blocks.contractor_board, name="contractor_blocks"),
    path(
        f"{_C}/blocages/<uuid:pk>/<slug:action>/",
        blocks.contractor_act,
        name="contractor_block_act",
    ),
]

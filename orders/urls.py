"""Addresses of orders: French nouns for people, English names in code."""

from django.urls import path

from orders.views import (
    absences,
    appointments,
    bulk,
    certificates,
    contractor,
    contracts,
    documents,
    field,
    files,
    landlord,
    landlord_form,
    on_call,
    order_list,
    paper,
    parapheur,
    pieces,
    planning,
    sign_offs,
    talk,
    variations,
    verify,
    warranties,
)

app_name = "orders"

_L = "bailleur/<slug:org>"
_C = "prestataire/<slug:org>"

urlpatterns = [
    path(f"{_L}/", landlord.home, name="landlord_home"),
    path(f"{_L}/commandes/", order_list.landlord_list, name="landlord_list"),
    path(f"{_L}/commandes/export.csv", order_list.landlord_export, name="landlord_export"),
    path(f"{_L}/commandes/export.xlsx", order_list.landlord_workbook, name="landlord_workbook"),
    path(f"{_L}/commandes/lot/", bulk.landlord_bulk, name="landlord_bulk"),
    path(f"{_L}/commandes/colonnes/", order_list.landlord_columns, name="landlord_columns"),
    path(f"{_L}/commandes/vues/", order_list.landlord_views, name="landlord_views"),
    path(
        f"{_L}/commandes/vues/<uuid:pk>/<slug:action>/",
        order_list.landlord_view,
        name="landlord_view",
    ),
    path(f"{_L}/commandes/tableau/", landlord.board, name="landlord_board"),
    path(f"{_L}/commandes/nouvelle/", landlord_form.new, name="landlord_new"),
    path(f"{_L}/commandes/saisie/controle/", landlord_form.check_form, name="landlord_check"),
    path(f"{_L}/commandes/saisie/logements/", landlord_form.units, name="landlord_units"),
    path(f"{_L}/commandes/saisie/lignes/", landlord_form.lines, name="landlord_lines"),
    path(f"{_L}/commandes/<uuid:pk>/", landlord.detail, name="landlord_detail"),
    path(f"{_L}/commandes/<uuid:pk>/modifier/", landlord_form.edit, name="landlord_edit"),
    path(f"{_L}/commandes/<uuid:pk>/bon.pdf", documents.landlord_pdf, name="landlord_pdf"),
    path(
        f"{_L}/commandes/<uuid:pk>/bon/<slug:action>/",
        documents.landlord_act,
        name="landlord_document",
    ),
    path(
        f"{_L}/commandes/<uuid:pk>/courrier.pdf", absences.landlord_letter, name="landlord_letter"
    ),
    path(f"{_L}/commandes/<uuid:pk>/messages/", talk.landlord_talk, name="landlord_talk"),
    path(f"{_L}/commandes/<uuid:pk>/messages/lus/", talk.landlord_read, name="landlord_talk_read"),
    path(
        f"{_L}/commandes/<uuid:pk>/consultations/",
        files.landlord_readings,
        name="landlord_readings",
    ),
    path(f"{_L}/commandes/<uuid:pk>/<slug:action>/", landlord.act, name="landlord_act"),
    path(f"{_L}/commandes/saisie/articles/", contracts.items, name="landlord_items"),
    path(f"{_L}/garanties/", warranties.every, name="landlord_warranties"),
    path(f"{_L}/garanties/<uuid:pk>/retirer/", warranties.end, name="landlord_end_warranty"),
    path(
        f"{_L}/garanties/residence/<uuid:pk>/",
        warranties.of_group,
        name="landlord_group_warranties",
    ),
    path(f"{_L}/marches/", contracts.contracts, name="landlord_contracts"),
    path(f"{_L}/marches/nouveau/", contracts.new, name="landlord_contract_new"),
    path(f"{_L}/marches/versions/<uuid:pk>/", contracts.schedule, name="landlord_schedule"),
    path(
        f"{_L}/marches/versions/<uuid:pk>/export.xlsx",
        contracts.export,
        name="landlord_schedule_export",
    ),
    path(
        f"{_L}/marches/versions/<uuid:pk>/<slug:action>/",
        contracts.schedule_act,
        name="landlord_schedule_act",
    ),
    path(f"{_L}/marches/<uuid:pk>/", contracts.contract, name="landlord_contract"),
    path(
        f"{_L}/marches/<uuid:pk>/<slug:action>/",
        contracts.contract_act,
        name="landlord_contract_act",
    ),
    path(f"{_L}/devis/<uuid:pk>/", variations.landlord_page, name="landlord_variation"),
    path(
        f"{_L}/devis/<uuid:pk>/photo.jpg",
        variations.landlord_photo,
        name="landlord_variation_photo",
    ),
    path(
        f"{_L}/devis/<uuid:pk>/<slug:action>/",
        variations.landlord_act,
        name="landlord_variation_act",
    ),
    path(
        f"{_L}/passages/<uuid:pk>/<slug:action>/", appointments.landlord_act, name="landlord_visit"
    ),
    path(f"{_L}/parapheur/", parapheur.show, name="landlord_parapheur"),
    path(f"{_L}/parapheur/serie/", parapheur.series, name="landlord_series"),
    path(f"{_L}/parapheur/signer/", parapheur.sign, name="landlord_sign"),
    path(f"{_L}/constats/<uuid:pk>/", certificates.landlord_page, name="landlord_certificate"),
    path(
        f"{_L}/constats/<uuid:pk>/constat.pdf",
        certificates.landlord_pdf,
        name="landlord_certificate_pdf",
    ),
    path(
        f"{_L}/constats/<uuid:pk>/<slug:action>/",
        certificates.landlord_act,
        name="landlord_certificate_act",
    ),
    path(
        f"{_L}/reserves/<uuid:pk>/<slug:action>/",
        certificates.landlord_reserve,
        name="landlord_reserve",
    ),
    path(f"{_L}/photos/<uuid:pk>/", files.landlord_photo, name="landlord_photo"),
    path(f"{_L}/pieces-jointes/<uuid:pk>/", pieces.landlord_file, name="landlord_piece"),
    path(f"{_L}/pieces/<uuid:pk>/", talk.landlord_file, name="landlord_file"),
    path(f"{_C}/", contractor.home, name="contractor_home"),
    path(f"{_C}/commandes/", order_list.contractor_list, name="contractor_list"),
    path(f"{_C}/commandes/export.csv", order_list.contractor_export, name="contractor_export"),
    path(f"{_C}/commandes/export.xlsx", order_list.contractor_workbook, name="contractor_workbook"),
    path(f"{_C}/commandes/lot/", bulk.contractor_bulk, name="contractor_bulk"),
    path(f"{_C}/commandes/colonnes/", order_list.contractor_columns, name="contractor_columns"),
    path(f"{_C}/commandes/vues/", order_list.contractor_views, name="contractor_views"),
    path(
        f"{_C}/commandes/vues/<uuid:pk>/<slug:action>/",
        order_list.contractor_view,
        name="contractor_view",
    ),
    path(f"{_C}/commandes/<uuid:pk>/", contractor.detail, name="contractor_detail"),
    path(f"{_C}/commandes/<uuid:pk>/bon.pdf", documents.contractor_pdf, name="contractor_pdf"),
    path(
        f"{_C}/commandes/<uuid:pk>/bon/<slug:action>/",
        documents.contractor_act,
        name="contractor_document",
    ),
    path(f"{_C}/commandes/<uuid:pk>/messages/", talk.contractor_talk, name="contractor_talk"),
    path(
        f"{_C}/commandes/<uuid:pk>/messages/lus/", talk.contractor_read, name="contractor_talk_read"
    ),
    path(f"{_C}/commandes/<uuid:pk>/articles/", variations.items, name="contractor_items"),
    path(f"{_C}/commandes/<uuid:pk>/<slug:action>/", contractor.act, name="contractor_act"),
    path(
        f"{_C}/passages/<uuid:pk>/agenda.ics",
        appointments.contractor_calendar,
        name="contractor_calendar",
    ),
    path(
        f"{_C}/passages/<uuid:pk>/<slug:action>/",
        appointments.contractor_act,
        name="contractor_visit",
    ),
    path(f"{_C}/devis/<uuid:pk>/", variations.contractor_page, name="contractor_variation"),
    path(
        f"{_C}/devis/<uuid:pk>/photo.jpg",
        variations.contractor_photo,
        name="contractor_variation_photo",
    ),
    path(
        f"{_C}/devis/<uuid:pk>/<slug:action>/",
        variations.contractor_act,
        name="contractor_variation_act",
    ),
    path(f"{_C}/constats/<uuid:pk>/", certificates.contractor_page, name="contractor_certificate"),
    path(
        f"{_C}/constats/<uuid:pk>/constat.pdf",
        certificates.contractor_pdf,
        name="contractor_certificate_pdf",
    ),
    path(
        f"{_C}/reserves/<uuid:pk>/<slug:action>/",
        certificates.contractor_reserve,
        name="contractor_reserve",
    ),
    path(f"{_C}/marches/", contracts.contractor_contracts, name="contractor_contracts"),
    path(f"{_C}/marches/<uuid:pk>/", contracts.contractor_contract, name="contractor_contract"),
    path(
        f"{_C}/marches/versions/<uuid:pk>/",
        contracts.contractor_schedule,
        name="contractor_schedule",
    ),
    path(f"{_C}/planning/", planning.board, name="contractor_planning"),
    path(f"{_C}/planning/affecter/", planning.assign, name="contractor_assign"),
    path(f"{_C}/terrain/", field.day, name="field_day"),
    path(f"{_C}/terrain/astreinte/", on_call.pick, name="field_on_call"),
    path(
        f"{_C}/terrain/astreinte/<uuid:contract>/<uuid:group>/",
        on_call.open_order,
        name="field_on_call_open",
    ),
    path(f"{_C}/terrain/<uuid:pk>/", field.visit, name="field_visit"),
    path(f"{_C}/terrain/<uuid:pk>/devis/", variations.field_write, name="field_variation"),
    path(
        f"{_C}/terrain/<uuid:pk>/regularisation/",
        variations.field_regularise,
        name="field_regularise",
    ),
    path(f"{_C}/terrain/<uuid:pk>/signature/", sign_offs.field_sign, name="field_sign"),
    path(f"{_C}/terrain/<uuid:pk>/<slug:action>/", field.act, name="field_act"),
    path(f"{_C}/photos/<uuid:pk>/", files.contractor_photo, name="contractor_photo"),
    path(f"{_C}/pieces-jointes/<uuid:pk>/", pieces.contractor_file, name="contractor_piece"),
    path(
        f"{_C}/pieces-jointes/<uuid:pk>/retirer/", pieces.withdraw, name="contractor_piece_withdraw"
    ),
    path(f"{_C}/photos/<uuid:pk>/retirer/", files.withdraw_photo, name="contractor_photo_withdraw"),
    path("verifier/<str:token>/", verify.verify, name="verify"),
    path(f"{_C}/pieces/<uuid:pk>/", talk.contractor_file, name="contractor_file"),
    path("bon/<str:token>/", paper.show, name="paper"),
    path("bon/<str:token>/<slug:action>/", paper.act, name="paper_act"),
]

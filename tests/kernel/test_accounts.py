"""Accounts: the code by e-mail, and what account mails say."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse


def ask_for_code(client, address):
    response = client.post(reverse("account_request_login_code"), {"email": address})
    assert response.status_code == 302
    (sent,) = mail.outbox
    return response, sent


def test_a_code_by_mail_opens_the_first_page(client, world):
    user = world.first.manager.user
    response, sent = ask_for_code(client, user.email)
    assert sent.subject == "Nexxio : votre code de connexion"
    assert sent.to == [user.email]
    (code,) = re.findall(r"^([A-Z0-9-]{6,9})$", sent.body, re.MULTILINE)
    wrong = client.post(response.headers["Location"], {"code": "000000"})
    assert "_auth_user_id" not in client.session
    assert "Code incorrect" in wrong.content.decode()
    assert client.post(response.headers["Location"], {"code": code}).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_unknown_address_is_answered_like_a_known_one(client, world):
    known, _sent = ask_for_code(client, world.first.manager.user.email)
    mail.outbox.clear()
    unknown, sent = ask_for_code(Client(), "personne@nulle-part.example")
    assert unknown.headers["Location"] == known.headers["Location"]
    assert sent.subject == "Nexxio : adresse inconnue"
    assert not re.search(r"^[A-Z0-9-]{6,9}$", sent.body, re.MULTILINE)


@pytest.mark.parametrize("name", ["request", "reset"])
def test_account_mails_name_the_product_and_no_host(client, world, settings, name):
    settings.SITE_URL = "https://nexxio.example"
    address = {"request": "account_request_login_code", "reset": "account_reset_password"}[name]
    client.post(reverse(address), {"email": world.first.manager.user.email})
    (sent,) = mail.outbox
    assert sent.subject.startswith("Nexxio : ")
    assert sent.body.startswith("Bonjour,")
    assert sent.body.rstrip().endswith("L’équipe Nexxio\nhttps://nexxio.example")
    assert "&#" not in sent.body

"""From situations to the general account: figures, answers, and nothing invoiced afterwards."""

from __future__ import annotations

import io
from decimal import Decimal
from hashlib import sha256

import pypdf
import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from contractors import services
from contractors.final_states import Group
from contractors.models import FinalAccount, Invoice, Retention
from contractors.services.final_facts import digest_of, figures_of, read_figures
from contractors.services.final_seals import SEAL
from contractors.states import InvoiceState
from nexxio.core import clock, relay
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Job, Notification
from nexxio.core.scoping import system_scope
from orders import services as orders
from orders.models import Order, OrderLine
from orders.obstacles import obstacle_to
from orders.services.seal_states import verify_token
from tests.contractors.steps import client_of, url
from tests.contractors.test_pages import order_page
from tests.contractors.test_situations import (  # noqa: F401 (fixtures)
    begun,
    finish,
    origin,
    party,
    prepare,
    situation,
)
from tests.factories.acting import act
from tests.factories.credited import credited
from tests.factories.full import worked
from tests.factories.invoiced import again, handed_over
from tests.factories.moneyed import advanced, held_by_contract

E = Decimal


@pytest.fixture
def done(begun):  # noqa: F811
    """Three situations under retention and advance; the first is paid, a part of one taken back."""
    held_by_contract(begun, recover_from=E(10), recover_until=E(60))
    advanced(begun, base="687.50", amount="100")
    first, second = situation(begun, "4"), situation(begun, "2.5")
    for bill in (first, second):
        act(begun, "manager", services.approve, invoice_id=bill.pk)
    act(begun, "desk", services.confirm_payment, invoice_id=first.pk, paid_on=clock.today())
    with system_scope("tests: lines"):
        pk = second.lines.get().pk
    credited(begun, second, quantities={pk: E("0.5")})
    finish(begun, state="certified")
    last = handed_over(begun, prepare(begun))
    with system_scope("tests: approved"):
        Invoice.objects.filter(pk=last.pk).update(state=InvoiceState.TAKEN)
    return begun


def submit(party) -> FinalAccount:  # noqa: F811
    return act(party, "desk", services.submit_final, order_id=party.order.pk)


def accept(party, account, who="manager") -> FinalAccount:  # noqa: F811
    return act(party, who, services.accept_final, account_id=account.pk)


def correct(party, account, deducted="10", note="Pénalité de retard") -> FinalAccount:  # noqa: F811
    said = {"deducted": E(deducted), "note": note}
    return act(party, "manager", services.correct_final, account_id=account.pk, **said)


def test_its_figures_are_those_of_the_situations_to_the_cent(done):
    account = submit(done)
    with system_scope("tests: figures"):
        bills = list(Invoice.objects.filter(order=done.order, kind="situation").order_by("rank"))
        held = Retention.objects.filter(invoice__in=bills).aggregate(sum=Sum("amount"))["sum"]
    assert [bill.total_with_vat for bill in bills] == [E("275.00"), E("171.88"), E("240.63")]
    assert bills[1].credited == E("34.38")
    paid = E("275.00") - bills[0].retained - bills[0].recovered
    recovered = sum(bill.recovered for bill in bills)
    assert recovered > 0
    assert account.total == E("653.13") == sum(bill.net for bill in bills)
    assert account.total_without_vat == E("593.75")
    assert account.balance == E("653.13") - recovered - paid
    assert account.held == held
    due = account.balance - account.held
    assert due == sum((bill.owed for bill in bills), E(0)) - paid
    figures = read_figures(account)
    assert figures.without_vat(Group.MARKET) + figures.vat == E("687.50")
    words = [(line.what, line.number) for line in figures.lines if line.group == Group.BILL]
    assert words == [("situation", f"{bill.rank} ({bill.number})") for bill in bills]


def test_what_was_submitted_is_kept_with_its_hash_though_money_comes_since(done):
    account = submit(done)
    with system_scope("tests: kept"):
        kept = FinalAccount.objects.get(pk=account.pk)
        second = Invoice.objects.get(order=done.order, rank=2, kind="situation")
    assert digest_of(kept.content, kept.as_of) == kept.digest
    kept.content["lines"][1]["amount"] = "1.00"
    assert digest_of(kept.content, kept.as_of) != kept.digest
    act(done, "desk", services.confirm_payment, invoice_id=second.pk, paid_on=clock.today())
    agreed = accept(done, account)  # a payment changes nothing that is answered
    assert (agreed.state, agreed.balance) == ("agreed", account.balance)
    assert (agreed.answered_by_id, agreed.closed_by_id) == (done.manager.user_id,) * 2
    with system_scope("tests: today"):
        now = figures_of(Order.objects.get(pk=done.order.pk)).balance
    assert now == account.balance - again(second).owed


def test_after_it_is_definitive_nothing_more_is_invoiced_and_it_says_why(done):
    accept(done, submit(done))
    with system_scope("tests: more of the line"):
        OrderLine.objects.filter(order=done.order).update(
            quantity=E("20"), total_without_vat=E("1250.00")
        )
    with pytest.raises(Refused, match="définitif depuis le"):
        prepare(done)
    page = client_of(done, "desk").get(order_page(done, "contractor")).text
    assert "plus aucune situation ne se facture" in page
    assert "Facturer le reste" not in page
    finish(done, state="partly_done")
    with pytest.raises(Refused, match="définitif depuis le"):
        situation(done, "1")
    with pytest.raises(Refused):
        submit(done)


def test_while_it_waits_nothing_is_invoiced_and_a_returned_one_is_taken_up_again(done):
    account = submit(done)
    with pytest.raises(Refused, match="déjà en cours"):
        submit(done)
    finish(done, state="partly_done")
    with system_scope("tests: more of the line"):
        OrderLine.objects.filter(order=done.order).update(
            quantity=E("20"), total_without_vat=E("1250.00")
        )
    with pytest.raises(Refused, match="décompte final de cette commande est en cours"):
        situation(done, "1")
    act(done, "manager", services.return_final, account_id=account.pk, note="Il manque l’avenant")
    situation(done, "10")
    finish(done, state="certified")
    assert submit(done).number == 2


def test_it_is_not_accepted_once_a_credit_note_changed_its_invoices(done):
    account = submit(done)
    with system_scope("tests: lines"):
        last = Invoice.objects.get(order=done.order, rank=3, kind="situation")
        pk = last.lines.get().pk
    credited(done, last, quantities={pk: E("1")})
    with pytest.raises(Conflict, match="ont changé depuis"):
        accept(done, account)
    with pytest.raises(Conflict, match="ont changé depuis"):
        correct(done, account)
    page = client_of(done, "manager").get(url(done, "landlord", "final_account", account.pk)).text
    assert "ont changé depuis" in page
    assert "Accepter sans changement" not in page


def test_a_corrected_one_is_definitive_once_the_company_agrees(done):
    account = correct(done, submit(done))
    assert (account.state, account.deducted) == ("notified", E(10))
    with pytest.raises(Refused):  # the other side's word
        act(done, "manager", services.agree_final, account_id=account.pk)
    agreed = act(done, "desk", services.agree_final, account_id=account.pk)
    assert (agreed.state, agreed.closed_by_id) == ("agreed", done.desk.user_id)
    with pytest.raises(Conflict):
        act(done, "desk", services.agree_final, account_id=account.pk)
    with pytest.raises(Conflict):
        act(done, "desk", services.contest_final, account_id=account.pk, note="Trop tard")


def test_a_contested_one_leaves_room_for_another(done):
    account = correct(done, submit(done))
    with pytest.raises(Invalid):
        act(done, "desk", services.contest_final, account_id=account.pk, note=" ")
    act(done, "desk", services.contest_final, account_id=account.pk, note="Pas de retard")
    assert submit(done).number == 2


@pytest.mark.parametrize(
    ("deducted", "note"), [("0", "x"), ("-1", "x"), ("653.14", "x"), ("1", "")]
)
def test_a_sum_taken_off_is_a_part_of_the_total_and_has_a_reason(done, deducted, note):
    account = submit(done)
    with pytest.raises(Invalid):
        correct(done, account, deducted, note)


def test_each_side_says_its_own_word_once_within_its_limit(done, world):
    with pytest.raises(Refused, match="Seul le bureau"):
        act(done, "manager", services.submit_final, order_id=done.order.pk)
    account = submit(done)
    with pytest.raises(Refused):
        accept(done, account, "desk")
    with pytest.raises(Refused):
        accept(done, account, "reader")
    with pytest.raises(Refused, match="dépasse votre limite"):  # 500 €
        accept(done, account, "clerk")
    for who in ("manager", "desk"):
        with pytest.raises(FinalAccount.DoesNotExist):
            act(world.second, who, services.accept_final, account_id=account.pk)
    accept(done, account)
    with pytest.raises(Conflict, match="Décompte général définitif"):
        accept(done, account)
    with pytest.raises(Conflict):
        act(done, "manager", services.return_final, account_id=account.pk, note="Trop tard")


def test_not_before_all_is_certified_invoiced_and_filed(begun):  # noqa: F811
    situation(begun, "4")
    with pytest.raises(Refused, match="service fait"):
        submit(begun)
    finish(begun, state="certified")
    with pytest.raises(Refused, match="Il reste à facturer"):
        submit(begun)
    last = prepare(begun)
    with pytest.raises(Refused, match=last.number):
        submit(begun)
    handed_over(begun, last)
    assert obstacle_to("reopen", begun.order) is None
    assert submit(begun).number == 1
    refusal = obstacle_to("reopen", begun.order)
    assert refusal is not None
    assert "ne se rouvre plus" in refusal.message


def test_not_of_an_order_without_situations(begun):  # noqa: F811
    finish(begun, state="certified")
    handed_over(begun, prepare(begun))
    with pytest.raises(Refused, match="par situations"):
        submit(begun)
    assert (
        "Décompte final" not in client_of(begun, "desk").get(order_page(begun, "contractor")).text
    )


def test_a_reduction_stands_in_it(begun):  # noqa: F811
    situation(begun, "4")
    less = orders.ReductionInput(reason="less", note="Six.", quantities={origin(begun): E(6)})
    asked = act(begun, "desk", orders.ask_reduction, order_id=begun.order.pk, data=less)
    act(begun, "manager", orders.grant_reduction, reduction_id=asked.pk)
    finish(begun, state="certified")
    handed_over(begun, prepare(begun))
    market = [line for line in read_figures(submit(begun)).lines if line.group == Group.MARKET]
    assert [(line.what, line.without_vat) for line in market] == [
        ("order", E("625.00")),
        ("reduction", E("-250.00")),
    ]


def test_both_go_through_it_on_their_pages_and_are_rung(done):
    desk, manager = client_of(done, "desk"), client_of(done, "manager")
    assert "Préparer le décompte final" in desk.get(order_page(done, "contractor")).text
    new = url(done, "contractor", "final_account_new", done.order.pk)
    preview = desk.get(new).text
    for text in ("653,13", "687,50", "Situation n° 2", "Remettre au bailleur"):
        assert text in preview
    assert "Projet chez le bailleur" in desk.post(new, follow=True).text
    assert (desk.get(new).status_code, desk.post(new).status_code) == (409, 409)
    with system_scope("tests: account"):
        account = FinalAccount.objects.get(order=done.order)
        bill = Invoice.objects.get(order=done.order, rank=1, kind="situation")
    for page in (order_page(done, "landlord"), url(done, "landlord", "invoice", bill.pk)):
        assert "Projet de décompte final à vérifier" in manager.get(page).text
    acts = {
        name: url(done, "landlord", "final_account_act", account.pk, name)
        for name in ("rectifier", "accepter")
    }
    wrong = manager.post(acts["rectifier"], {"deducted": "1000", "note": "Pénalité"})
    assert wrong.status_code == 422
    assert 'value="1000"' in wrong.text
    typed = {"deducted": "53,13", "note": "Pénalité de retard"}
    page = manager.post(acts["rectifier"], typed, follow=True).text
    assert "Décompte général notifié" in page
    assert "600,00" in page
    assert manager.post(acts["accepter"]).status_code == 409
    own = url(done, "contractor", "final_account", account.pk)
    assert "déposez un avoir de" in desk.get(own).text
    agree = url(done, "contractor", "final_account_act", account.pk, "accepter")
    assert "général et définitif" in desk.post(agree, follow=True).text
    relay.deliver_one_by_one()
    with system_scope("tests: bells"):
        rung = {
            kind: set(Notification.objects.filter(kind=kind).values_list("url", "title"))
            for kind in ("final_account_landlord", "final_account_company")
        }
    landlords = url(done, "landlord", "final_account", account.pk)
    assert {page for page, _title in rung["final_account_landlord"]} == {landlords}
    assert {page for page, _title in rung["final_account_company"]} == {own}
    assert any("définitif" in title for _page, title in rung["final_account_landlord"])


def sealed(account) -> FinalAccount:
    """Let the worker print what was agreed."""
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        jobs = list(Job.objects.filter(kind=SEAL, state="queued"))
    for job in jobs:
        worked(job)
    with system_scope("tests: account"):
        return FinalAccount.objects.get(pk=account.pk)


def test_what_both_agreed_to_is_sealed_and_its_code_tells_it(done, world):
    account = submit(done)
    assert sealed(account).seal == "none"
    correct(done, account, "53.13", "Pénalité de retard")
    act(done, "desk", services.agree_final, account_id=account.pk)
    clients = {"landlord": client_of(done, "manager"), "contractor": client_of(done, "desk")}
    files = {side: url(done, side, "final_account_file", account.pk) for side in clients}
    for side, client in clients.items():
        assert client.get(files[side]).status_code == 404
        assert (
            "Le PDF scellé se prépare"
            in client.get(url(done, side, "final_account", account.pk)).text
        )
    row = sealed(account)
    assert row.seal == "sealed"
    for side, client in clients.items():
        assert "PDF scellé" in client.get(url(done, side, "final_account", account.pk)).text
        answer = client.get(files[side])
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        pdf = answer.getvalue()
    assert client_of(world.second, "manager").get(files["landlord"]).status_code == 404
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for said in ("653,13", "53,13", "600,00", "Situation n° 2", "Pénalité de retard"):
        assert said in text
    assert account.digest[:12] in text
    assert reader.get_fields()
    address = reverse("orders:verify", args=[verify_token("final_account", row.pk)])
    found = Client().get(address).text
    assert "Décompte général définitif, projet n° 1" in found
    assert "accepté par le bailleur et par l’entreprise" in found
    typed = {"fingerprint": sha256(pdf).hexdigest()}
    assert Client().post(address, typed).context["is_genuine"] is True
    typed = {"fingerprint": sha256(pdf + b" ").hexdigest()}
    assert Client().post(address, typed).context["is_genuine"] is False


def test_without_a_key_its_page_says_it_and_it_is_asked_for_again(done, settings):
    kept, settings.SEAL_PATH = settings.SEAL_PATH, None
    account = accept(done, submit(done))
    assert sealed(account).seal == "failed"
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        page = client_of(done, who).get(url(done, side, "final_account", account.pk)).text
        assert "Le décompte n’a pas pu être scellé" in page
        assert ("Préparer le PDF" in page) == (who == "manager")
    with pytest.raises(Refused):
        act(done, "desk", services.ask_final_seal, account_id=account.pk)
    settings.SEAL_PATH = kept
    again_url = url(done, "landlord", "final_account_act", account.pk, "sceller")
    assert client_of(done, "manager").post(again_url).status_code == 302
    with pytest.raises(Refused):
        act(done, "manager", services.ask_final_seal, account_id=account.pk)
    assert sealed(account).seal == "sealed"


def test_one_that_was_agreed_before_there_were_pdfs_gets_one(done):
    account = accept(done, submit(done))
    with system_scope("tests: of before"):
        FinalAccount.objects.filter(pk=account.pk).update(seal="none")
    assert sealed(account).seal == "none"
    page = client_of(done, "manager").get(url(done, "landlord", "final_account", account.pk)).text
    assert "pas encore de PDF scellé" in page
    act(done, "manager", services.ask_final_seal, account_id=account.pk)
    assert sealed(account).seal == "sealed"

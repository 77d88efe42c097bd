"""The developers' page: every component in all its variants, on invented data."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nexxio.core import clock
from nexxio.core.templatetags.ui import TONES, age

TONE_WORDS = {
    "neutral": "Brouillon",
    "info": "Transmise à l’entreprise",
    "active": "En cours",
    "waiting": "En attente d’une pièce",
    "success": "Travaux réalisés",
    "warning": "À compléter",
    "danger": "Logement inaccessible",
}


class SampleForm(forms.Form):
    """One field of each widget that the product uses."""

    title = forms.CharField(label="Objet", help_text="Ce que le locataire lira.")
    trade = forms.ChoiceField(label="Corps d’état", choices=[("plomberie", "Plomberie")])
    amount = forms.DecimalField(label="Montant", required=False)
    target = forms.DateField(label="À faire avant le", widget=forms.DateInput({"type": "date"}))
    description = forms.CharField(label="Description", widget=forms.Textarea({"rows": 3}))
    urgent = forms.BooleanField(label="Intervention urgente", required=False)
    access = forms.MultipleChoiceField(
        label="Accès",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("digicode", "Digicode"), ("loge", "Loge du gardien"), ("libre", "Accès libre")],
    )
    moment = forms.ChoiceField(
        label="Moment",
        widget=forms.RadioSelect,
        choices=[("avant", "Avant travaux"), ("apres", "Après travaux")],
    )
    photo = forms.FileField(label="Photo", required=False)


class LineForm(forms.Form):
    """One price line."""

    label = forms.CharField(label="Article")
    quantity = forms.DecimalField(label="Quantité")


def components(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    now = clock.now()
    lines = forms.formset_factory(LineForm, extra=1, can_delete=True)(
        initial=[{"label": "Remplacement d’un siphon", "quantity": 1}],
        prefix="lignes",
    )
    context = {
        "now": now,
        "tones": [{"tone": tone, "label": TONE_WORDS[tone]} for tone in TONES],
        "notices": [
            Message(level, text)
            for level, text in (
                (messages.SUCCESS, "La commande est partie."),
                (messages.WARNING, "Cette commande a changé pendant que vous lisiez."),
                (messages.ERROR, "La commande n’est pas partie."),
            )
        ],
        "form": SampleForm(initial={"title": "Fuite sous l’évier"}),
        "wrong": SampleForm(data={"title": "", "trade": "plomberie", "moment": "avant"}),
        "lines": lines,
        **_figures(now),
        **_history(now),
        **_board(now),
    }
    return render(request, "dev/components.html", context)


def _figures(now: datetime) -> dict[str, Any]:
    return {
        "sums": [Decimal("1234.5"), Decimal("-38.2"), None],
        "figures": [
            {"label": "Commandes en cours", "value": "128", "icon": "clipboard-list"},
            {"label": "En retard", "value": "4", "icon": "alarm", "tone": "danger"},
            {
                "label": "Réalisées cette semaine",
                "value": "37",
                "icon": "circle-check",
                "tone": "success",
                "detail": "5 de plus que la semaine passée",
            },
        ],
        "tabs": [
            {"label": "Commande", "url": "#onglets", "current": True, "icon": "clipboard-text"},
            {"label": "Documents", "url": "#onglets", "count": 3},
            {"label": "Messages", "url": "#onglets", "count": 0},
        ],
        "chips": [
            {"label": "Toutes", "url": "#filtres", "current": True, "count": 128},
            {"label": "En retard", "url": "#filtres", "count": 4, "icon": "alarm"},
        ],
        "steps": [
            {"label": "Lieu", "state": "done"},
            {"label": "Problème", "state": "current"},
            {"label": "Envoi", "state": "todo"},
        ],
        "completeness_open": {
            "score": 72,
            "is_complete": False,
            "missing": [
                {"sentence": "Un téléphone où joindre le locataire", "form_field": "title"}
            ],
            "warnings": [{"sentence": "Un second téléphone"}],
        },
        "completeness_done": {"score": 100, "is_complete": True},
        "earlier": now - timedelta(hours=2, minutes=10),
    }


def _history(now: datetime) -> dict[str, Any]:
    entries = [
        {
            "text": "Karim a terminé l’intervention, pour Plomberie Lutèce",
            "happened_at": now - timedelta(hours=3),
            "recorded_at": now - timedelta(minutes=20),
            "channel": "application",
            "icon": "checks",
            "tone": "success",
        },
        {
            "text": "Plomberie Lutèce a pris la commande en charge",
            "happened_at": now - timedelta(days=1),
            "channel": "portail",
            "icon": "circle-check",
            "tone": "info",
        },
    ]
    titles = ("Demande transmise", "Prise en charge", "Rendez-vous confirmé", "Terminé")
    states = ("done", "done", "current", "todo")
    icons = ("send", "circle-check", "calendar-event", "checks")
    track: list[dict[str, Any]] = [
        {"title": title, "state": state, "icon": icon}
        for title, state, icon in zip(titles, states, icons, strict=True)
    ]
    track[0]["at"] = now - timedelta(days=1)
    track[2]["text"] = "entre 14 h et 16 h, par Plomberie Lutèce"
    return {"entries": entries, "track": track}


def _board(now: datetime) -> dict[str, Any]:
    card = {
        "title": "Fuite sous l’évier",
        "url": "#tableau",
        "lines": [
            {"text": "8 rue du Général Beuret, Paris 15e"},
            {"icon": "clock", "text": age(now - timedelta(hours=5))},
        ],
        "status": {"label": TONE_WORDS["info"], "tone": "info"},
    }
    return {
        "columns": [
            {"label": "À accepter", "icon": "send", "count": 1, "cards": [card]},
            {
                "label": "En cours",
                "icon": "progress",
                "count": 12,
                "cards": [{**card, "urgent": True}],
                "note": "et 11 autres",
                "current": True,
            },
            {"label": "Réalisées", "icon": "checks", "count": 0, "cards": []},
        ],
    }

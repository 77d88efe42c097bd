"""Sentences of events are set as a French printer does, with what is put into them."""

from __future__ import annotations

import re
from string import Formatter

from nexxio.core.actors import Side
from nexxio.core.events import all_event_types, describe

_MAY_BREAK = re.compile(r"(?<=\S) (?=[:;!?»%€](?!\w))|(?<=«) ")


def test_no_sentence_of_any_event_breaks_before_a_sign(monkeypatch):
    """What is put in stands for any words, with signs of their own."""
    told = 0
    for cls in all_event_types():
        sentences = map(str, cls.wording.values())
        names = {name for text in sentences for _, name, _, _ in Formatter().parse(text) if name}
        put_in = dict.fromkeys(names - {"who"}, "« combien ? » : 10")
        monkeypatch.setattr(cls, "words", classmethod(lambda _cls, _given, _side, put=put_in: put))
        for side in cls.wording:
            text = describe(cls.kind, {}, side=side, who="Claire Morel")
            assert text is not None
            assert not _MAY_BREAK.search(text), f"{cls.kind}, {side}: {text!r}"
            told += 1
    assert told > 400


def test_a_sign_off_keeps_its_colon():
    text = describe("sign_off.signed", {"satisfied": True}, side=Side.LANDLORD, who="")
    assert text == "Bon d’intervention signé par le locataire\u00a0: c’est réglé"

"""Pictures of the demo world for docs/tour.md and the README: ``make tour``.

Each picture is a step of a visitor: he goes somewhere, does something, and the page is kept, in a
palette of its own, so that the folder stays small. ``ARGS="landlord-board …"`` makes some only.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from nexxio.demo.characters import PASSWORD
from tests.product import CHROMIUM_ARGS, Site, running
from tools.base import ROOT

FOLDER = ROOT / "docs" / "screenshots"
COLOURS = 192
DESK = (1440, 900)
PHONE = (390, 844)

CLAIRE = "claire.morel@rivp.example"
JULIEN = "julien.faure@paris-habitat.example"
HELENE = "helene.garnier@plomberie-lutece.example"
KARIM = "karim.haddad@plomberie-lutece.example"
LANDLORD = "/bailleur/rivp"
CONTRACTOR = "/prestataire/plomberie-lutece"
LEAK = "Fuite sous l’évier"
SHOWER = "Évacuation de la douche bouchée"


def _stay(_page: Page) -> None:
    """Do nothing more."""


@dataclass(frozen=True)
class Step:
    """One picture. who: log-in, or "" for nobody. path: address, or the title of a case."""

    name: str
    who: str
    path: str
    act: Callable[[Page], object] = _stay
    size: tuple[int, int] = DESK
    whole: bool = False
    dark: bool = False


def follow(text: str) -> Callable[[Page], object]:
    """Return an act that clicks a link."""
    return lambda page: page.get_by_role("link", name=text).first.click()


def first_row(page: Page) -> None:
    """Open the first row of a list."""
    page.locator("main tbody a").first.click()


def first_card(page: Page) -> None:
    """Open the first card of a page."""
    page.locator("main .card__title a").first.click()


def equipment(page: Page) -> None:
    """What the plumbers' contract with Claire's house keeps up."""
    page.locator("main .card__title a", has_text="PLO-RIV").click()
    page.get_by_role("link", name="Équipements", exact=True).click()


def type_an_order(page: Page) -> None:
    """As far as a price line; what is missing stands beside it."""
    page.locator("#groups a").first.click()
    page.fill("#numero", "7")
    page.get_by_role("button", name="Continuer").click()
    page.fill("#id_title", "Robinet de baignoire cassé")
    page.fill("#id_description", "Le robinet de la baignoire tourne dans le vide.")
    page.select_option("#id_trade", "plomberie")
    contract = page.locator("#id_contract option", has_text="Plomberie").first
    with page.expect_response(lambda answer: "/saisie/lignes/" in answer.url):
        page.select_option("#id_contract", contract.get_attribute("value"))
    page.fill("#id_lignes-0-price_item_q", "robinet")
    page.locator("[data-combo-list] [data-value]").first.click()
    with page.expect_response(lambda answer: "/saisie/controle/" in answer.url):
        page.fill("#id_lignes-0-quantity", "1")
        page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def name_a_view(page: Page) -> None:
    """Keep the list as it is shown."""
    page.locator("summary", has_text="Enregistrer cette vue").click()
    page.fill("#view-name", "Bientôt dues")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.goto(page.url)


def rehearse(page: Page) -> None:
    """Give the import the demo's own file."""
    page.set_input_files("input[type=file]", ROOT / "nexxio" / "demo" / "estate.csv")
    page.get_by_role("button", name="Vérifier le fichier (sans rien écrire)").click()
    page.locator(".tabs").wait_for()


def send_back(page: Page) -> None:
    """The contractor says what is missing."""
    follow(SHOWER)(page)
    page.get_by_role("link", name="Renvoyer, incomplète").click()
    page.get_by_label("Téléphone manquant").check()
    page.get_by_label("Description imprécise").check()


STEPS = (
    Step("landlord-desk", CLAIRE, f"{LANDLORD}/"),
    Step("landlord-form", CLAIRE, f"{LANDLORD}/commandes/nouvelle/", type_an_order),
    Step("landlord-order", CLAIRE, f"{LANDLORD}/commandes/", follow(LEAK)),
    Step("landlord-board", CLAIRE, f"{LANDLORD}/commandes/tableau/"),
    Step("landlord-list", CLAIRE, f"{LANDLORD}/commandes/?etat=open&tri=echeance", name_a_view),
    Step("landlord-dark", CLAIRE, f"{LANDLORD}/commandes/tableau/", dark=True),
    Step("landlord-parapheur", CLAIRE, f"{LANDLORD}/parapheur/"),
    Step("landlord-series", CLAIRE, f"{LANDLORD}/parapheur/serie/"),
    Step("landlord-invoices", CLAIRE, f"{LANDLORD}/factures/"),
    Step("landlord-invoice", CLAIRE, f"{LANDLORD}/factures/", first_row),
    Step("landlord-blocks", CLAIRE, f"{LANDLORD}/blocages/"),
    Step("landlord-trend", CLAIRE, f"{LANDLORD}/blocages/evolution/"),
    Step("landlord-warranties", CLAIRE, f"{LANDLORD}/garanties/"),
    Step("landlord-steering", CLAIRE, f"{LANDLORD}/pilotage/"),
    Step("landlord-pilots", CLAIRE, f"{LANDLORD}/pilotes/"),
    Step("landlord-impact", CLAIRE, f"{LANDLORD}/impact/"),
    Step("landlord-references", JULIEN, "/bailleur/paris-habitat/references/"),
    Step("landlord-review", CLAIRE, f"{LANDLORD}/evaluations/revues/", first_row),
    Step("landlord-results", CLAIRE, f"{LANDLORD}/evaluations/resultats/"),
    Step("landlord-bonus", CLAIRE, f"{LANDLORD}/bonus/", first_row),
    Step("estate-rehearsal", CLAIRE, f"{LANDLORD}/patrimoine/import/", rehearse),
    Step("contractor-desk", HELENE, f"{CONTRACTOR}/"),
    Step("contractor-order", HELENE, f"{CONTRACTOR}/commandes/", follow(SHOWER)),
    Step("contractor-return", HELENE, f"{CONTRACTOR}/commandes/", send_back),
    Step("contractor-planning", HELENE, f"{CONTRACTOR}/planning/"),
    Step("contractor-planning-day", HELENE, f"{CONTRACTOR}/planning/?jour="),
    Step("contractor-contract", HELENE, f"{CONTRACTOR}/marches/", first_card),
    Step("contractor-upkeep", HELENE, f"{CONTRACTOR}/marches/", equipment),
    Step("contractor-blocks", HELENE, f"{CONTRACTOR}/blocages/"),
    Step("contractor-balance", HELENE, f"{CONTRACTOR}/evaluations/balance/"),
    Step("field-day-phone", KARIM, f"{CONTRACTOR}/terrain/", size=PHONE),
    Step("field-visit-phone", KARIM, f"{CONTRACTOR}/terrain/", follow(LEAK), PHONE),
    Step("tenant-proposed-phone", "", "Prise arrachée dans le séjour", size=PHONE, whole=True),
    Step("tenant-confirmed-phone", "", LEAK, size=PHONE, whole=True),
    Step("tenant-absent-phone", "", "Serrure qui accroche", size=PHONE, whole=True),
    Step("tenant-done-phone", "", "Interphone muet", size=PHONE, whole=True),
    Step("components", "", "/dev/composants/", whole=True),
)

_LINK = """
from nexxio.core.links import url_of
from nexxio.core.models import Link
from nexxio.core.scoping import system_scope
with system_scope("tests"):
    links = Link.objects.filter(case__title={title!r}, party="tenant")
    print(url_of(links.earliest("created_at").pk))
"""


class Visitors:
    """A browser context for each person and screen, kept between his steps."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser = browser
        self.site = site
        self.pages: dict[tuple[object, ...], Page] = {}

    def page_of(self, step: Step) -> Page:
        """Return the page of the step's visitor, logged in."""
        key = (step.who, step.size, step.dark)
        if key not in self.pages:
            width, height = step.size
            context = self.browser.new_context(
                viewport={"width": width, "height": height},
                locale="fr-FR",
                timezone_id="Europe/Paris",
                color_scheme="dark" if step.dark else "light",
                reduced_motion="reduce",
            )
            self.pages[key] = context.new_page()
            self.pages[key].set_default_timeout(180_000)
            if step.who:
                self._log_in(self.pages[key], step.who)
        return self.pages[key]

    def _log_in(self, page: Page, email: str) -> None:
        page.goto(f"{self.site.url}/compte/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        page.wait_for_url(lambda url: "/compte/login" not in url)

    def address(self, step: Step) -> str:
        """Return where the step begins."""
        if step.path.startswith("/"):
            return self.site.url + step.path
        return self.site.python(_LINK.format(title=step.path))


def take(step: Step, visitors: Visitors) -> bytes:
    """Do a step and return its picture."""
    page = visitors.page_of(step)
    page.goto(visitors.address(step))
    step.act(page)
    page.wait_for_load_state()
    page.evaluate("async () => { await document.fonts.ready; scrollTo(0, 0); }")
    page.wait_for_timeout(300)
    return page.screenshot(full_page=step.whole)


def smaller(png: bytes) -> bytes:
    """Return the picture in a palette."""
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = os.environ.get("PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH")
    if not path:
        sys.exit("error: Chromium is not installed (make test installs it).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


def main(wanted: list[str]) -> None:
    """Make the pictures named, or all; what no step makes any more goes."""
    unknown = set(wanted) - {step.name for step in STEPS}
    if unknown:
        sys.exit(f"error: no such picture: {', '.join(sorted(unknown))}.")
    FOLDER.mkdir(exist_ok=True)
    with running("tour", 27600, year=True) as site, chromium() as browser:
        visitors = Visitors(browser, site)
        for step in STEPS:
            if wanted and step.name not in wanted:
                continue
            picture = smaller(take(step, visitors))
            (FOLDER / f"{step.name}.png").write_bytes(picture)
            print(f"{step.name:<26} {len(picture) // 1024:>5} KiB", flush=True)
    if not wanted:
        for stale in {file.stem for file in FOLDER.glob("*.png")} - {step.name for step in STEPS}:
            (FOLDER / f"{stale}.png").unlink()
    total = sum(file.stat().st_size for file in FOLDER.glob("*.png"))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures, {total // 1024} KiB")


if __name__ == "__main__":
    main(sys.argv[1:])

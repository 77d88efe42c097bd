"""Addresses of members, for both sides, and of invitations."""

from django.urls import URLPattern, path

from nexxio.core.actors import Side
from nexxio.core.members import absence_views, closing_views, views

app_name = "members"
_ROOTS = {Side.LANDLORD: "bailleur", Side.CONTRACTOR: "prestataire"}


def _of(side: Side) -> list[URLPattern]:
    root = f"{_ROOTS[side]}/<slug:org>/membres"
    page = views.SIDES[side] | absence_views.SIDES[side] | closing_views.SIDES[side]
    return [
        path(f"{root}/", page["list"], name=f"{side}_list"),
        path(f"{root}/export/", page["export"], name=f"{side}_export"),
        path(f"{root}/inviter/", page["invite"], name=f"{side}_invite"),
        path(f"{root}/histoire/", page["history"], name=f"{side}_history"),
        path(f"{root}/double-authentification/", page["protect"], name=f"{side}_protect"),
        path(f"{root}/acces-nexxio/", page["entries"], name=f"{side}_entries"),
        path(f"{root}/fermetures/", page["closings"], name=f"{side}_closings"),
        path(
            f"{root}/fermetures/<uuid:pk>/retirer/",
            page["closing_withdraw"],
            name=f"{side}_closing_withdraw",
        ),
        path(f"{root}/<uuid:pk>/", page["member"], name=f"{side}_member"),
        path(f"{root}/<uuid:pk>/absence/", page["absence"], name=f"{side}_absence"),
        path(
            f"{root}/<uuid:pk>/absence/terminer/", page["absence_end"], name=f"{side}_absence_end"
        ),
        path(f"{root}/<uuid:pk>/<slug:action>/", page["act"], name=f"{side}_act"),
    ]


urlpatterns = [
    *_of(Side.LANDLORD),
    *_of(Side.CONTRACTOR),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("acces-nexxio/<uuid:pk>/quitter/", views.leave, name="leave"),
]

"""Form controls that several forms share."""

from __future__ import annotations

from django import forms


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own hour picker."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")

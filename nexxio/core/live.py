"""What the rest of the product says to live pages: names, tokens, messages.

A message carries a key and nothing else; the page that shows the key fetches its fragment again
through the ordinary view, where rights are checked. So nothing that passes here can leak, and a
message that arrives twice costs one fetch.

On the wire all messages share one broker channel, several to a payload, one per line:

    <channel> <key>       a subject changed
    ! <name>              the session or link of that name is over, or the rights to that channel

One channel, because every process subscribes once and fans out in memory: pattern and per-subject
subscriptions were measured and cost the reader 17 to 20 µs per message in a burst, lines in one
payload cost 1 µs.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings
from django.core import signing
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as BrokerGone
from redis.exceptions import RedisError
from redis.retry import Retry

from nexxio.core.errors import Unavailable

BROKER_CHANNEL = "nexxio.live"
END_MARK = "!"
TOKEN_MAX_AGE = 600
SOCKET_TIMEOUT = 0.3

_SALT = "nexxio.core.live.stream"
_CLOCK_SKEW = 60
_NAME = re.compile(r"[A-Za-z0-9._:-]{1,200}")
_LINES_PER_PAYLOAD = 500


class PushUnavailable(Unavailable):
    """The broker did not take the messages; publish them again later."""


@dataclass(frozen=True, slots=True)
class StreamGrant:
    """What a valid token allows: these channels, for this holder, until `expires_at`."""

    holder: str
    channels: tuple[str, ...]
    issued_at: float

    @property
    def expires_at(self) -> float:
        """Moment (seconds since the epoch) from which the token is refused."""
        return self.issued_at + TOKEN_MAX_AGE


def channel_for_organisation(organisation_id: UUID | str) -> str:
    """Name the channel of everything that an organisation's staff may be told of."""
    return f"org.{organisation_id}"


def channel_for_case(case_id: UUID | str) -> str:
    """Name the channel of one case, as its tenant or a link follows it."""
    return f"case.{case_id}"


def channel_for_order(order_id: UUID | str) -> str:
    """Name the channel of one order, as whoever holds its paper follows it."""
    return f"order.{order_id}"


def channel_for_user(user_id: UUID | str) -> str:
    """Name the channel of one person: the bell, own jobs."""
    return f"user.{user_id}"


def channels_of_member(organisation_id: UUID | str, user_id: UUID | str) -> list[str]:
    """Return what a member's page in an organisation's space listens to."""
    return [channel_for_organisation(organisation_id), channel_for_user(user_id)]


def holder_of_session(session_key: str) -> str:
    """Return the opaque name of a session: a hash, because the key itself opens the session."""
    return "s." + hashlib.sha256(session_key.encode()).hexdigest()[:32]


def stream_token(*, holder: str, channels: Iterable[str]) -> str:
    """Sign the right to listen to `channels` for ten minutes.

    `holder` is an opaque name of the session or link, such as a hash of its key: `close_streams`
    ends every stream opened under it. All pages of one holder in one space must ask for the same
    channels, because the tabs of a browser share a single stream. Raises ValueError for a name
    that could not travel in a line.
    """
    names = [_checked(name) for name in dict.fromkeys(channels)]
    payload = [_checked(holder), int(time.time() * 1000), *names]
    return signing.Signer(salt=_SALT).sign_object(payload)


def read_token(token: str) -> StreamGrant | None:
    """Read a token made by `stream_token`; None when forged, altered or older than ten minutes."""
    try:
        payload = signing.Signer(salt=_SALT).unsign_object(token)
        holder, issued, *channels = payload
        grant = StreamGrant(str(holder), tuple(map(str, channels)), int(issued) / 1000)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    age = time.time() - grant.issued_at
    return grant if -_CLOCK_SKEW <= age < TOKEN_MAX_AGE else None


def publish(messages: Iterable[tuple[str, str]]) -> None:
    """Tell every stream process that these (channel, key) pairs changed.

    Doubles are sent once. Returns when the broker has taken all of them. Raises PushUnavailable
    when it has not (some may have gone out: sending them again is harmless), within about a
    second whatever state the broker is in, and ValueError for a name that could not travel in a
    line.

    Call it once the change itself is committed: a page that fetches at once must find it. The
    relay calls it inside a transaction of its own, which only marks the delivery as done, and so
    publishes before that commit: should it fail, the messages go out again and none is lost.
    """
    _send(f"{_checked(channel)} {_checked(key)}" for channel, key in dict.fromkeys(messages))


def close_streams(holder: str) -> None:
    """End every stream of `holder` now and refuse its tokens issued so far.

    holder: a session or a link, or a channel such as a person's: then all who hear it. Pages whose
    rights still stand ask for another token and go on. Raises PushUnavailable when the broker is
    away: the streams then end by themselves when their tokens do, at most ten minutes after they
    were issued.
    """
    _send([f"{END_MARK} {_checked(holder)}"])


def silence(holder: str) -> None:
    """End every stream of `holder` as `close_streams` does; without a broker, at its next renewal.

    For whoever has withdrawn a right and has nothing to retry: a stream asks for its rights again
    within ten minutes.
    """
    try:
        close_streams(holder)
    except PushUnavailable:
        return


def parse_payload(payload: bytes) -> Iterator[tuple[str, str]]:
    """Split one broker payload into (channel or `END_MARK`, key or holder); skip what is neither.

    The hub writes these words into streams, so a line that `publish` would have refused is
    dropped here too, whoever sent it.
    """
    for line in payload.decode("ascii", "replace").split("\n"):
        subject, _, key = line.partition(" ")
        if _NAME.fullmatch(key) and (subject == END_MARK or _NAME.fullmatch(subject)):
            yield subject, key


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"Not a legal name for live messages: {name!r}")
    return name


def _send(lines: Iterable[str]) -> None:
    waiting = list(lines)
    if not waiting:
        return
    try:
        with _client(settings.REDIS_URL).pipeline(transaction=False) as pipe:
            for start in range(0, len(waiting), _LINES_PER_PAYLOAD):
                pipe.publish(BROKER_CHANNEL, "\n".join(waiting[start : start + _LINES_PER_PAYLOAD]))
            pipe.execute()
    except (RedisError, OSError) as error:
        raise PushUnavailable(f"The broker took no message: {error}") from error


@cache
def _client(url: str) -> Redis:
    # One retry, for a pooled connection that died with a former broker; none after a timeout,
    # because a broker that hangs must not hold the caller.
    return Redis.from_url(
        url,
        socket_timeout=SOCKET_TIMEOUT,
        socket_connect_timeout=SOCKET_TIMEOUT,
        retry=Retry(NoBackoff(), 1, supported_errors=(BrokerGone,)),
    )

"""Failed sign-ins and how long the door stays shut after them.

Counted for an account *and* an address: whoever fails elsewhere shuts nobody out here, and colleagues behind the same address
sign in meanwhile. An address alone is refused only when it fails with many accounts, as no office does.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from foundation.accounts.models import FailedSignIn, User

FREE_TRIES = 5
SHORTEST, LONGEST = datetime.timedelta(minutes=1), datetime.timedelta(minutes=30)
#: Failures further back count no more.
REMEMBERED = datetime.timedelta(hours=24)
ADDRESS_FAILURES, ADDRESS_ACCOUNTS, ADDRESS_WITHIN = 100, 20, datetime.timedelta(minutes=10)


class LockedOut(Exception):
    """The door is shut for this account and address, or for this address, until the time given."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__(until)
        self.until = until

    @property
    def minutes(self) -> int:
        """Full minutes to wait, at least one."""
        left = (self.until - timezone.now()).total_seconds()
        return max(1, int(-(-left // 60)))


@dataclass(frozen=True)
class Lock:
    """An account is shut out at one address."""

    address: str
    failures: int
    until: datetime.datetime


def name_digest(username: str) -> str:
    """What is kept in place of a name: it may be a password typed into the wrong box."""
    return salted_hmac("foundation.accounts.lockout", username.strip().lower(), algorithm="sha256").hexdigest()


def wait_after(failures: int) -> datetime.timedelta:
    """One minute after the fifth failure, twice as long after each further one, thirty at most."""
    if failures < FREE_TRIES:
        return datetime.timedelta(0)
    doubled: datetime.timedelta = SHORTEST * 2 ** min(failures - FREE_TRIES, 10)
    return min(doubled, LONGEST)


def begin_try(username: str, address: str) -> FailedSignIn:
    """Count a try as failed before it is made, so that many at once are counted too; ``succeeded`` takes it back.

    Raises ``LockedOut`` without counting: knocking at a locked door makes it no longer."""
    now = timezone.now()
    FailedSignIn.objects.filter(at__lt=now - REMEMBERED).delete()
    this = FailedSignIn.objects.create(name_digest=name_digest(username), address=address, at=now)
    earlier = FailedSignIn.objects.filter(pk__lt=this.pk)
    until = max(_account_until(earlier, this), _address_until(earlier, this))
    if until > now:
        this.delete()
        raise LockedOut(until)
    return this


def _account_until(earlier: QuerySet[FailedSignIn], this: FailedSignIn) -> datetime.datetime:
    found = earlier.filter(name_digest=this.name_digest, address=this.address).aggregate(n=Count("pk"), last=Max("at"))
    return found["last"] + wait_after(found["n"]) if found["n"] else this.at


def _address_until(earlier: QuerySet[FailedSignIn], this: FailedSignIn) -> datetime.datetime:
    recent = earlier.filter(address=this.address, at__gt=this.at - ADDRESS_WITHIN)
    found = recent.aggregate(n=Count("pk"), names=Count("name_digest", distinct=True))
    if found["n"] < ADDRESS_FAILURES or found["names"] < ADDRESS_ACCOUNTS:
        return this.at
    # The door opens when enough of them are ten minutes old.
    at: datetime.datetime = recent.order_by("-at").values_list("at", flat=True)[ADDRESS_FAILURES - 1]
    return at + ADDRESS_WITHIN


def lock_begun(this: FailedSignIn) -> Lock | None:
    """The lock that the failed try has brought about, if it has."""
    failures = FailedSignIn.objects.filter(name_digest=this.name_digest, address=this.address, pk__lte=this.pk).count()
    wait = wait_after(failures)
    return Lock(this.address, failures, this.at + wait) if wait else None


def succeeded(this: FailedSignIn) -> None:
    """The password was right: what failed at this address before is forgotten."""
    FailedSignIn.objects.filter(name_digest=this.name_digest, address=this.address).delete()


def locks_of(user: User) -> list[Lock]:
    """Where the account is shut out now."""
    failed = FailedSignIn.objects.filter(name_digest=name_digest(user.username), at__gt=timezone.now() - REMEMBERED)
    rows = (
        failed.values("address").annotate(n=Count("pk"), last=Max("at")).filter(n__gte=FREE_TRIES).order_by("address")
    )
    locks = [Lock(row["address"], row["n"], row["last"] + wait_after(row["n"])) for row in rows]
    return [lock for lock in locks if lock.until > timezone.now()]


def forget_failures(user: User) -> None:
    """Open the door again, everywhere."""
    FailedSignIn.objects.filter(name_digest=name_digest(user.username)).delete()

"""What the clock does with uploaded files."""

from celery import shared_task

from foundation.stored_files import actions, sweeping


@shared_task
def sweep() -> None:
    """Remove files of forms nobody saved, and files no row names."""
    actions.remove_abandoned()
    sweeping.sweep_orphans()

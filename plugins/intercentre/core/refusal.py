"""What the hub declines to do, and says why."""


class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """The hub will not do what was asked; the message is French, complete, and safe to show to whoever asked."""

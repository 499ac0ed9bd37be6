"""The garbage collector is spared looking again and again at what stays to the end."""

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 100


def spare() -> None:
    """Set what is loaded by now aside, and look for cycles seldom.

    A digest or a report makes hundreds of thousands of values that live for a moment and have no
    cycles; the usual thresholds would go through all modules a dozen times meanwhile, which took a
    third of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)

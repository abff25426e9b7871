"""Threads that would keep a processor busy with waiting."""

from __future__ import annotations

import os


def without_waiting_threads() -> None:
    """Have linear algebra work in the thread that asks for it, unless the user says otherwise.

    OpenBLAS, in the wheels of NumPy and of SciPy, starts a thread for each further processor, and
    these look for work in a circle before they fall asleep: a sixth of what a short run takes.
    The matrices here are sparse or small, so that even 100,000 people take no longer without
    them. To be called before NumPy is loaded.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

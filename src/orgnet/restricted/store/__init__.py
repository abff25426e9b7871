"""The store of a results folder: weekly counts of what was read, so that it is not read again."""

from orgnet.restricted.store.answering import Answered, Asked, answer
from orgnet.restricted.store.generations import FOLDER, Store
from orgnet.restricted.store.removing import forget_in_store, people_in_store, purge_store

__all__ = [
    "FOLDER",
    "Answered",
    "Asked",
    "Store",
    "answer",
    "forget_in_store",
    "people_in_store",
    "purge_store",
]

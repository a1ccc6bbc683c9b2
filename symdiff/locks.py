"""What threads share while they make something, free in a child that is forked meanwhile.

A child has none of the other threads: a lock that one of them held would never be given back.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

_Lock = TypeVar("_Lock")
_Value = TypeVar("_Value")


def free_in_children(lock: _Lock) -> _Lock:
    """Have nobody hold a lock in a forked child, which makes anew what was not ready."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lock._at_fork_reinit)  # type: ignore[attr-defined]
    return lock


class computed(Generic[_Value]):  # noqa: N801  # named as the decorator that it is
    """An attribute that is computed when it is first asked for.

    As `functools.cached_property`, which holds a lock meanwhile, one for all instances, before Python 3.12.
    """

    def __init__(self, compute: Callable[[Any], _Value]) -> None:
        self._compute, self.__doc__ = compute, compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> computed[_Value]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> _Value: ...

    def __get__(self, instance: object | None, owner: type) -> computed[_Value] | _Value:
        if instance is None:
            return self
        found = instance.__dict__[self._name] = self._compute(instance)
        return found

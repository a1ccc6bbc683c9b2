"""Compiled functions of flat vectors, as solvers call them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from symdiff.bridge.flat_derivatives import Entries, Flat
from symdiff.bridge.unknowns import Unknowns
from symdiff.compile.arguments import arguments_of
from symdiff.compile.make import compile as compile_function
from symdiff.errors import SymdiffTypeError


class VectorProgram:
    """One compiled function of vectors, each that of some variables, and of others, each an argument as it is.

    Named sizes are told by the others and by the length of the first vector.
    """

    def __init__(
        self, results: Sequence[Flat], vectors: Sequence[Unknowns], others: Sequence[Any], options: dict[str, Any]
    ) -> None:
        self._results, self._vectors = list(results), list(vectors)
        inputs = [argument for v in vectors for argument in v.arguments]
        self._function = compile_function([r.outputs for r in results], [*inputs, *others], **options)
        self._dtype = np.dtype(options.get("dtype", np.float64))
        arguments = arguments_of([*inputs, *others])[0][len(inputs) :]
        self._others = [(a.name, getattr(v, "shape", ())) for a, v in zip(arguments, others, strict=True)]
        held = any(isinstance(n, str) for _, shape in self._others for n in shape)
        in_patterns = held and any(isinstance(r, Entries) for r in results)
        self._named = in_patterns or any(v.has_names for v in vectors)
        self._of_arrays = any(v.of_arrays for v in vectors)

    def __call__(self, args: Sequence[Any]) -> list[Any]:
        """The results, of vectors and others in order."""
        count = len(self._vectors)
        others = args[count:]
        sizes = self.sizes(args[0], others) if self._named else {}
        if self._of_arrays:
            inputs: list[Any] = []
            for vector, x in zip(self._vectors, args, strict=False):
                inputs += vector.split(self._flat(x), sizes)
        else:
            inputs = list(args[:count])
        found = self._function(*inputs, *others)
        return [result.of(values, sizes) for result, values in zip(self._results, found, strict=True)]

    def sizes(self, x: Any, others: Sequence[Any]) -> dict[str, int]:
        """The numbers behind named sizes."""
        given = [(*named, value) for named, value in zip(self._others, others, strict=True)]
        return self._vectors[0].sizes(len(x), given)

    def _flat(self, x: Any) -> Any:
        try:
            return np.asarray(x, self._dtype).reshape(-1)
        except (TypeError, ValueError) as error:
            raise SymdiffTypeError(f"{x!r:.60} is no vector of numbers: {error}") from error

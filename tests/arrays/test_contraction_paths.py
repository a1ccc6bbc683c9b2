"""The order in which factors are contracted: the least of all orders, the same product, the same in every process."""

import itertools
import os
import random
import subprocess
import sys

import numpy as np
import pytest

from symdiff.arrays.contraction_paths import SEARCHED, contraction_path


def random_contraction(seed, most=SEARCHED):
    rng = random.Random(seed)
    letters = "abcdef"[: rng.randint(1, 6)]
    factors = ["".join(rng.choices(letters, k=rng.randint(0, 3))) for _ in range(rng.randint(1, most))]
    held = sorted({*"".join(factors)})
    result = "".join(rng.sample(held, rng.randint(0, len(held))))
    return factors, result, {k: rng.choice([1, 2, 3, 5]) for k in letters}


def orders(places, made):
    """Every order of pairs."""
    if len(places) < 2:
        yield []
        return
    for a, b in itertools.combinations(places, 2):
        rest = [k for k in places if k not in (a, b)]
        for later in orders([*rest, made], made + 1):
            yield [(a, b), *later]


def multiplications(factors, result, sizes, pairs):
    """What steps cost, where each factor sums first what no other has."""
    held, total, made = {k: {*names} for k, names in enumerate(factors) if names}, 0, len(factors)
    for a, b in pairs:
        first, second = held.pop(a), held.pop(b)
        rest = {*result}.union(*held.values())
        first, second = first & (rest | second), second & (rest | first)
        total += int(np.prod([sizes[k] for k in first | second], dtype=int))
        held[made] = (first | second) & rest
        made += 1
    assert len(held) <= 1
    return total


@pytest.mark.parametrize("seed", range(60))
def test_no_order_multiplies_less(seed):
    factors, result, sizes = random_contraction(seed, most=5)
    steps = contraction_path(factors, result, sizes)
    places = [k for k, names in enumerate(factors) if names]
    least = min(multiplications(factors, result, sizes, pairs) for pairs in orders(places, len(factors)))
    assert multiplications(factors, result, sizes, [(s.left, s.right) for s in steps]) == least


@pytest.mark.parametrize("seed", range(100))
def test_the_steps_make_the_product(seed):
    factors, result, sizes = random_contraction(seed, most=10)
    factors = [names for names in factors if names] or ["a"]
    result = "".join(k for k in result if k in "".join(factors))
    rng = np.random.default_rng(seed)
    values = [rng.integers(-3, 4, [sizes[k] for k in names]) for names in factors]
    wanted = np.einsum(f"{','.join(factors)}->{result}", *values)
    held = dict(enumerate(zip(factors, values, strict=True)))
    for made, step in enumerate(contraction_path(factors, result, sizes), start=len(factors)):
        (a, left), (b, right) = held.pop(step.left), held.pop(step.right)
        held[made] = step.labels, np.einsum(f"{a},{b}->{step.labels}", left, right)
    ((labels, found),) = held.values()
    assert np.array_equal(np.einsum(f"{labels}->{result}", found), wanted)
    if len(factors) > 1:
        assert labels == result


def test_numbers_and_labels_that_no_factor_has_are_in_no_step():
    assert contraction_path(["", ""], "x", {"x": 3}) == ()
    assert [s[:2] for s in contraction_path(["", "a", "", "b"], "xab", {"a": 2, "b": 3, "x": 4})] == [(1, 3)]


def test_names_of_sizes_are_large():
    steps = contraction_path(["nd", "ne", "e"], "d", {"n": "n", "d": 5, "e": 5})
    assert [s[:2] for s in steps] == [(1, 2), (0, 3)]


def test_an_axis_without_entries_is_no_obstacle():
    assert len(contraction_path(["ab", "bc", "cd"], "ad", {"a": 0, "b": 3, "c": 0, "d": "n - 1"})) == 2


def test_equal_products_have_equal_orders_in_every_process():
    source = (
        "from symdiff.arrays.contraction_paths import contraction_path as path\n"
        "letters = 'abcdefghijkl'\n"
        "print(path([*map(''.join, zip(letters, letters[1:]))], 'al', dict.fromkeys(letters, 9)))\n"
        "print(path(['ab', 'ab', 'a', 'b', 'bc', 'c'], 'b', dict.fromkeys(letters, 9)))"
    )
    said = {
        subprocess.run([sys.executable, "-c", source], env={**os.environ, "PYTHONHASHSEED": seed},
                       capture_output=True, text=True, check=True).stdout
        for seed in "123"
    }  # fmt: skip
    assert len(said) == 1

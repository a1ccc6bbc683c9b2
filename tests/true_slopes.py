"""True derivatives by differences in mpmath: with as many digits as it takes, and two steps that agree."""

import mpmath

DIGITS = 60
STEPS = (70, 200, 1200)  # steps relative to the operand, in bits: a function may swing faster than its operand grows
MOST = 4_500  # precision in bits at which what is still lost in rounding is zero: 1e-600 of the value is not


def slopes(function, at, k):
    """Value, first and second derivative by the k-th operand to 20 digits; None where they are not found.

    `at` are floats. Where the value itself is no real number, there is none.
    """
    for step in STEPS:
        found = [_differences(function, at, k, bits) for bits in (step, step + 3)]
        if None in found:
            return None
        if all(_alike(a, b) for a, b in zip(*found, strict=True)):
            with mpmath.workdps(DIGITS):
                return [+value for value in found[0]]
    return None


def _differences(function, at, k, step):
    precision = 200 + 3 * step
    while True:
        with mpmath.workprec(precision):
            x = mpmath.mpf(at[k])
            h = mpmath.ldexp(abs(x) or mpmath.mpf(1), -step)
            values = [function(*[mpmath.mpf(v) if j != k else x + d for j, v in enumerate(at)]) for d in (-h, 0, h)]
            if not all(_is_real(v) for v in values):
                return None
            below, middle, above = values
            differences = above - below, above - 2 * middle + below
            derivatives = [middle, differences[0] / (2 * h), differences[1] / h**2]
        sizes = [mpmath.mag(middle) - mpmath.mag(d) if d else precision for d in differences if middle]
        left = precision - max(sizes, default=0)
        if left >= 120 or precision > MOST:
            return derivatives
        precision = precision + 150 - left if left > 20 else 5 * precision // 2


def _is_real(value):
    return not isinstance(value, mpmath.mpc) and bool(mpmath.isfinite(value))


def _alike(a, b):
    return bool(abs(a - b) <= mpmath.ldexp(abs(a), -66))

"""The operation records: everything the library knows of an operation stands in one of them.

A record gives an operation's name, how it prints, its value for floats, arrays,
complex and mpmath numbers, its SymPy and LaTeX spellings, its traits, and its
partial derivatives. Partials are written once, as formulas over the records
themselves; they get handles of the operation's result, to reuse, and of its operands
(`x._constant(2)` is a 2 that stays exact: `log(2)` would be a float), and `rules.py`
turns them into what every mode runs. `records.py` says what each field means.

Records stand with their kin: the arithmetic of the field in `field_operations`, `powers`, roots,
`exp`, `log`, `sin`, … in `elementary`, lengths and their slopes in `norms`, `cot`, `asec`, … in
`reciprocals`, what has kinks and jumps in `piecewise`, comparisons, logic and `where` in `conditions`,
then `special_functions`, and `sigmoid` with its kin in `logistic`.

Values that no library has, or has less exactly, are in `special`, `hurwitz`, `gamma_quotients`,
`branch_point`, `remainders` and `limits`; native code is in `code`, what it is written over in `builder`.
"""

from symdiff.ops import (
    conditions,
    elementary,
    field_operations,
    logistic,
    norms,
    piecewise,
    powers,
    reciprocals,
    special_functions,
)
from symdiff.records import arrange

# Keep the names of a module in one block: `python tests/test_names.py` writes these.
# isort: off
from symdiff.ops.conditions import (
    equal as equal,
    greater as greater,
    greater_equal as greater_equal,
    less as less,
    less_equal as less_equal,
    logical_and as logical_and,
    logical_not as logical_not,
    logical_or as logical_or,
    where as where,
)
from symdiff.ops.elementary import (
    acos as acos,
    acosh as acosh,
    asin as asin,
    asinh as asinh,
    atan as atan,
    atan2 as atan2,
    atanh as atanh,
    cbrt as cbrt,
    cos as cos,
    cosh as cosh,
    exp as exp,
    expm1 as expm1,
    log as log,
    log1p as log1p,
    log2 as log2,
    log10 as log10,
    one_minus_square as one_minus_square,
    sin as sin,
    sinh as sinh,
    sqrt as sqrt,
    tan as tan,
    tanh as tanh,
)
from symdiff.ops.field_operations import (
    add as add,
    div as div,
    mul as mul,
    neg as neg,
    sub as sub,
)
from symdiff.ops.logistic import (
    logaddexp as logaddexp,
    sigmoid as sigmoid,
    sigmoid_slope as sigmoid_slope,
    softplus as softplus,
)
from symdiff.ops.norms import (
    direction_cosine as direction_cosine,
    direction_sine as direction_sine,
    hypot as hypot,
    norm as norm,
    norm_cosine as norm_cosine,
    norm_divisor as norm_divisor,
    norm_quotient as norm_quotient,
    norm_sine as norm_sine,
)
from symdiff.ops.piecewise import (
    abs as abs,
    ceil as ceil,
    floor as floor,
    floor_divide as floor_divide,
    fmod as fmod,
    heaviside as heaviside,
    maximum as maximum,
    minimum as minimum,
    mod as mod,
    relu as relu,
    rint as rint,
    sign as sign,
    trunc as trunc,
)
from symdiff.ops.powers import (
    pow as pow,
    pow_by_base as pow_by_base,
    pow_by_exponent as pow_by_exponent,
)
from symdiff.ops.reciprocals import (
    acot as acot,
    acoth as acoth,
    acsc as acsc,
    acsch as acsch,
    asec as asec,
    asech as asech,
    cot as cot,
    coth as coth,
    csch as csch,
    sech as sech,
)
from symdiff.ops.special_functions import (
    beta as beta,
    beta_derivative as beta_derivative,
    binomial as binomial,
    binomial_derivative as binomial_derivative,
    digamma as digamma,
    erf as erf,
    erfc as erfc,
    gamma as gamma,
    lambertw as lambertw,
    lambertw1p as lambertw1p,
    loggamma as loggamma,
    polygamma as polygamma,
    sinc as sinc,
    spherical_jn as spherical_jn,
)

# isort: on

# Factors of a product stand in this order, as do the rows of the manual's tables.
arrange(
    [
        field_operations,
        powers,
        elementary,
        norms,
        reciprocals,
        piecewise,
        conditions,
        special_functions,
        logistic,
    ]
)

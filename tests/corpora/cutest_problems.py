"""Objectives of CUTEst problems, written from their mathematical definitions.

Each is a function of an array of variables: of expressions, and of any numbers. Sources: W. Hock, K. Schittkowski,
*Test Examples for Nonlinear Programming Codes* (1981) and K. Schittkowski, *More Test Examples* (1987) for HS and S;
J. Moré, B. Garbow, K. Hillstrom, *Testing Unconstrained Optimization Software* (1981); the NIST StRD data sets for
nonlinear regression; A. Buckley, *Test functions for unconstrained minimization* (1989); the notes of
the problems themselves.
"""

import numpy as np

import symdiff as sd

PROBLEMS = {}


def problem(*names):
    """Register an objective under its name, or several names of one objective."""

    def register(function):
        PROBLEMS.update(dict.fromkeys(names, function))
        return function

    return register


def squares(residuals):
    return sum(r**2 for r in residuals)


# -- quadratic and polynomial ---------------------------------------------------------------


@problem("HS3MOD")
def hs3mod(x):
    return x[1] + (x[1] - x[0]) ** 2


@problem("HS52")
def hs52(x):
    return (4 * x[0] - x[1]) ** 2 + (x[1] + x[2] - 2) ** 2 + (x[3] - 1) ** 2 + (x[4] - 1) ** 2


@problem("BT7")
def bt7(x):
    return 100 * (x[1] - x[0] ** 2) ** 2 + (x[0] - 1) ** 2


@problem("HS30", "HS88", "HS90")
def sum_of_squares(x):
    return np.sum(x**2)


@problem("HS23")
def hs23(x):
    return x @ x


@problem("HS76", "HS76I")
def hs76(x):
    linear = -x[0] - 3 * x[1] + x[2] - x[3]
    return x[0] ** 2 + x[1] ** 2 / 2 + x[2] ** 2 + x[3] ** 2 / 2 - x[0] * x[2] + x[2] * x[3] + linear


@problem("WAYSEA1")
def wayburn_seader_1(x):
    return (x[0] ** 6 + x[1] ** 4 - 17) ** 2 + (2 * x[0] + x[1] - 4) ** 2


@problem("WAYSEA2")
def wayburn_seader_2(x):
    return (1.613 - 4 * (x[0] - 0.3125) ** 2 - 4 * (x[1] - 1.625) ** 2) ** 2 + (x[1] - 1) ** 2


@problem("HS12")
def hs12(x):
    return x[0] ** 2 / 2 + x[1] ** 2 - x[0] * x[1] - 7 * x[0] - 7 * x[1]


@problem("HS61")
def hs61(x):
    return np.array([4, 2, 2]) @ x**2 + np.array([-33, 16, -24]) @ x


@problem("S316-322")
def s316(x):
    return (x[0] - 20) ** 2 + (x[1] + 20) ** 2


@problem("HS44NEW")
def hs44(x):
    return x[0] - x[1] - x[2] - x[0] * x[2] + x[0] * x[3] + x[1] * x[2] - x[1] * x[3]


@problem("HS71")
def hs71(x):
    return x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2]


@problem("HS22")
def hs22(x):
    return (x[0] - 2) ** 2 + (x[1] - 1) ** 2


@problem("HS18")
def hs18(x):
    return 0.01 * x[0] ** 2 + x[1] ** 2


@problem("HS27")
def hs27(x):
    return 0.01 * (x[0] - 1) ** 2 + (x[1] - x[0] ** 2) ** 2


@problem("HS46")
def hs46(x):
    return (x[0] - x[1]) ** 2 + (x[2] - 1) ** 2 + (x[3] - 1) ** 4 + (x[4] - 1) ** 6


@problem("TAME")
def tame(x):
    return (x[0] - x[1]) ** 2


@problem("HS26")
def hs26(x):
    return (x[0] - x[1]) ** 2 + (x[1] - x[2]) ** 4


@problem("HS83")
def hs83(x):
    return 5.3578547 * x[2] ** 2 + 0.8356891 * x[0] * x[4] + 37.293239 * x[0] - 40792.141


@problem("HS93")
def hs93(x):
    inner, outer = x[0] * x[3] * (x[0] + x[1] + x[2]), x[1] * x[2] * (x[0] + 1.57 * x[1] + x[3])
    return 0.0204 * inner + 0.0187 * outer + 0.0607 * inner * x[4] ** 2 + 0.0437 * outer * x[5] ** 2


@problem("HS56")
def hs56(x):
    return -sd.prod(x[:3])


@problem("BT11")
def bt11(x):
    return (x[0] - 1) ** 2 + (x[0] - x[1]) ** 2 + (x[1] - x[2]) ** 2 + (x[2] - x[3]) ** 4 + (x[3] - x[4]) ** 4


@problem("BIGGSC4")
def biggsc4(x):
    return -x[0] * x[2] - x[1] * x[3]


@problem("S365", "S365MOD")
def s365(x):
    return x[0] * x[2]


@problem("FLETCHER")
def fletcher(x):
    return x[0] * x[1]


@problem("FLT")
def flt(x):
    return (x[1] - 1) ** 2


@problem("S368")
def s368(x):
    return -np.sum(x**2) * np.sum(x**4) + np.sum(x**3) ** 2


@problem("POWERSUM")
def powersum(x):
    wanted = [np.sum(np.array([1.0, 2.0, 2.0, 3.0]) ** k) for k in range(1, 5)]
    return squares(np.sum(x**k) - b for k, b in enumerate(wanted, 1))


@problem("HILBERTA", "HILBERTB")
def hilbert(x):
    """Of the Hilbert matrix; in ten variables with 10 on the diagonal besides."""
    n = len(x)
    matrix = 1 / (np.arange(n)[:, None] + np.arange(n) + 1) + (10 * np.eye(n) if n == 10 else 0)
    return x @ matrix @ x / 2


@problem("DENSCHNF")
def denschnf(x):
    first = 2 * (x[0] + x[1]) ** 2 + (x[0] - x[1]) ** 2 - 8
    return first**2 + (5 * x[0] ** 2 + (x[1] - 3) ** 2 - 9) ** 2


@problem("ENGVAL2")
def engval2(x):
    a, b, c = x
    return squares([
        a**2 + b**2 + c**2 - 1, a**2 + b**2 + (c - 2) ** 2 - 1, a + b + c - 1, a + b - c + 1,
        3 * b**2 + a**3 + (5 * c - a + 1) ** 2 - 36,
    ])  # fmt: skip


@problem("PRICE4B")
def price4(x):
    return (2 * x[0] ** 3 * x[1] - x[1] ** 3) ** 2 + (6 * x[0] - x[1] ** 2 + x[1]) ** 2


@problem("AIRCRFTB")
def aircraft(x):
    """The equations of an aircraft's motion, as a sum of squares: roll, pitch, yaw, incidence, sideslip."""
    p, q, r, a, b, elevator, aileron, rudder = x
    return squares([
        -3.933 * p + 0.107 * q + 0.126 * r - 9.99 * b - 45.83 * aileron - 7.64 * rudder
        - 0.727 * q * r + 8.39 * r * a - 684.4 * a * b + 63.5 * q * a,
        -0.987 * q - 22.95 * a - 28.37 * elevator + 0.949 * p * r + 0.173 * p * b,
        0.002 * p - 0.235 * r + 5.67 * b - 0.921 * aileron - 6.51 * rudder
        - 0.716 * p * q - 1.578 * p * a + 1.132 * q * a,
        q - a - 1.168 * elevator - p * b,
        -r - 0.196 * b - 0.0071 * aileron + p * a,
    ])  # fmt: skip


# -- linear -------------------------------------------------------------------------------


@problem("CANTILVR")
def cantilever(x):
    return 0.0624 * np.sum(x)


@problem("HS10")
def hs10(x):
    return x[0] - x[1]


@problem("HS96")
def hs96(x):
    return np.array([4.3, 31.8, 63.3, 15.8, 68.5, 4.7]) @ x


@problem("SIMPLLPB")
def simpllpb(x):
    return 1.5 * x[0] + x[1]


@problem("MAKELA1", "CHACONN1", "POLAK4", "DEMYMALO", "MINMAXBD", "BT13", "ELATTAR")
def last_variable(x):
    """Minimax problems, whose objective is a variable above all functions."""
    return x[-1]


@problem("OET3", "OET5")
def first_variable(x):
    return x[0]


# -- with elementary functions -----------------------------------------------------------------


@problem("HS64")
def hs64(x):
    return np.array([5, 20, 10]) @ x + np.sum(np.array([50000, 72000, 144000]) / x)


@problem("HS7")
def hs7(x):
    return np.log(1 + x[0] ** 2) - x[1]


@problem("HS55")
def hs55(x):
    return x[0] + 2 * x[1] + 4 * x[4] + np.exp(x[0] * x[3])


@problem("CLIFF")
def cliff(x):
    return ((x[0] - 3) / 100) ** 2 - (x[0] - x[1]) + np.exp(20 * (x[0] - x[1]))


@problem("BRANIN")
def branin(x):
    curve = x[1] - 5.1 / (4 * np.pi**2) * x[0] ** 2 + 5 / np.pi * x[0] - 6
    return curve**2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(x[0]) + 10


@problem("EGGCRATEB")
def eggcrate(x):
    return np.sum(x**2) + 25 * np.sum(np.sin(x) ** 2)


@problem("ALLINITU")
def allinitu(x):
    a, b, c, d = x
    return (
        c - 1 + a**2 + b**2 + (c + d) ** 2 + np.sin(c) ** 2 + a**2 * b**2 + d - 3 + np.sin(c) ** 2 + (d - 1) ** 2
        + b**4 + (c**2 + (d + a) ** 2) ** 2 + (a - 4 + np.sin(d) ** 2 + b**2 * c**2) ** 2 + np.sin(d) ** 4
    )  # fmt: skip


@problem("HS69")
def hs69(x):
    growth = np.exp(x[0]) - 1
    return (0.1 * 4 - (1000 * growth - x[2]) * x[3] / (growth + x[3])) / x[0]


@problem("PENTAGON")
def pentagon(x):
    total = 0
    for j in range(3):
        for k in range(j):
            total += ((x[2 * j] - x[2 * k]) ** 2 + (x[2 * j + 1] - x[2 * k + 1]) ** 2) ** -8
    return total


# -- fits of curves to data ---------------------------------------------------------------------


def fit(model, at, data):
    """The sum of squares of a model's residuals."""
    return squares(model(t) - y for t, y in zip(at, data, strict=True))


@problem("BOX2", "BOX3")
def box(x):
    ts = np.arange(1, 11) / 10
    return fit(lambda t: np.exp(-t * x[0]) - np.exp(-t * x[1]) - x[2] * (np.exp(-t) - np.exp(-10 * t)), ts, 0 * ts)


@problem("EXP2")
def exp2(x):
    ts = np.arange(10) / 10
    return fit(lambda t: np.exp(-t * x[0]) - 5 * np.exp(-t * x[1]), ts, np.exp(-ts) - 5 * np.exp(-10 * ts))


@problem("EXPFIT")
def expfit(x):
    ts = np.arange(1, 11) / 4
    return fit(lambda t: x[0] * np.exp(t * x[1]), ts, ts)


@problem("DANIWOODLS")
def daniel_wood(x):
    data = [2.138, 3.421, 3.597, 4.340, 4.882, 5.660]
    return fit(lambda t: x[0] * t ** x[1], [1.309, 1.471, 1.490, 1.565, 1.611, 1.680], data)


@problem("HS57")
def hs57(x):
    times = [2, 4, 4, 3, 3, 2, 3, 3, 3, 3, 2, 3, 2, 1, 2, 2, 1, 1]
    at = np.repeat(np.arange(8, 44, 2), times)
    data = [
        49, 49, 48, 47, 48, 47, 46, 46, 45, 43, 45, 43, 43, 44, 43, 43, 46, 45, 42, 42, 43, 41, 41, 40, 42, 40, 40, 41,
        40, 41, 41, 40, 40, 40, 38, 41, 40, 40, 41, 38, 40, 40, 39, 39,
    ]  # fmt: skip
    return fit(lambda t: x[0] + (0.49 - x[0]) * np.exp(-x[1] * (t - 8)), at, np.array(data) / 100)


@problem("OSBORNEA")
def osborne_1(x):
    data = [
        844, 908, 932, 936, 925, 908, 881, 850, 818, 784, 751, 718, 685, 658, 628, 603, 580, 558, 538, 522, 506, 490,
        478, 467, 457, 448, 438, 431, 424, 420, 414, 411, 406,
    ]  # fmt: skip
    ts = 10 * np.arange(33)
    return fit(lambda t: x[0] + x[1] * np.exp(-t * x[3]) + x[2] * np.exp(-t * x[4]), ts, np.array(data) / 1000)


@problem("GROWTHLS")
def growth(x):
    at = [8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 25]
    data = [8.0, 8.4305, 9.5294, 10.4627, 12.0, 13.0205, 14.5949, 16.1078, 18.0596, 20.4569, 24.25, 32.9863]
    return fit(lambda t: x[0] * t ** (x[1] + np.log(t) * x[2]), at, data)


@problem("CHWIRUT2LS")
def chwirut_2(x):
    at = [
        0.5, 1, 1.75, 3.75, 5.75, 0.875, 2.25, 3.25, 5.25, 0.75, 1.75, 2.75, 4.75, 0.625, 1.25, 2.25, 4.25, 0.5, 3,
        0.75, 3, 1.5, 6, 3, 6, 1.5, 3, 0.5, 2, 4, 0.75, 2, 5, 0.75, 2.25, 3.75, 5.75, 3, 0.75, 2.5, 4, 0.75, 2.5, 4,
        0.75, 2.5, 4, 0.5, 6, 3, 0.5, 2.75, 0.5, 1.75,
    ]  # fmt: skip
    data = [
        92.9, 57.1, 31.05, 11.5875, 8.025, 63.6, 21.4, 14.25, 8.475, 63.8, 26.8, 16.4625, 7.125, 67.3, 41, 21.15,
        8.175, 81.5, 13.12, 59.9, 14.62, 32.9, 5.44, 12.56, 5.44, 32, 13.95, 75.8, 20, 10.42, 59.5, 21.67, 8.55, 62,
        20.2, 7.76, 3.75, 11.81, 54.7, 23.7, 11.55, 61.3, 17.7, 8.74, 59.2, 16.3, 8.62, 81, 4.87, 14.62, 81.7, 17.17,
        81.3, 28.9,
    ]  # fmt: skip
    return fit(lambda t: np.exp(-t * x[0]) / (x[1] + x[2] * t), at, data)


@problem("MGH10LS")
def thermistor(x):
    data = [
        34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872,
    ]  # fmt: skip
    return fit(lambda t: x[0] * np.exp(x[1] / (t + x[2])), range(50, 130, 5), data)

"""What deriving may spend on finding cheap derivatives: every bound that was measured, in one place.

`python -m benchmarks.budgets` sets each to half and double, and says what that does to operations and time.
"""

# -- Hessians: which ways are tried aside -----------------------------------------------
HESSIAN_TRIED = 50_000  # nodes times variables plus ten, up to which every way is tried, and counted exactly
HESSIAN_DENSE_NODES = 20  # nodes a variable up to which they are, too, of up to so many variables
HESSIAN_DENSE_VARIABLES = 200
HESSIAN_COLUMNS = 100  # nodes up to which forward accumulation over the gradient is tried
HESSIAN_SWEPT = 300_000  # nodes in all sweeps over the gradient, from which these are given up
HESSIAN_LIVE = 8  # edges a node and variable, from which edge pushing is given up
HESSIAN_HOPELESS = 1.5  # times the operations of the best way so far and
HESSIAN_HEADROOM = 50  # as many more, from which another way is given up

# -- Jacobians: which orders of elimination are tried aside, and how they are looked for --
JACOBIAN_TRIED_NODES = 300  # nodes up to which every order is tried, and counted exactly,
JACOBIAN_TRIED = 2000  # if all of them together have up to so many operations
JACOBIAN_PAIRS = 8000  # pairs of edges that are multiplied, from which an order is no candidate for that
ORDER_PAIRS = 1000  # pairs of edges that finding the least order starts with, and
ORDER_PAIRS_EDGE = 4  # as many more an edge; four times as many where no order comes through
ORDER_BOTH_TIES = 500  # vertices up to which both ways to break ties are tried
ORDER_FILL = 64  # pairs of neighbours up to which a tie is broken by new edges
SWEEP_ENDS = 64  # variables, or results, up to which rows, or columns, are compared with others,
SWEEP_ENTRIES = 8  # if they have up to so many entries
UNSCALED_ENTRIES = 4  # entries that a label goes into, from which its coefficient is multiplied in first

# -- gradients --------------------------------------------------------------------------
FACTOR_LOOKS = 64  # nodes that are looked at for products that a common factor would get into, and
FACTOR_LOOKS_VARIABLE = 4  # as many more a variable

# -- higher derivatives -------------------------------------------------------------------
HIGHER_TRIED = 5000  # nodes up to which Taylor recurrences and repeated gradients are both tried
HIGHER_INDICES = 500  # multi-indices up to which a Taylor series of several variables is
HIGHER_HEADROOM = 6  # operations by which gradients of lower orders may be above their share

# -- patterns of sparsity -------------------------------------------------------------------
PATTERN_WORK = 1000  # members of sets that are joined before a search upwards is left for one downwards, and
PATTERN_WORK_EDGE = 10  # as many more an edge; four times as many when both were left
PATTERN_KEPT = 64  # variables below a node up to which they are kept
PATTERN_KEPT_ALWAYS = 1024  # variables in all up to which they are kept for every node

# -- what is remembered, what is listed ---------------------------------------------------------
SECONDS_REMEMBERED = 1000  # second partials of operations beside constants
CHAIN_LISTED = 9  # Jacobians in a chain up to which all bracketings are listed: 1430 of nine

"""What deriving may spend on finding cheap derivatives: every bound that was measured, in one place.

`python -m benchmarks.budgets` sets each to half and to double, over random graphs, bands, networks and simulations, and
says how operations and time change. What it found, where operations changed or time by more than a fifth; for all
others neither did, so they are bounds of time for larger graphs than these:

| budget | at half | at double |
| --- | --- | --- |
| HESSIAN_COLUMNS | +0.2 % operations | -0.9 % operations |
| HESSIAN_HOPELESS | +3.6 % operations, -37 % time | none |
| BLOCK_EDGES | +37 % operations | +13 % operations, +55 % time |
| ALIKE_TERMS | none | +23 % time |
| JACOBIAN_TRIED_NODES | -31 % time | none |
| JACOBIAN_TRIED | none | -0.4 % operations, +42 % time |
| ORDER_BOTH_TIES | +0.2 % operations | none |
| UNSCALED_ENTRIES | -1.3 % operations | +0.4 % operations |
| HIGHER_INDICES | -1.0 % operations, -79 % time | +1.5 % operations, +219 % time |
| PATTERN_WORK_EDGE | none | -28 % time |
| PATTERN_KEPT_ALWAYS | none | +30 % time |
"""

# -- Hessians: which ways are tried aside -----------------------------------------------
HESSIAN_TRIED = 50_000  # size limit, nodes times (variables + 10), for trying several ways, counted exactly
HESSIAN_DENSE_NODES = 20  # size limit for trying them too, in nodes a variable, of up to so many variables:
HESSIAN_DENSE_VARIABLES = 200
HESSIAN_LIVE_PLAIN = 0.15  # limit of live edges a node and variable up to which they are pushed without a contest, and
HESSIAN_SQUARES = 2  # that of slopes that are squared
HESSIAN_COLUMNS = 100  # size limit for trying forward accumulation over the gradient, in nodes
HESSIAN_SWEPT = 300_000  # size limit of all sweeps over the gradient, in nodes; beyond, these are given up
HESSIAN_LIVE = 1.2  # limit of live edges a node and variable; beyond, edge pushing is given up: rows take half of it
HESSIAN_TRIED_FEW = 500  # the same for trying every way by up to so many variables, in nodes: beyond,
HESSIAN_DYADS = 4  # dyads are counted then, and taken where they have
HESSIAN_DYADS_FROM = 30  # size from which they are taken at once where edges are too many, in nodes
HESSIAN_DYADS_MOST = 16  # limit of variables for counting them where edges are too many
DYADS_LEVEL = 8.5  # operations for each product and variable, but for tangents, or fewer; rows have 8, in twice the
# time, and more where variables are many:
DYADS_LEVEL_VARIABLE = 1.5  # the same for each variable
HESSIAN_LIVE_FEW = 1  # limit of live edges a node and variable by so few: rows take less already
DYADS_MOVED = 8  # length limit of terms that go behind others one by one: longer ones are added up first
HESSIAN_EDGES = 5_000_000  # limit of edges that are pushed, in all; beyond, edge pushing is given up
HESSIAN_EDGES_UNCOUNTED = 1000  # limit of edges that are pushed before all are counted, or the pairs of variables
HESSIAN_FEW = 10  # count of variables up to which they are counted no further
HESSIAN_SOON = 1 / 16  # where the first nodes take that part of them at once, and so many times their own share
HESSIAN_ROWS = 200_000_000  # limit of rows times nodes where edge pushing gave up: a quarter of an hour
HESSIAN_HOPELESS = 1.5  # factor on the operations of the best way so far, and
HESSIAN_BEYOND = 3  # operations more for each number that overflows early in another way: those of 1/cosh(x)**3 are 3
HESSIAN_HEADROOM = 50  # allowance on top of that: beyond, another way is given up
BLOCK_LIVE = 4  # count of edges of one node from which narrow cuts are looked for
BLOCK_WIDTH = 16  # limit of the results of a block, and
BLOCK_INPUTS = 64  # of what it depends on, with the variables in it
BLOCK_ASIDE = 4  # factor on its operations, for those between them that it is not made of
BLOCK_EDGES = 3  # factor on the entries of its Jacobian, for the products that a block has at least
BLOCK_PAYS = 0.5  # products that edges are spared at least for each operation of the Jacobian
ALIKE_NODES = 1000  # size from which a sum is searched for terms that are alike, in nodes
ALIKE_TERMS = 16  # count of terms of one form from which one is derived for all
ALIKE_MEAN = 6  # size that terms have on average from which the search pays, in nodes
ALIKE_FEW = 8  # count of operations up to which their sum is one term
ALIKE_SHARED = 16  # limit of terms that share a part for taking it for one
ALIKE_TOGETHER = 1.5  # factor on what terms share at places nearby, from which they are one part together
ALIKE_SEEDS = 8  # count of numbers as adjoints from which all others are symbols: a form is derived for each
ALIKE_SIZE = 500  # size limit of such a term, in nodes

HESSIAN_TANGENTS = 64  # length of vectors of tangents that a Python function is run with: a kilobyte for each operation

# -- Jacobians: which orders of elimination are tried aside, and how they are looked for --
JACOBIAN_TRIED_NODES = 300  # size limit for trying every order, counted exactly, in nodes
JACOBIAN_TRIED = 2000  # limit of the operations of all of them together
JACOBIAN_PAIRS = 8000  # limit of multiplied pairs of edges; beyond, an order is no candidate for that
ORDER_PAIRS = 1000  # limit of multiplied pairs of edges in the first search for the least order, and
ORDER_PAIRS_EDGE = 4  # allowance for each edge; both are four times as large where no order comes through
ORDER_BOTH_TIES = 500  # size limit for trying both ways to break ties, in vertices
ORDER_FILL = 64  # limit for breaking a tie by new edges, in pairs of neighbours
SWEEP_ENDS = 64  # limit of variables, or results, for comparing rows, or columns, with others,
SWEEP_ENTRIES = 8  # limit of their entries for that
COST_PAIRS = 10_000_000  # limit of multiplied pairs of edges where a cost is all that is asked for: some 3 seconds
UNSCALED_ENTRIES = 4  # count of entries a label goes into from which its coefficient is multiplied in first

# -- dense results --------------------------------------------------------------------------
DENSE_ENTRIES = 50_000_000  # limit of the entries of a dense matrix: 800 MB while it is made

# -- gradients --------------------------------------------------------------------------
FACTOR_LOOKS = 64  # limit of looks for products that a common factor would get into, in nodes, and
FACTOR_LOOKS_VARIABLE = 4  # allowance for each variable

# -- higher derivatives -------------------------------------------------------------------
HIGHER_TRIED = 5000  # size limit for trying both Taylor recurrences and repeated gradients, in nodes
HIGHER_NESTED = (
    2  # count of functions of nonlinear operands from which only Taylor recurrences are built, in one variable
)
HIGHER_QUOTIENTS = 4  # order from which that is so of any quotient; of rational functions it is from the second
HIGHER_INDICES = 500  # limit of multi-indices for trying a Taylor series of several variables
HIGHER_HEADROOM = 6  # allowance for gradients of lower orders above their share, in operations
HIGHER_LOW = 8  # order up to which it is not asked whether derivatives end or come round, as those of exp do
CLOSED_ROOTS = 64  # order from which slopes of sqrt are written as one power each: recurrences take its square in nodes
HIGHER_PAIRS = 2_003_001  # limit of products for each operation, order 2,000 in one variable: 200 MB, and some seconds
HIGHER_PERIODS = 4  # count of derivatives among which the expression is looked for, times a number
HIGHER_DIGITS = 20_000  # limit of the numbers in front of derivatives that come round, in digits
HIGHER_ENTRIES = 1_000_000  # limit of a list of derivatives

# -- patterns of sparsity -------------------------------------------------------------------
PATTERN_WORK = 1000  # limit of joined members of sets, beyond which a search upwards gives way to one downwards, and
PATTERN_WORK_EDGE = 10  # allowance for each edge; both are four times as large when both searches were left
PATTERN_KEPT = 64  # limit of variables below a node for keeping them
PATTERN_KEPT_ALWAYS = 1024  # limit of variables in all for keeping them at every node

# -- what is remembered, what is listed ---------------------------------------------------------
SECONDS_REMEMBERED = 1000  # limit of remembered second partials, of operations beside constants
CHAIN_MAPS = 1000  # length limit of a chain whose best bracketing is looked for, which takes 5 seconds
CHAIN_LISTED = 9  # length limit of a chain whose bracketings are all listed, in Jacobians: 1430 of nine

ARRAY_PLANS = 8  # count of the last adjoints of arrays kept beside a graph, for calls that come again
ARRAY_LEVELS = 32  # depth limit of sums and blocks within one another whose Jacobians are made of those of their parts
ARRAY_VISITED = 2_000  # limit of nodes that sweeps of all terms of a sum visit, each by itself, and
ARRAY_SHARED = 4  # allowance for each node that the sum is made of: a guess, not measured
ROWS_NODES = 40  # size from which sparse derivatives are taken row by row: below, general formulas read better;
ROWS_GATHERED = 15  # the same where index arrays gather what rows read
ROWS_WIDTH = 64  # limit of the entries of a row, of what it reads and what it gives, and
ROWS_SCALARS = 4000  # limit of the entries of all nodes of its program
FILTER_SHORT = (
    64  # length limit of a filter for whose Jacobian the adjoint is shifted along, entry by entry, where it is
)
FILTER_WITHIN = 8  # convolved with more than so many times its length: a matrix hardly holds anything but zeros then
TWINS_DEEP = 6  # depth limit of sums, products and blocks in each other that are looked through for diagonals
ARRAY_DEGREE = 64  # degree limit of polynomials of arrays that are derived to any order

LOOP_ORDER = 10  # order limit of derivatives of a scan, which has three times the nodes with each order

# -- scans --------------------------------------------------------------------------------------
# A loop of RK4, or of 20 × 20 matrices, is ready in the time that 3, or 8, steps take written out, and takes longer to
# call than up to 16 of them.
SCAN_STEPS = 8  # count of steps up to which a recurrence is written out in the graph
SCAN_ENTRIES = 64  # limit of entries that a step back gives beside the adjoint of the carry; more is found afterwards

# -- derivatives in graphs that keep what is written: beyond these they are simplified --
WRITTEN_ORDER = (
    12  # limit of order times variables: each order has twice the operations, order 12 of exp(x*sin(x)) 23,792
)
WRITTEN_SWEPT = 20_000_000  # limit of rows times nodes of Hessians and Jacobians: some seconds

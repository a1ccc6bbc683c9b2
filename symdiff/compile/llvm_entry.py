"""What Python calls: three functions in C's terms, made once a process, that drive the code of any program.

They are functions of CPython's vectorcall convention, written in LLVM IR: a call
from Python costs some 50 ns more than the program itself, takes no lock, and holds no
state between calls, where one by ctypes costs 500 ns and buffers.

- `scalar(*floats)` gives a tuple;
- `point(inputs, outputs)` reads one array of float64 and fills another;
- `batch(*inputs, *outputs)` works over one-dimensional arrays, without the GIL. Whole vectors of contiguous
  arrays are read and written in place; whatever is strided, and the rest at the end,
  goes through buffers of whole vectors, padded with the last point: every
  number is computed by the same instructions.
"""

from __future__ import annotations

import ctypes
import functools
from typing import Any

import numpy as np

from symdiff.compile.llvm_target import Code

BLOCK = 512  # points in a buffer

_PYTHON = {
    "PyCapsule_GetPointer": "ptr (ptr, ptr)",
    "PyErr_NoMemory": "ptr ()",
    "PyErr_Occurred": "ptr ()",
    "PyErr_SetString": "void (ptr, ptr)",
    "PyEval_RestoreThread": "void (ptr)",
    "PyEval_SaveThread": "ptr ()",
    "PyBool_FromLong": "ptr (i64)",
    "PyFloat_AsDouble": "double (ptr)",
    "PyFloat_FromDouble": "ptr (double)",
    "PyMem_RawFree": "void (ptr)",
    "PyMem_RawMalloc": "ptr (i64)",
    "PyTuple_New": "ptr (i64)",
    "PyTuple_SetItem": "i32 (ptr, i64, ptr)",
    "Py_DecRef": "void (ptr)",
    "Py_IncRef": "void (ptr)",
}


class Program(ctypes.Structure):
    """What the entries need to know of a program."""

    _fields_ = (
        ("core", ctypes.c_void_p),  # void core(ptr context, i64 vectors, ptr in, ptr step, ptr out)
        ("context", ctypes.c_void_p),
        ("inputs", ctypes.c_int64),
        ("outputs", ctypes.c_int64),
        ("lanes", ctypes.c_int64),
        ("size", ctypes.c_int64),  # bytes of a number: 8 or 4
        ("sizes", ctypes.c_void_p),  # bytes of each result: `size`, or 1 for a bool
    )


class _MethodDef(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p),
    )  # fmt: skip


_FASTCALL = 0x80


def bound(name: str, program: Program, owner: Any) -> Any:
    """An entry as a Python function of one program; it keeps the owner alive, who keeps the code."""
    api = ctypes.pythonapi
    capsule = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)(
        ("PyCapsule_New", api)
    )(ctypes.addressof(program), None, None)
    new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.py_object, ctypes.py_object)(
        ("PyCFunction_NewEx", api)
    )
    return new(ctypes.addressof(_entries()[name]), capsule, owner)


@functools.cache
def _entries() -> dict[str, _MethodDef]:
    code = Code(_text(), 0)
    found = {
        name: _MethodDef(name.encode(), code.address(f"symdiff.{name}"), _FASTCALL, None)
        for name in ("scalar", "point", "batch")
    }
    _kept.append(code)
    return found


_kept: list[Code] = []  # for the life of the process


# -- the text ---------------------------------------------------------------------


def _text() -> str:
    header = object.__basicsize__  # of an object: the reference count and, last, the type
    constants = {
        "TYPE": header - ctypes.sizeof(ctypes.c_void_p),
        "DATA": header,  # the fields of NumPy's arrays, part of its binary interface
        "NDIM": header + 8,
        "DIMENSIONS": header + 16,
        "STRIDES": header + 24,
        "ARRAY": f"inttoptr (i64 {id(np.ndarray)} to ptr)",
        "ERROR": f"inttoptr (i64 {id(TypeError)} to ptr)",
        "NONE": f"inttoptr (i64 {id(None)} to ptr)",
        "BLOCK": BLOCK,
    }
    text = _SHARED + _SINGLE + _PROCESS + _ENTRIES
    for word, value in sorted(constants.items(), reverse=True):
        text = text.replace(f"${word}$", str(value))
    for name in _PYTHON:
        address = ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value
        text = text.replace(f"@{name}(", f"inttoptr (i64 {address} to ptr)(")
    return text


def _loop(signature: str, count: str, body: str, before: str = "") -> str:
    """A function that is one loop of %k over a count; the body ends by a branch to %latch."""
    return f"""
define internal void {signature} {{
entry:{before}
  %none = icmp eq i64 {count}, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]{body}
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, {count}
  br i1 %more, label %loop, label %done
done:
  ret void
}}
"""


def _copy(kind: str) -> str:
    return _loop(
        f"@copy_{kind}(ptr %to, i64 %to_step, ptr %from, i64 %from_step, i64 %n)",
        "%n",
        f"""
  %a = mul i64 %k, %from_step
  %p = getelementptr i8, ptr %from, i64 %a
  %x = load {kind}, ptr %p, align 1
  %b = mul i64 %k, %to_step
  %q = getelementptr i8, ptr %to, i64 %b
  store {kind} %x, ptr %q, align 1
  br label %latch""",
    )


_SHARED = (
    "%program = type { ptr, ptr, i64, i64, i64, i64, ptr }\n"
    '@arguments = internal constant [26 x i8] c"wrong number of arguments\\00"\n'
    '@arrays = internal constant [63 x i8] c"arrays of one dimension and one length, not ...               \\00"\n'
    + "".join(_copy(kind) for kind in ("i64", "i32", "i8"))
    + """
define internal void @copy(i64 %size, ptr %to, i64 %to_step, ptr %from, i64 %from_step, i64 %n) {
  switch i64 %size, label %eight [ i64 4, label %four
                                   i64 1, label %one ]
eight:
  call void @copy_i64(ptr %to, i64 %to_step, ptr %from, i64 %from_step, i64 %n)
  ret void
four:
  call void @copy_i32(ptr %to, i64 %to_step, ptr %from, i64 %from_step, i64 %n)
  ret void
one:
  call void @copy_i8(ptr %to, i64 %to_step, ptr %from, i64 %from_step, i64 %n)
  ret void
}
define internal i64 @field(ptr %p, i32 %k) {
  %at = getelementptr i64, ptr %p, i32 %k
  %value = load i64, ptr %at
  ret i64 %value
}
define internal void @run(ptr %p, i64 %vectors, ptr %in, ptr %step, ptr %out) {
  %core = load ptr, ptr %p
  %at = getelementptr ptr, ptr %p, i64 1
  %context = load ptr, ptr %at
  call void %core(ptr %context, i64 %vectors, ptr %in, ptr %step, ptr %out)
  ret void
}
define internal i64 @size_of_result(ptr %p, i64 %k) {
  %at = getelementptr ptr, ptr %p, i64 6
  %sizes = load ptr, ptr %at
  %q = getelementptr i64, ptr %sizes, i64 %k
  %size = load i64, ptr %q
  ret i64 %size
}
"""
)

# One point: every lane of the vectors holds it.
_SINGLE = (
    _loop(
        "@fill(ptr %to, double %x, i64 %lanes, i64 %size)",
        "%lanes",
        """
  br i1 %double, label %eight, label %four
eight:
  %p = getelementptr double, ptr %to, i64 %k
  store double %x, ptr %p
  br label %latch
four:
  %q = getelementptr float, ptr %to, i64 %k
  store float %short, ptr %q
  br label %latch""",
        """
  %double = icmp eq i64 %size, 8
  %short = fptrunc double %x to float""",
    )
    + _loop(
        "@spread(ptr %values, ptr %lanes_in, ptr %in, ptr %step, i64 %n, i64 %lanes, i64 %size)",
        "%n",
        """
  %vp = getelementptr double, ptr %values, i64 %k
  %x = load double, ptr %vp
  %a = mul i64 %k, %bytes
  %to = getelementptr i8, ptr %lanes_in, i64 %a
  call void @fill(ptr %to, double %x, i64 %lanes, i64 %size)
  %ip = getelementptr ptr, ptr %in, i64 %k
  store ptr %to, ptr %ip
  %sp = getelementptr i64, ptr %step, i64 %k
  store i64 0, ptr %sp
  br label %latch""",
        """
  %bytes = mul i64 %lanes, 8""",
    )
    + _loop(
        "@place(ptr %lanes_out, ptr %out, i64 %n, i64 %bytes)",
        "%n",
        """
  %a = mul i64 %k, %bytes
  %to = getelementptr i8, ptr %lanes_out, i64 %a
  %op = getelementptr ptr, ptr %out, i64 %k
  store ptr %to, ptr %op
  br label %latch""",
    )
    + _loop(
        "@collect(ptr %p, ptr %lanes_out, ptr %results, i64 %n, i64 %bytes)",
        "%n",
        """
  %a = mul i64 %k, %bytes
  %from = getelementptr i8, ptr %lanes_out, i64 %a
  %rp = getelementptr double, ptr %results, i64 %k
  %size = call i64 @size_of_result(ptr %p, i64 %k)
  switch i64 %size, label %eight [ i64 4, label %four
                                   i64 1, label %one ]
eight:
  %x8 = load double, ptr %from
  store double %x8, ptr %rp
  br label %latch
four:
  %x4 = load float, ptr %from
  %y4 = fpext float %x4 to double
  store double %y4, ptr %rp
  br label %latch
one:
  %x1 = load i8, ptr %from
  %y1 = uitofp i8 %x1 to double
  store double %y1, ptr %rp
  br label %latch""",
    )
    + """
define internal i1 @single(ptr %p, ptr %values, ptr %results) {
  %nin = call i64 @field(ptr %p, i32 2)
  %nout = call i64 @field(ptr %p, i32 3)
  %lanes = call i64 @field(ptr %p, i32 4)
  %size = call i64 @field(ptr %p, i32 5)
  %bytes = mul i64 %lanes, 8
  %n = add i64 %nin, %nout
  %lane_bytes = mul i64 %n, %bytes
  %n2 = add i64 %n, %nin
  %table_bytes = mul i64 %n2, 8
  %sum = add i64 %lane_bytes, %table_bytes
  %total = add i64 %sum, 64
  %small = alloca i8, i64 3072, align 64
  %big = icmp ugt i64 %total, 3072
  br i1 %big, label %heap, label %work
heap:
  %got = call ptr @PyMem_RawMalloc(i64 %total)
  %no = icmp eq ptr %got, null
  br i1 %no, label %fail, label %work
fail:
  ret i1 false
work:
  %mem = phi ptr [%small, %0], [%got, %heap]
  %mi = ptrtoint ptr %mem to i64
  %up = add i64 %mi, 63
  %aligned = and i64 %up, -64
  %base = inttoptr i64 %aligned to ptr
  %in_bytes = mul i64 %nin, %bytes
  %lanes_out = getelementptr i8, ptr %base, i64 %in_bytes
  %in = getelementptr i8, ptr %base, i64 %lane_bytes
  %step = getelementptr i64, ptr %in, i64 %nin
  %out = getelementptr i64, ptr %step, i64 %nin
  call void @spread(ptr %values, ptr %base, ptr %in, ptr %step, i64 %nin, i64 %lanes, i64 %size)
  call void @place(ptr %lanes_out, ptr %out, i64 %nout, i64 %bytes)
  call void @run(ptr %p, i64 1, ptr %in, ptr %step, ptr %out)
  call void @collect(ptr %p, ptr %lanes_out, ptr %results, i64 %nout, i64 %bytes)
  br i1 %big, label %free, label %end
free:
  call void @PyMem_RawFree(ptr %mem)
  br label %end
end:
  ret i1 true
}
"""
)

# A batch. The table has for each input and then each output its base and its stride.
_PROCESS = (
    _loop(
        "@pack(ptr %bases, ptr %strides, i64 %start, i64 %m, i64 %rows, i64 %size, ptr %buffer,"
        " ptr %in, ptr %step, i64 %lanes, i64 %nin)",
        "%nin",
        """
  %bp = getelementptr ptr, ptr %bases, i64 %k
  %base = load ptr, ptr %bp
  %sp = getelementptr i64, ptr %strides, i64 %k
  %stride = load i64, ptr %sp
  %off = mul i64 %start, %stride
  %from = getelementptr i8, ptr %base, i64 %off
  %a = mul i64 %k, %room
  %to = getelementptr i8, ptr %buffer, i64 %a
  call void @copy(i64 %size, ptr %to, i64 %size, ptr %from, i64 %stride, i64 %m)
  %end = mul i64 %m, %size
  %rest = getelementptr i8, ptr %to, i64 %end
  %back = sub i64 0, %size
  %last = getelementptr i8, ptr %rest, i64 %back
  %pad = sub i64 %rows, %m
  call void @copy(i64 %size, ptr %rest, i64 %size, ptr %last, i64 0, i64 %pad)
  %ip = getelementptr ptr, ptr %in, i64 %k
  store ptr %to, ptr %ip
  %tp = getelementptr i64, ptr %step, i64 %k
  %vector = mul i64 %lanes, %size
  store i64 %vector, ptr %tp
  br label %latch""",
        """
  %room = mul i64 %rows, 8""",
    )
    + _loop(
        "@unpack(ptr %p, ptr %bases, ptr %strides, i64 %start, i64 %m, i64 %rows, ptr %buffer, i64 %nout)",
        "%nout",
        """
  %size = call i64 @size_of_result(ptr %p, i64 %k)
  %bp = getelementptr ptr, ptr %bases, i64 %k
  %base = load ptr, ptr %bp
  %sp = getelementptr i64, ptr %strides, i64 %k
  %stride = load i64, ptr %sp
  %off = mul i64 %start, %stride
  %to = getelementptr i8, ptr %base, i64 %off
  %a = mul i64 %k, %room
  %from = getelementptr i8, ptr %buffer, i64 %a
  call void @copy(i64 %size, ptr %to, i64 %stride, ptr %from, i64 %size, i64 %m)
  br label %latch""",
        """
  %room = mul i64 %rows, 8""",
    )
    + _loop(
        "@direct(ptr %bases, ptr %strides, ptr %buffer, ptr %in, ptr %step, i64 %lanes, i64 %size, i64 %nin)",
        "%nin",
        """
  %bp = getelementptr ptr, ptr %bases, i64 %k
  %base = load ptr, ptr %bp
  %sp = getelementptr i64, ptr %strides, i64 %k
  %stride = load i64, ptr %sp
  %a = mul i64 %k, %bytes
  %to = getelementptr i8, ptr %buffer, i64 %a
  %ip = getelementptr ptr, ptr %in, i64 %k
  %tp = getelementptr i64, ptr %step, i64 %k
  %vector = mul i64 %lanes, %stride
  store i64 %vector, ptr %tp
  %fixed = icmp eq i64 %stride, 0
  br i1 %fixed, label %spread, label %running
spread:
  call void @copy(i64 %size, ptr %to, i64 %size, ptr %base, i64 0, i64 %lanes)
  store ptr %to, ptr %ip
  br label %latch
running:
  store ptr %base, ptr %ip
  br label %latch""",
        """
  %bytes = mul i64 %lanes, 8""",
    )
    + """
define internal i1 @regular(ptr %p, ptr %strides, i64 %nin, i64 %n, i64 %size) {
entry:
  %none = icmp eq i64 %n, 0
  br i1 %none, label %yes, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
  %sp = getelementptr i64, ptr %strides, i64 %k
  %stride = load i64, ptr %sp
  %input = icmp ult i64 %k, %nin
  br i1 %input, label %in, label %out
in:
  %zero = icmp eq i64 %stride, 0
  br i1 %zero, label %latch, label %dense
dense:
  %same = icmp eq i64 %stride, %size
  br i1 %same, label %latch, label %no
out:
  %o = sub i64 %k, %nin
  %osize = call i64 @size_of_result(ptr %p, i64 %o)
  %osame = icmp eq i64 %stride, %osize
  br i1 %osame, label %latch, label %no
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %yes
yes:
  ret i1 true
no:
  ret i1 false
}
define internal i1 @process(ptr %p, i64 %n, ptr %bases, ptr %strides) {
entry:
  %nin = call i64 @field(ptr %p, i32 2)
  %nout = call i64 @field(ptr %p, i32 3)
  %lanes = call i64 @field(ptr %p, i32 4)
  %size = call i64 @field(ptr %p, i32 5)
  %total = add i64 %nin, %nout
  %obases = getelementptr ptr, ptr %bases, i64 %nin
  %ostrides = getelementptr i64, ptr %strides, i64 %nin
  %regular = call i1 @regular(ptr %p, ptr %strides, i64 %nin, i64 %total, i64 %size)
  %vectors = udiv i64 %n, %lanes
  %whole = mul i64 %vectors, %lanes
  %first = select i1 %regular, i64 %whole, i64 0
  %left = sub i64 %n, %first
  %full = icmp ugt i64 %left, $BLOCK$
  %few = select i1 %full, i64 $BLOCK$, i64 %left
  %one = icmp ugt i64 %few, %lanes
  %most = select i1 %one, i64 %few, i64 %lanes
  %up = add i64 %most, %lanes
  %up1 = sub i64 %up, 1
  %vs = udiv i64 %up1, %lanes
  %rows = mul i64 %vs, %lanes
  %room = mul i64 %rows, 8
  %buffer_bytes = mul i64 %room, %total
  %tables = add i64 %total, %nin
  %table_bytes = mul i64 %tables, 8
  %sum = add i64 %buffer_bytes, %table_bytes
  %bytes = add i64 %sum, 64
  %mem = call ptr @PyMem_RawMalloc(i64 %bytes)
  %fails = icmp eq ptr %mem, null
  br i1 %fails, label %fail, label %work
fail:
  ret i1 false
work:
  %mi = ptrtoint ptr %mem to i64
  %mup = add i64 %mi, 63
  %aligned = and i64 %mup, -64
  %buffer = inttoptr i64 %aligned to ptr
  %in_bytes = mul i64 %room, %nin
  %obuffer = getelementptr i8, ptr %buffer, i64 %in_bytes
  %in = getelementptr i8, ptr %buffer, i64 %buffer_bytes
  %step = getelementptr i64, ptr %in, i64 %nin
  %out = getelementptr i64, ptr %step, i64 %nin
  %some = icmp ne i64 %first, 0
  br i1 %some, label %fast, label %rest
fast:
  call void @direct(ptr %bases, ptr %strides, ptr %buffer, ptr %in, ptr %step, i64 %lanes, i64 %size, i64 %nin)
  call void @run(ptr %p, i64 %vectors, ptr %in, ptr %step, ptr %obases)
  br label %rest
rest:
  call void @place(ptr %obuffer, ptr %out, i64 %nout, i64 %room)
  br label %loop
loop:
  %start = phi i64 [%first, %rest], [%next, %block]
  %more = icmp ult i64 %start, %n
  br i1 %more, label %block, label %end
block:
  %here = sub i64 %n, %start
  %cut = icmp ugt i64 %here, %rows
  %m = select i1 %cut, i64 %rows, i64 %here
  call void @pack(ptr %bases, ptr %strides, i64 %start, i64 %m, i64 %rows, i64 %size, ptr %buffer, ptr %in, ptr %step, i64 %lanes, i64 %nin)
  %mv = add i64 %m, %lanes
  %mv1 = sub i64 %mv, 1
  %count = udiv i64 %mv1, %lanes
  call void @run(ptr %p, i64 %count, ptr %in, ptr %step, ptr %out)
  call void @unpack(ptr %p, ptr %obases, ptr %ostrides, i64 %start, i64 %m, i64 %rows, ptr %obuffer, i64 %nout)
  %next = add i64 %start, %m
  br label %loop
end:
  call void @PyMem_RawFree(ptr %mem)
  ret i1 true
}
"""
)

_ENTRIES = """
define internal i1 @read(ptr %args, ptr %values, i64 %n) {
entry:
  %none = icmp eq i64 %n, 0
  br i1 %none, label %good, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
  %ap = getelementptr ptr, ptr %args, i64 %k
  %arg = load ptr, ptr %ap
  %x = call double @PyFloat_AsDouble(ptr %arg)
  %vp = getelementptr double, ptr %values, i64 %k
  store double %x, ptr %vp
  %odd = fcmp oeq double %x, -1.0
  br i1 %odd, label %check, label %latch
check:
  %error = call ptr @PyErr_Occurred()
  %fine = icmp eq ptr %error, null
  br i1 %fine, label %latch, label %bad
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %good
good:
  ret i1 true
bad:
  ret i1 false
}
define internal ptr @tuple(ptr %p, ptr %results, i64 %n) {
entry:
  %made = call ptr @PyTuple_New(i64 %n)
  %lost = icmp eq ptr %made, null
  %none = icmp eq i64 %n, 0
  %skip = or i1 %lost, %none
  br i1 %skip, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
  %rp = getelementptr double, ptr %results, i64 %k
  %x = load double, ptr %rp
  %size = call i64 @size_of_result(ptr %p, i64 %k)
  %bool = icmp eq i64 %size, 1
  br i1 %bool, label %one, label %eight
one:
  %w = fptosi double %x to i64
  %item1 = call ptr @PyBool_FromLong(i64 %w)
  br label %put
eight:
  %item8 = call ptr @PyFloat_FromDouble(double %x)
  br label %put
put:
  %item = phi ptr [%item1, %one], [%item8, %eight]
  %bad = icmp eq ptr %item, null
  br i1 %bad, label %drop, label %latch
latch:
  %set = call i32 @PyTuple_SetItem(ptr %made, i64 %k, ptr %item)
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
drop:
  call void @Py_DecRef(ptr %made)
  ret ptr null
done:
  ret ptr %made
}
define ptr @symdiff.scalar(ptr %self, ptr %args, i64 %nargs) {
  %p = call ptr @PyCapsule_GetPointer(ptr %self, ptr null)
  %nin = call i64 @field(ptr %p, i32 2)
  %nout = call i64 @field(ptr %p, i32 3)
  %fits = icmp eq i64 %nargs, %nin
  br i1 %fits, label %room, label %wrong
wrong:
  call void @PyErr_SetString(ptr $ERROR$, ptr @arguments)
  ret ptr null
room:
  %n = add i64 %nin, %nout
  %bytes = mul i64 %n, 8
  %small = alloca i8, i64 512, align 16
  %big = icmp ugt i64 %bytes, 512
  br i1 %big, label %heap, label %work
heap:
  %got = call ptr @PyMem_RawMalloc(i64 %bytes)
  %no = icmp eq ptr %got, null
  br i1 %no, label %memory, label %work
memory:
  %e = call ptr @PyErr_NoMemory()
  ret ptr null
work:
  %values = phi ptr [%small, %room], [%got, %heap]
  %results = getelementptr double, ptr %values, i64 %nin
  %good = call i1 @read(ptr %args, ptr %values, i64 %nin)
  br i1 %good, label %compute, label %end
compute:
  %done = call i1 @single(ptr %p, ptr %values, ptr %results)
  br i1 %done, label %pack, label %starved
starved:
  %e2 = call ptr @PyErr_NoMemory()
  br label %end
pack:
  %made = call ptr @tuple(ptr %p, ptr %results, i64 %nout)
  br label %end
end:
  %result = phi ptr [null, %work], [null, %starved], [%made, %pack]
  br i1 %big, label %free, label %leave
free:
  call void @PyMem_RawFree(ptr %values)
  br label %leave
leave:
  ret ptr %result
}
define internal i1 @fits(ptr %array, i64 %n) {
  %tp = getelementptr i8, ptr %array, i64 $TYPE$
  %type = load ptr, ptr %tp
  %is = icmp eq ptr %type, $ARRAY$
  br i1 %is, label %shape, label %no
shape:
  %np = getelementptr i8, ptr %array, i64 $NDIM$
  %ndim = load i32, ptr %np
  %flat = icmp eq i32 %ndim, 1
  br i1 %flat, label %length, label %no
length:
  %dp = getelementptr i8, ptr %array, i64 $DIMENSIONS$
  %dims = load ptr, ptr %dp
  %dim = load i64, ptr %dims
  %same = icmp eq i64 %dim, %n
  ret i1 %same
no:
  ret i1 false
}
define internal ptr @data(ptr %array) {
  %at = getelementptr i8, ptr %array, i64 $DATA$
  %data = load ptr, ptr %at
  ret ptr %data
}
define internal i64 @stride(ptr %array) {
  %at = getelementptr i8, ptr %array, i64 $STRIDES$
  %strides = load ptr, ptr %at
  %stride = load i64, ptr %strides
  ret i64 %stride
}
define ptr @symdiff.point(ptr %self, ptr %args, i64 %nargs) {
  %p = call ptr @PyCapsule_GetPointer(ptr %self, ptr null)
  %two = icmp eq i64 %nargs, 2
  br i1 %two, label %first, label %wrong
first:
  %nin = call i64 @field(ptr %p, i32 2)
  %a = load ptr, ptr %args
  %afits = call i1 @fits(ptr %a, i64 %nin)
  br i1 %afits, label %second, label %wrong
second:
  %nout = call i64 @field(ptr %p, i32 3)
  %bp = getelementptr ptr, ptr %args, i64 1
  %b = load ptr, ptr %bp
  %bfits = call i1 @fits(ptr %b, i64 %nout)
  br i1 %bfits, label %strides, label %wrong
strides:
  %sa = call i64 @stride(ptr %a)
  %sb = call i64 @stride(ptr %b)
  %ca = icmp eq i64 %sa, 8
  %cb = icmp eq i64 %sb, 8
  %dense = and i1 %ca, %cb
  br i1 %dense, label %work, label %wrong
wrong:
  call void @PyErr_SetString(ptr $ERROR$, ptr @arrays)
  ret ptr null
work:
  %values = call ptr @data(ptr %a)
  %results = call ptr @data(ptr %b)
  %done = call i1 @single(ptr %p, ptr %values, ptr %results)
  br i1 %done, label %good, label %starved
starved:
  %e = call ptr @PyErr_NoMemory()
  ret ptr null
good:
  call void @Py_IncRef(ptr $NONE$)
  ret ptr $NONE$
}
define internal i1 @survey(ptr %args, i64 %n, i64 %length, ptr %bases, ptr %strides) {
entry:
  %none = icmp eq i64 %n, 0
  br i1 %none, label %good, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %take]
  %ap = getelementptr ptr, ptr %args, i64 %k
  %array = load ptr, ptr %ap
  %fits = call i1 @fits(ptr %array, i64 %length)
  br i1 %fits, label %take, label %bad
take:
  %data = call ptr @data(ptr %array)
  %stride = call i64 @stride(ptr %array)
  %bp = getelementptr ptr, ptr %bases, i64 %k
  store ptr %data, ptr %bp
  %sp = getelementptr i64, ptr %strides, i64 %k
  store i64 %stride, ptr %sp
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %good
good:
  ret i1 true
bad:
  ret i1 false
}
define ptr @symdiff.batch(ptr %self, ptr %args, i64 %nargs) {
  %p = call ptr @PyCapsule_GetPointer(ptr %self, ptr null)
  %nin = call i64 @field(ptr %p, i32 2)
  %nout = call i64 @field(ptr %p, i32 3)
  %n = add i64 %nin, %nout
  %fits = icmp eq i64 %nargs, %n
  br i1 %fits, label %count, label %wrong
wrong:
  call void @PyErr_SetString(ptr $ERROR$, ptr @arguments)
  ret ptr null
count:
  %nothing = icmp eq i64 %nout, 0
  br i1 %nothing, label %good, label %room
room:
  %op = getelementptr ptr, ptr %args, i64 %nin
  %out = load ptr, ptr %op
  %tp = getelementptr i8, ptr %out, i64 $TYPE$
  %type = load ptr, ptr %tp
  %is = icmp eq ptr %type, $ARRAY$
  br i1 %is, label %shape, label %odd
shape:
  %dp = getelementptr i8, ptr %out, i64 $DIMENSIONS$
  %dims = load ptr, ptr %dp
  %ndp = getelementptr i8, ptr %out, i64 $NDIM$
  %ndim = load i32, ptr %ndp
  %flat = icmp eq i32 %ndim, 1
  br i1 %flat, label %heap, label %odd
heap:
  %length = load i64, ptr %dims
  %bytes = mul i64 %n, 16
  %bases = call ptr @PyMem_RawMalloc(i64 %bytes)
  %no = icmp eq ptr %bases, null
  br i1 %no, label %starved, label %look
look:
  %strides = getelementptr i64, ptr %bases, i64 %n
  %all = call i1 @survey(ptr %args, i64 %n, i64 %length, ptr %bases, ptr %strides)
  br i1 %all, label %work, label %unfit
unfit:
  call void @PyMem_RawFree(ptr %bases)
  br label %odd
odd:
  call void @PyErr_SetString(ptr $ERROR$, ptr @arrays)
  ret ptr null
work:
  %thread = call ptr @PyEval_SaveThread()
  %done = call i1 @process(ptr %p, i64 %length, ptr %bases, ptr %strides)
  call void @PyEval_RestoreThread(ptr %thread)
  call void @PyMem_RawFree(ptr %bases)
  br i1 %done, label %good, label %starved
starved:
  %e = call ptr @PyErr_NoMemory()
  ret ptr null
good:
  call void @Py_IncRef(ptr $NONE$)
  ret ptr $NONE$
}
"""

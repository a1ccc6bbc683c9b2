"""CUDA: a kernel over a batch of points, one thread a point, and the function that launches it."""

from __future__ import annotations

from symdiff.errors import SymdiffValueError
from symdiff.languages.c import RESERVED as _RESERVED
from symdiff.languages.c import CWriter, comment, definitions, inside, named, pattern, wrapped, written
from symdiff.languages.job import Job
from symdiff.languages.spelling import words

RESERVED = _RESERVED | frozenset(
    words("""
count stream point points threadIdx blockIdx blockDim gridDim warpSize dim3 cudaStream_t namespace using template
typename constexpr nullptr static_cast auto operator private public protected virtual friend try catch throw mutable
explicit export alignas alignof decltype noexcept thread_local wchar_t asm
""")
)
_THREADS = 128  # of a block
_MOST_BYTES = 512 * 1024  # of the local memory of a thread


class CudaWriter(CWriter):
    """Lines of CUDA."""

    language = "CUDA"
    static = "static __device__"
    restrict = "__restrict__"
    apart = "static __device__ __noinline__"


def write(job: Job) -> tuple[dict[str, str], int]:
    """The texts by suffix.

    Raises
    ------
    SymdiffValueError
        For a workspace that is more than a thread has.
    """
    library, names = named(job, "CUDA")
    names.taken |= {f"{job.name}_point", f"{job.name}_kernel"} | RESERVED
    writer = CudaWriter(job.name, library, names, job.single)
    work = written(job, writer)
    bytes_taken = work * (4 if job.single else 8)
    if bytes_taken > _MOST_BYTES:
        raise SymdiffValueError(
            f"{job.name} takes a workspace of {bytes_taken:,} bytes, and a thread of CUDA has {_MOST_BYTES:,} at most: "
            "write language='c'"
        )
    return {"cu": _source(job, writer, work), "h": _header(job, writer)}, 0


def _pointers(job: Job, writer: CudaWriter) -> list[str]:
    """The parameters of the batch."""
    given = [f"const {writer.real} *in{k}" for k in range(len(job.arguments))]
    return ["long long count", *given, *[f"{writer.real} *out{k}" for k in range(len(job.items))]]


def _names(job: Job) -> list[str]:
    return [*[f"in{k}" for k in range(len(job.arguments))], *[f"out{k}" for k in range(len(job.items))]]


def _source(job: Job, writer: CudaWriter, work: int) -> str:
    lines = [f"/* {comment(job.title)} */", "", "#include <math.h>", ""]
    tables = [line for item in job.items for line in pattern(job, item, declare=False)]
    if tables:
        lines += ['extern "C" {', *tables, "}", ""]
    one = [text for text, _ in writer.parameters]
    lines += definitions(writer)
    lines += [f"/** One point of {job.name}. */", *wrapped(f"{writer.static} void {job.name}_point(", one), "{"]
    lines += [*inside(job, writer, work), "}", "", *_kernel(job, writer, work), *_launch(job, writer)]
    return "\n".join(lines)


def _kernel(job: Job, writer: CudaWriter, work: int) -> list[str]:
    """The kernel: each thread takes every point that is as far on as there are threads."""
    sizes = [b.size for b in (*job.program.inputs, *job.program.outputs)]
    at = [f"{n} + {s}*point" if s > 1 else f"{n} + point" if s else n for n, s in zip(_names(job), sizes, strict=True)]
    lines = ["/** All points, those of a thread one after the other. */"]
    lines += [*wrapped(f"__global__ void {job.name}_kernel(", _pointers(job, writer)), "{"]
    lines += [f"    {writer.real} work[{work}];"] if work else []
    lines += ["    const long long threads = (long long)gridDim.x*blockDim.x;"]
    lines += ["    const long long first = (long long)blockIdx.x*blockDim.x + threadIdx.x;"]
    lines += ["    for (long long point = first; point < count; point += threads) {"]
    call = wrapped(f"        {job.name}_point(", [*at, *["work"] * bool(work)])
    call[-1] += ";"
    return [*lines, call[0], *[f"        {line}" for line in call[1:]], "    }", "}", ""]


def _launch(job: Job, writer: CudaWriter) -> list[str]:
    """The function that hosts call."""
    head = wrapped(f'extern "C" int {job.name}(', [*_pointers(job, writer), "cudaStream_t stream"])
    passed = ", ".join(["count", *_names(job)])
    lines = ["#ifdef __CUDACC__", *_doc(job), *head, "{"]
    lines += ["    if (count < 1) {", "        return 0;", "    }"]
    lines += [f"    const long long blocks = (count + {_THREADS - 1})/{_THREADS};"]
    lines += ["    const unsigned grid = blocks < 65535 ? (unsigned)blocks : 65535u;"]
    lines += [f"    {job.name}_kernel<<<grid, {_THREADS}, 0, stream>>>({passed});"]
    return [*lines, "    return (int)cudaGetLastError();", "}", "#endif", ""]


def _header(job: Job, writer: CudaWriter) -> str:
    guard = f"{job.name.upper()}_H"
    lines = [f"/* {comment(job.title)} */", "", f"#ifndef {guard}", f"#define {guard}", "", "#include <cuda_runtime.h>"]
    lines += ["", "#ifdef __cplusplus", 'extern "C" {', "#endif", ""]
    for item in job.items:
        lines += pattern(job, item, declare=True)
    signature = wrapped(f"int {job.name}(", [*_pointers(job, writer), "cudaStream_t stream"])
    signature[-1] += ";"
    lines += [*_doc(job), *signature, "", "#ifdef __cplusplus", "}", "#endif", "", "#endif", ""]
    return "\n".join(lines)


def _doc(job: Job) -> list[str]:
    """A comment that doxygen reads."""
    lines = ["/**", f" * @brief {comment(job.title)}", " *", " * Pointers are to memory of the device, the numbers of"]
    lines += [" * each point behind those of the one before.", " *", " * @param count how many points"]
    for k, argument in enumerate(job.arguments):
        lines.append(f" * @param[in] in{k} {comment(argument.label)}, for each point {argument.said}")
    for k, item in enumerate(job.items):
        lines.append(f" * @param[out] out{k} for each point {comment(item.said)}")
    return [*lines, " * @param stream in which it runs", " * @return 0, or the number of CUDA's error", " */"]

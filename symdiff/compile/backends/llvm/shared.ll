; What the entries for one point and for batches share. %program is `Program` of entry.py; words between dollars are filled in
; there, and so are the addresses of CPython's functions.

@arguments = internal constant [26 x i8] c"wrong number of arguments\00"
@arrays = internal constant [55 x i8] c"not arrays of one dimension and of the expected length\00"

define internal i64 @field(ptr %p, i32 %k) {
  %at = getelementptr i64, ptr %p, i32 %k
  %value = load i64, ptr %at
  ret i64 %value
}

define internal i1 @run(ptr %p, i64 %vectors, ptr %in, ptr %step, ptr %out) {
  %core = load ptr, ptr %p
  %at = getelementptr ptr, ptr %p, i64 1
  %context = load ptr, ptr %at
  %done = call i1 %core(ptr %context, i64 %vectors, ptr %in, ptr %step, ptr %out)
  ret i1 %done
}

define internal i64 @size_of_result(ptr %p, i64 %k) {
  %at = getelementptr ptr, ptr %p, i64 6
  %sizes = load ptr, ptr %at
  %q = getelementptr i64, ptr %sizes, i64 %k
  %size = load i64, ptr %q
  ret i64 %size
}

define internal void @place(ptr %lanes_out, ptr %out, i64 %n, i64 %bytes) {
entry:
  %none = icmp eq i64 %n, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
  %a = mul i64 %k, %bytes
  %to = getelementptr i8, ptr %lanes_out, i64 %a
  %op = getelementptr ptr, ptr %out, i64 %k
  store ptr %to, ptr %op
  br label %latch
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
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

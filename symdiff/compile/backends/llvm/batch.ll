; A batch of points: symdiff.batch(*inputs, *outputs) over arrays of one dimension. The tables have the base and the stride
; of each input and then of each output.


define internal void @copy_i64(ptr %to, i64 %to_step, ptr %from, i64 %from_step, i64 %n) {
entry:
  %eights = udiv i64 %n, 8
  %some = icmp ne i64 %eights, 0
  br i1 %some, label %eight, label %rest
eight:
  %k = phi i64 [0, %entry], [%k1, %eight]
  %p0 = phi ptr [%from, %entry], [%p8, %eight]
  %q0 = phi ptr [%to, %entry], [%q8, %eight]
  %x0 = load i64, ptr %p0, align 1
  store i64 %x0, ptr %q0, align 1
  %p1 = getelementptr i8, ptr %p0, i64 %from_step
  %q1 = getelementptr i8, ptr %q0, i64 %to_step
  %x1 = load i64, ptr %p1, align 1
  store i64 %x1, ptr %q1, align 1
  %p2 = getelementptr i8, ptr %p1, i64 %from_step
  %q2 = getelementptr i8, ptr %q1, i64 %to_step
  %x2 = load i64, ptr %p2, align 1
  store i64 %x2, ptr %q2, align 1
  %p3 = getelementptr i8, ptr %p2, i64 %from_step
  %q3 = getelementptr i8, ptr %q2, i64 %to_step
  %x3 = load i64, ptr %p3, align 1
  store i64 %x3, ptr %q3, align 1
  %p4 = getelementptr i8, ptr %p3, i64 %from_step
  %q4 = getelementptr i8, ptr %q3, i64 %to_step
  %x4 = load i64, ptr %p4, align 1
  store i64 %x4, ptr %q4, align 1
  %p5 = getelementptr i8, ptr %p4, i64 %from_step
  %q5 = getelementptr i8, ptr %q4, i64 %to_step
  %x5 = load i64, ptr %p5, align 1
  store i64 %x5, ptr %q5, align 1
  %p6 = getelementptr i8, ptr %p5, i64 %from_step
  %q6 = getelementptr i8, ptr %q5, i64 %to_step
  %x6 = load i64, ptr %p6, align 1
  store i64 %x6, ptr %q6, align 1
  %p7 = getelementptr i8, ptr %p6, i64 %from_step
  %q7 = getelementptr i8, ptr %q6, i64 %to_step
  %x7 = load i64, ptr %p7, align 1
  store i64 %x7, ptr %q7, align 1
  %p8 = getelementptr i8, ptr %p7, i64 %from_step
  %q8 = getelementptr i8, ptr %q7, i64 %to_step
  %k1 = add i64 %k, 1
  %again = icmp ult i64 %k1, %eights
  br i1 %again, label %eight, label %rest
rest:
  %p = phi ptr [%from, %entry], [%p8, %eight]
  %q = phi ptr [%to, %entry], [%q8, %eight]
  %left = urem i64 %n, 8
  %more = icmp ne i64 %left, 0
  br i1 %more, label %single, label %done
single:
  %j = phi i64 [0, %rest], [%j1, %single]
  %r = phi ptr [%p, %rest], [%r1, %single]
  %w = phi ptr [%q, %rest], [%w1, %single]
  %x = load i64, ptr %r, align 1
  store i64 %x, ptr %w, align 1
  %r1 = getelementptr i8, ptr %r, i64 %from_step
  %w1 = getelementptr i8, ptr %w, i64 %to_step
  %j1 = add i64 %j, 1
  %go = icmp ult i64 %j1, %left
  br i1 %go, label %single, label %done
done:
  ret void
}

define internal void @copy_i32(ptr %to, i64 %to_step, ptr %from, i64 %from_step, i64 %n) {
entry:
  %eights = udiv i64 %n, 8
  %some = icmp ne i64 %eights, 0
  br i1 %some, label %eight, label %rest
eight:
  %k = phi i64 [0, %entry], [%k1, %eight]
  %p0 = phi ptr [%from, %entry], [%p8, %eight]
  %q0 = phi ptr [%to, %entry], [%q8, %eight]
  %x0 = load i32, ptr %p0, align 1
  store i32 %x0, ptr %q0, align 1
  %p1 = getelementptr i8, ptr %p0, i64 %from_step
  %q1 = getelementptr i8, ptr %q0, i64 %to_step
  %x1 = load i32, ptr %p1, align 1
  store i32 %x1, ptr %q1, align 1
  %p2 = getelementptr i8, ptr %p1, i64 %from_step
  %q2 = getelementptr i8, ptr %q1, i64 %to_step
  %x2 = load i32, ptr %p2, align 1
  store i32 %x2, ptr %q2, align 1
  %p3 = getelementptr i8, ptr %p2, i64 %from_step
  %q3 = getelementptr i8, ptr %q2, i64 %to_step
  %x3 = load i32, ptr %p3, align 1
  store i32 %x3, ptr %q3, align 1
  %p4 = getelementptr i8, ptr %p3, i64 %from_step
  %q4 = getelementptr i8, ptr %q3, i64 %to_step
  %x4 = load i32, ptr %p4, align 1
  store i32 %x4, ptr %q4, align 1
  %p5 = getelementptr i8, ptr %p4, i64 %from_step
  %q5 = getelementptr i8, ptr %q4, i64 %to_step
  %x5 = load i32, ptr %p5, align 1
  store i32 %x5, ptr %q5, align 1
  %p6 = getelementptr i8, ptr %p5, i64 %from_step
  %q6 = getelementptr i8, ptr %q5, i64 %to_step
  %x6 = load i32, ptr %p6, align 1
  store i32 %x6, ptr %q6, align 1
  %p7 = getelementptr i8, ptr %p6, i64 %from_step
  %q7 = getelementptr i8, ptr %q6, i64 %to_step
  %x7 = load i32, ptr %p7, align 1
  store i32 %x7, ptr %q7, align 1
  %p8 = getelementptr i8, ptr %p7, i64 %from_step
  %q8 = getelementptr i8, ptr %q7, i64 %to_step
  %k1 = add i64 %k, 1
  %again = icmp ult i64 %k1, %eights
  br i1 %again, label %eight, label %rest
rest:
  %p = phi ptr [%from, %entry], [%p8, %eight]
  %q = phi ptr [%to, %entry], [%q8, %eight]
  %left = urem i64 %n, 8
  %more = icmp ne i64 %left, 0
  br i1 %more, label %single, label %done
single:
  %j = phi i64 [0, %rest], [%j1, %single]
  %r = phi ptr [%p, %rest], [%r1, %single]
  %w = phi ptr [%q, %rest], [%w1, %single]
  %x = load i32, ptr %r, align 1
  store i32 %x, ptr %w, align 1
  %r1 = getelementptr i8, ptr %r, i64 %from_step
  %w1 = getelementptr i8, ptr %w, i64 %to_step
  %j1 = add i64 %j, 1
  %go = icmp ult i64 %j1, %left
  br i1 %go, label %single, label %done
done:
  ret void
}

define internal void @copy_i8(ptr %to, i64 %to_step, ptr %from, i64 %from_step, i64 %n) {
entry:
  %eights = udiv i64 %n, 8
  %some = icmp ne i64 %eights, 0
  br i1 %some, label %eight, label %rest
eight:
  %k = phi i64 [0, %entry], [%k1, %eight]
  %p0 = phi ptr [%from, %entry], [%p8, %eight]
  %q0 = phi ptr [%to, %entry], [%q8, %eight]
  %x0 = load i8, ptr %p0, align 1
  store i8 %x0, ptr %q0, align 1
  %p1 = getelementptr i8, ptr %p0, i64 %from_step
  %q1 = getelementptr i8, ptr %q0, i64 %to_step
  %x1 = load i8, ptr %p1, align 1
  store i8 %x1, ptr %q1, align 1
  %p2 = getelementptr i8, ptr %p1, i64 %from_step
  %q2 = getelementptr i8, ptr %q1, i64 %to_step
  %x2 = load i8, ptr %p2, align 1
  store i8 %x2, ptr %q2, align 1
  %p3 = getelementptr i8, ptr %p2, i64 %from_step
  %q3 = getelementptr i8, ptr %q2, i64 %to_step
  %x3 = load i8, ptr %p3, align 1
  store i8 %x3, ptr %q3, align 1
  %p4 = getelementptr i8, ptr %p3, i64 %from_step
  %q4 = getelementptr i8, ptr %q3, i64 %to_step
  %x4 = load i8, ptr %p4, align 1
  store i8 %x4, ptr %q4, align 1
  %p5 = getelementptr i8, ptr %p4, i64 %from_step
  %q5 = getelementptr i8, ptr %q4, i64 %to_step
  %x5 = load i8, ptr %p5, align 1
  store i8 %x5, ptr %q5, align 1
  %p6 = getelementptr i8, ptr %p5, i64 %from_step
  %q6 = getelementptr i8, ptr %q5, i64 %to_step
  %x6 = load i8, ptr %p6, align 1
  store i8 %x6, ptr %q6, align 1
  %p7 = getelementptr i8, ptr %p6, i64 %from_step
  %q7 = getelementptr i8, ptr %q6, i64 %to_step
  %x7 = load i8, ptr %p7, align 1
  store i8 %x7, ptr %q7, align 1
  %p8 = getelementptr i8, ptr %p7, i64 %from_step
  %q8 = getelementptr i8, ptr %q7, i64 %to_step
  %k1 = add i64 %k, 1
  %again = icmp ult i64 %k1, %eights
  br i1 %again, label %eight, label %rest
rest:
  %p = phi ptr [%from, %entry], [%p8, %eight]
  %q = phi ptr [%to, %entry], [%q8, %eight]
  %left = urem i64 %n, 8
  %more = icmp ne i64 %left, 0
  br i1 %more, label %single, label %done
single:
  %j = phi i64 [0, %rest], [%j1, %single]
  %r = phi ptr [%p, %rest], [%r1, %single]
  %w = phi ptr [%q, %rest], [%w1, %single]
  %x = load i8, ptr %r, align 1
  store i8 %x, ptr %w, align 1
  %r1 = getelementptr i8, ptr %r, i64 %from_step
  %w1 = getelementptr i8, ptr %w, i64 %to_step
  %j1 = add i64 %j, 1
  %go = icmp ult i64 %j1, %left
  br i1 %go, label %single, label %done
done:
  ret void
}

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

define internal void @pack(ptr %bases, ptr %strides, i64 %start, i64 %m, i64 %rows, i64 %size, ptr %buffer, ptr %in, ptr %step, i64 %lanes, i64 %nin) {
entry:
  %room0 = mul i64 %rows, 8
  %room = add i64 %room0, 64 ; so that buffers do not all meet in the same lines of the cache
  %none = icmp eq i64 %nin, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
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
  br label %latch
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %nin
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal void @unpack(ptr %p, ptr %bases, ptr %strides, i64 %start, i64 %m, i64 %rows, ptr %buffer, i64 %nout) {
entry:
  %room0 = mul i64 %rows, 8
  %room = add i64 %room0, 64 ; so that buffers do not all meet in the same lines of the cache
  %none = icmp eq i64 %nout, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
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
  br label %latch
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %nout
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal void @direct(ptr %bases, ptr %strides, ptr %buffer, ptr %in, ptr %step, i64 %lanes, i64 %size, i64 %nin) {
entry:
  %bytes = mul i64 %lanes, 8
  %none = icmp eq i64 %nin, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
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
  br label %latch
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %nin
  br i1 %more, label %loop, label %done
done:
  ret void
}

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
  %room0 = mul i64 %rows, 8
  %room = add i64 %room0, 64 ; so that buffers do not all meet in the same lines of the cache
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
  %filled = call i1 @run(ptr %p, i64 %vectors, ptr %in, ptr %step, ptr %obases)
  br i1 %filled, label %rest, label %end
rest:
  call void @place(ptr %obuffer, ptr %out, i64 %nout, i64 %room)
  br label %loop
loop:
  %start = phi i64 [%first, %rest], [%next, %copy]
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
  %computed = call i1 @run(ptr %p, i64 %count, ptr %in, ptr %step, ptr %out)
  br i1 %computed, label %copy, label %end
copy:
  call void @unpack(ptr %p, ptr %obases, ptr %ostrides, i64 %start, i64 %m, i64 %rows, ptr %obuffer, i64 %nout)
  %next = add i64 %start, %m
  br label %loop
end:
  %had = phi i1 [false, %fast], [true, %loop], [false, %block]
  call void @PyMem_RawFree(ptr %mem)
  ret i1 %had
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

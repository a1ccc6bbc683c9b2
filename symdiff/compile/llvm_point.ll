; One point: every lane of the vectors holds it.
;   symdiff.scalar(*floats)          gives a tuple
;   symdiff.point(results, *floats)  fills an array of one dimension, contiguous, of the program's numbers


define internal void @fill(ptr %to, double %x, i64 %lanes, i64 %size) {
entry:
  %double = icmp eq i64 %size, 8
  %short = fptrunc double %x to float
  %none = icmp eq i64 %lanes, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
  br i1 %double, label %eight, label %four
eight:
  %p = getelementptr double, ptr %to, i64 %k
  store double %x, ptr %p
  br label %latch
four:
  %q = getelementptr float, ptr %to, i64 %k
  store float %short, ptr %q
  br label %latch
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %lanes
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal void @spread(ptr %values, ptr %lanes_in, ptr %in, ptr %step, i64 %n, i64 %lanes, i64 %size) {
entry:
  %bytes = mul i64 %lanes, 8
  %none = icmp eq i64 %n, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
  %vp = getelementptr double, ptr %values, i64 %k
  %x = load double, ptr %vp
  %a = mul i64 %k, %bytes
  %to = getelementptr i8, ptr %lanes_in, i64 %a
  call void @fill(ptr %to, double %x, i64 %lanes, i64 %size)
  %ip = getelementptr ptr, ptr %in, i64 %k
  store ptr %to, ptr %ip
  %sp = getelementptr i64, ptr %step, i64 %k
  store i64 0, ptr %sp
  br label %latch
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal void @collect(ptr %p, ptr %lanes_out, ptr %results, i64 %n, i64 %bytes, i64 %as) {
entry:
  %double = icmp eq i64 %as, 8
  %none = icmp eq i64 %n, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
  %a = mul i64 %k, %bytes
  %from = getelementptr i8, ptr %lanes_out, i64 %a
  %size = call i64 @size_of_result(ptr %p, i64 %k)
  switch i64 %size, label %eight [ i64 4, label %four
                                   i64 1, label %one ]
eight:
  %x8 = load double, ptr %from
  br label %put
four:
  %x4 = load float, ptr %from
  %y4 = fpext float %x4 to double
  br label %put
one:
  %x1 = load i8, ptr %from
  %y1 = uitofp i8 %x1 to double
  br label %put
put:
  %x = phi double [%x8, %eight], [%y4, %four], [%y1, %one]
  br i1 %double, label %long, label %short
long:
  %lp = getelementptr double, ptr %results, i64 %k
  store double %x, ptr %lp
  br label %latch
short:
  %s = fptrunc double %x to float
  %sp = getelementptr float, ptr %results, i64 %k
  store float %s, ptr %sp
  br label %latch
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal i1 @single(ptr %p, ptr %values, ptr %results, i64 %as) {
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
  call void @collect(ptr %p, ptr %lanes_out, ptr %results, i64 %nout, i64 %bytes, i64 %as)
  br i1 %big, label %free, label %end
free:
  call void @PyMem_RawFree(ptr %mem)
  br label %end
end:
  ret i1 true
}

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
  %done = call i1 @single(ptr %p, ptr %values, ptr %results, i64 8)
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

define ptr @symdiff.point(ptr %self, ptr %args, i64 %nargs) {
  %p = call ptr @PyCapsule_GetPointer(ptr %self, ptr null)
  %nin = call i64 @field(ptr %p, i32 2)
  %nout = call i64 @field(ptr %p, i32 3)
  %size = call i64 @field(ptr %p, i32 5)
  %expected = add i64 %nin, 1
  %counted = icmp eq i64 %nargs, %expected
  br i1 %counted, label %look, label %wrong
wrong:
  call void @PyErr_SetString(ptr $ERROR$, ptr @arguments)
  ret ptr null
look:
  %array = load ptr, ptr %args
  %fits = call i1 @fits(ptr %array, i64 %nout)
  br i1 %fits, label %dense, label %odd
dense:
  %step = call i64 @stride(ptr %array)
  %close = icmp eq i64 %step, %size
  br i1 %close, label %room, label %odd
odd:
  call void @PyErr_SetString(ptr $ERROR$, ptr @arrays)
  ret ptr null
room:
  %bytes = mul i64 %nin, 8
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
  %first = getelementptr ptr, ptr %args, i64 1
  %good = call i1 @read(ptr %first, ptr %values, i64 %nin)
  br i1 %good, label %compute, label %end
compute:
  %results = call ptr @data(ptr %array)
  %done = call i1 @single(ptr %p, ptr %values, ptr %results, i64 %size)
  br i1 %done, label %end, label %starved
starved:
  %e2 = call ptr @PyErr_NoMemory()
  br label %end
end:
  %ok = phi i1 [false, %work], [false, %starved], [true, %compute]
  br i1 %big, label %free, label %leave
free:
  call void @PyMem_RawFree(ptr %values)
  br label %leave
leave:
  br i1 %ok, label %none, label %fail
none:
  call void @Py_IncRef(ptr $NONE$)
  ret ptr $NONE$
fail:
  ret ptr null
}

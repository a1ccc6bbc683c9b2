; One point.
;   symdiff.scalar(*floats)          gives a tuple
;   symdiff.point(results, *floats)  fills an array of one dimension, contiguous, of the program's numbers (conditions as 0 and 1)


define internal i1 @single(ptr %p, ptr %values, ptr %results) {
  %single_at = getelementptr ptr, ptr %p, i64 7
  %single = load ptr, ptr %single_at
  %context_at = getelementptr ptr, ptr %p, i64 1
  %context = load ptr, ptr %context_at
  %done = call i1 %single(ptr %context, ptr %values, ptr %results)
  br i1 %done, label %good, label %memory
memory:
  %e = call ptr @PyErr_NoMemory()
  ret i1 false
good:
  ret i1 true
}

define internal void @narrow(ptr %values, ptr %results, i64 %n) {
entry:
  %none = icmp eq i64 %n, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %loop]
  %vp = getelementptr double, ptr %values, i64 %k
  %x = load double, ptr %vp
  %short = fptrunc double %x to float
  %rp = getelementptr float, ptr %results, i64 %k
  store float %short, ptr %rp
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
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
  %computed = call i1 @single(ptr %p, ptr %values, ptr %results)
  br i1 %computed, label %give, label %end
give:
  %made = call ptr @tuple(ptr %p, ptr %results, i64 %nout)
  br label %end
end:
  %result = phi ptr [null, %work], [null, %compute], [%made, %give]
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
  %double = icmp eq i64 %size, 8
  %extra = select i1 %double, i64 0, i64 %nout
  %cells = add i64 %nin, %extra
  %bytes = mul i64 %cells, 8
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
  br i1 %double, label %long, label %short
long:
  %filled = call i1 @single(ptr %p, ptr %values, ptr %results)
  br label %end
short:
  %own = getelementptr double, ptr %values, i64 %nin
  %computed = call i1 @single(ptr %p, ptr %values, ptr %own)
  call void @narrow(ptr %own, ptr %results, i64 %nout)
  br label %end
end:
  %ok = phi i1 [false, %work], [%filled, %long], [%computed, %short]
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

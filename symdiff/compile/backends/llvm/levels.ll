; The driver of programs by levels: %levels is `_Levels` of level_code.py, its last field those of vectors of points. Inputs into
; registers, the groups of operations one after the other, results out of registers. Registers are
; kept for the next call, by whoever comes first, unless they are large vectors; a second thread takes memory of its own.
%levels = type { ptr, i64, ptr, i64, i64, i64, i64, i64, ptr, ptr, ptr, i64, ptr }
%group = type { ptr, ptr, i64, i64, i64 }

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define internal ptr @registers(ptr %l) {
  %slot = getelementptr %levels, ptr %l, i32 0, i32 10
  %kept = atomicrmw xchg ptr %slot, ptr null seq_cst
  %none = icmp eq ptr %kept, null
  br i1 %none, label %make, label %have
have:
  ret ptr %kept
make:
  %bp = getelementptr %levels, ptr %l, i32 0, i32 3
  %bytes = load i64, ptr %bp
  %mem = call ptr @PyMem_RawMalloc(i64 %bytes)
  %fails = icmp eq ptr %mem, null
  br i1 %fails, label %end, label %fill
fill:
  %ip = getelementptr %levels, ptr %l, i32 0, i32 2
  %image = load ptr, ptr %ip
  %sp = getelementptr %levels, ptr %l, i32 0, i32 4
  %size = load i64, ptr %sp
  call void @llvm.memcpy.p0.p0.i64(ptr %mem, ptr %image, i64 %size, i1 false)
  br label %end
end:
  ret ptr %mem
}

define internal void @keep(ptr %l, ptr %mem) {
  %bp = getelementptr %levels, ptr %l, i32 0, i32 3
  %bytes = load i64, ptr %bp
  %lp = getelementptr %levels, ptr %l, i32 0, i32 11
  %lanes = load i64, ptr %lp
  %several = icmp ugt i64 %lanes, 1
  %megabytes = icmp ugt i64 %bytes, 4194304
  %large = and i1 %several, %megabytes
  br i1 %large, label %free, label %swap
free:
  call void @PyMem_RawFree(ptr %mem)
  ret void
swap:
  %slot = getelementptr %levels, ptr %l, i32 0, i32 10
  %old = atomicrmw xchg ptr %slot, ptr %mem seq_cst
  call void @PyMem_RawFree(ptr %old)
  ret void
}

define internal i64 @block(ptr %l) {
  %wp = getelementptr %levels, ptr %l, i32 0, i32 7
  %width = load i64, ptr %wp
  %lp = getelementptr %levels, ptr %l, i32 0, i32 11
  %lanes = load i64, ptr %lp
  %block = mul i64 %width, %lanes
  ret i64 %block
}

define internal void @flags(ptr %from, ptr %to, i64 %n, i64 %width) {
entry:
  %narrow = icmp eq i64 %width, 4
  br label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %byte]
  br i1 %narrow, label %single, label %double
single:
  %sp = getelementptr float, ptr %from, i64 %k
  %s = load float, ptr %sp
  %sc = fcmp une float %s, 0.0
  br label %byte
double:
  %dp = getelementptr double, ptr %from, i64 %k
  %d = load double, ptr %dp
  %dc = fcmp une double %d, 0.0
  br label %byte
byte:
  %c = phi i1 [%sc, %single], [%dc, %double]
  %x = zext i1 %c to i8
  %tp = getelementptr i8, ptr %to, i64 %k
  store i8 %x, ptr %tp
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal void @take(ptr %l, ptr %regs, ptr %in, ptr %step, i64 %i) {
entry:
  %np = getelementptr %levels, ptr %l, i32 0, i32 5
  %n = load i64, ptr %np
  %block = call i64 @block(ptr %l)
  %none = icmp eq i64 %n, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %loop]
  %bp = getelementptr ptr, ptr %in, i64 %k
  %base = load ptr, ptr %bp
  %sp = getelementptr i64, ptr %step, i64 %k
  %stride = load i64, ptr %sp
  %off = mul i64 %i, %stride
  %from = getelementptr i8, ptr %base, i64 %off
  %to_off = mul i64 %k, %block
  %to = getelementptr i8, ptr %regs, i64 %to_off
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %from, i64 %block, i1 false)
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal void @give(ptr %l, ptr %regs, ptr %out, i64 %i) {
entry:
  %np = getelementptr %levels, ptr %l, i32 0, i32 6
  %n = load i64, ptr %np
  %xp = getelementptr %levels, ptr %l, i32 0, i32 8
  %indices = load ptr, ptr %xp
  %zp = getelementptr %levels, ptr %l, i32 0, i32 9
  %sizes = load ptr, ptr %zp
  %wp = getelementptr %levels, ptr %l, i32 0, i32 7
  %width = load i64, ptr %wp
  %lp = getelementptr %levels, ptr %l, i32 0, i32 11
  %lanes = load i64, ptr %lp
  %block = call i64 @block(ptr %l)
  %none = icmp eq i64 %n, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
  %ip = getelementptr i64, ptr %indices, i64 %k
  %index = load i64, ptr %ip
  %from_off = mul i64 %index, %block
  %from = getelementptr i8, ptr %regs, i64 %from_off
  %sp = getelementptr i64, ptr %sizes, i64 %k
  %size = load i64, ptr %sp
  %bytes = mul i64 %size, %lanes
  %bp = getelementptr ptr, ptr %out, i64 %k
  %base = load ptr, ptr %bp
  %off = mul i64 %i, %bytes
  %to = getelementptr i8, ptr %base, i64 %off
  %bool = icmp eq i64 %size, 1
  br i1 %bool, label %one, label %number
one:
  call void @flags(ptr %from, ptr %to, i64 %lanes, i64 %width)
  br label %latch
number:
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %from, i64 %block, i1 false)
  br label %latch
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal void @sweep(ptr %l, ptr %regs) {
entry:
  %groups = load ptr, ptr %l
  %np = getelementptr %levels, ptr %l, i32 0, i32 1
  %n = load i64, ptr %np
  %none = icmp eq i64 %n, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %loop]
  %g = getelementptr %group, ptr %groups, i64 %k
  %kernel = load ptr, ptr %g
  %ip = getelementptr %group, ptr %g, i32 0, i32 1
  %index = load ptr, ptr %ip
  %cp = getelementptr %group, ptr %g, i32 0, i32 2
  %count = load i64, ptr %cp
  %tp = getelementptr %group, ptr %g, i32 0, i32 3
  %stride = load i64, ptr %tp
  %dp = getelementptr %group, ptr %g, i32 0, i32 4
  %off = load i64, ptr %dp
  %dst = getelementptr i8, ptr %regs, i64 %off
  call void %kernel(ptr %regs, ptr %index, i64 %count, i64 %stride, ptr %dst)
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

define i1 @core(ptr %narrow, i64 %vectors, ptr %in, ptr %step, ptr %out) {
entry:
  %wp = getelementptr %levels, ptr %narrow, i32 0, i32 12
  %l = load ptr, ptr %wp
  %regs = call ptr @registers(ptr %l)
  %fails = icmp eq ptr %regs, null
  br i1 %fails, label %end, label %loop
loop:
  %i = phi i64 [0, %entry], [%next, %loop]
  call void @take(ptr %l, ptr %regs, ptr %in, ptr %step, i64 %i)
  call void @sweep(ptr %l, ptr %regs)
  call void @give(ptr %l, ptr %regs, ptr %out, i64 %i)
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %vectors
  br i1 %more, label %loop, label %done
done:
  call void @keep(ptr %l, ptr %regs)
  br label %end
end:
  %had = phi i1 [false, %entry], [true, %done]
  ret i1 %had
}

define internal void @take_doubles(ptr %l, ptr %regs, ptr %values) {
entry:
  %np = getelementptr %levels, ptr %l, i32 0, i32 5
  %n = load i64, ptr %np
  %zp = getelementptr %levels, ptr %l, i32 0, i32 7
  %size = load i64, ptr %zp
  %long = icmp eq i64 %size, 8
  %none = icmp eq i64 %n, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %latch]
  %vp = getelementptr double, ptr %values, i64 %k
  %x = load double, ptr %vp
  br i1 %long, label %eight, label %four
eight:
  %to8 = getelementptr double, ptr %regs, i64 %k
  store double %x, ptr %to8
  br label %latch
four:
  %short = fptrunc double %x to float
  %to4 = getelementptr float, ptr %regs, i64 %k
  store float %short, ptr %to4
  br label %latch
latch:
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

define internal void @give_doubles(ptr %l, ptr %regs, ptr %results) {
entry:
  %np = getelementptr %levels, ptr %l, i32 0, i32 6
  %n = load i64, ptr %np
  %xp = getelementptr %levels, ptr %l, i32 0, i32 8
  %indices = load ptr, ptr %xp
  %wp = getelementptr %levels, ptr %l, i32 0, i32 7
  %width = load i64, ptr %wp
  %long = icmp eq i64 %width, 8
  %none = icmp eq i64 %n, 0
  br i1 %none, label %done, label %loop
loop:
  %k = phi i64 [0, %entry], [%next, %put]
  %ip = getelementptr i64, ptr %indices, i64 %k
  %index = load i64, ptr %ip
  br i1 %long, label %eight, label %four
eight:
  %from8 = getelementptr double, ptr %regs, i64 %index
  %x8 = load double, ptr %from8
  br label %put
four:
  %from4 = getelementptr float, ptr %regs, i64 %index
  %x4 = load float, ptr %from4
  %y4 = fpext float %x4 to double
  br label %put
put:
  %x = phi double [%x8, %eight], [%y4, %four]
  %to = getelementptr double, ptr %results, i64 %k
  store double %x, ptr %to
  %next = add i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

define i1 @single(ptr %l, ptr %values, ptr %results) {
entry:
  %regs = call ptr @registers(ptr %l)
  %fails = icmp eq ptr %regs, null
  br i1 %fails, label %end, label %work
work:
  call void @take_doubles(ptr %l, ptr %regs, ptr %values)
  call void @sweep(ptr %l, ptr %regs)
  call void @give_doubles(ptr %l, ptr %regs, ptr %results)
  call void @keep(ptr %l, ptr %regs)
  br label %end
end:
  %had = phi i1 [false, %entry], [true, %work]
  ret i1 %had
}

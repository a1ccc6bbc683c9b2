; made of pool.c by generate.py: 3b4ba11bf3b877fcce9eb053b25b573617c82e6e7bf028deb22c6c407de7cbbe

%struct.anon = type { ptr, i64 }

define ptr @pool_malloc(ptr %0, i64 %1) {
  %3 = icmp slt i64 %1, 32768
  br i1 %3, label %50, label %4

4:
  %5 = atomicrmw xchg ptr %0, i64 1 acquire, align 8
  %6 = icmp eq i64 %5, 0
  br i1 %6, label %13, label %7

7:
  %8 = add nuw nsw i64 %1, 63
  %9 = and i64 %8, 9223372036854775744
  %10 = icmp samesign ugt i64 %9, 4194303
  %11 = select i1 %10, i64 -2097152, i64 -64
  %12 = select i1 %10, i64 2097152, i64 64
  br label %57

13:
  %14 = getelementptr inbounds nuw i8, ptr %0, i64 24
  %15 = lshr i64 %1, 2
  %16 = add nuw nsw i64 %15, %1
  br label %17

17:
  %18 = phi i64 [ -1, %13 ], [ %35, %34 ]
  %19 = phi i64 [ 0, %13 ], [ %36, %34 ]
  %20 = getelementptr inbounds nuw %struct.anon, ptr %14, i64 %19
  %21 = getelementptr inbounds nuw i8, ptr %20, i64 8
  %22 = load i64, ptr %21, align 8
  %23 = icmp slt i64 %22, %1
  %24 = icmp sgt i64 %22, %16
  %25 = select i1 %23, i1 true, i1 %24
  br i1 %25, label %34, label %26

26:
  %27 = icmp slt i64 %18, 0
  br i1 %27, label %33, label %28

28:
  %29 = getelementptr inbounds nuw %struct.anon, ptr %14, i64 %18
  %30 = getelementptr inbounds nuw i8, ptr %29, i64 8
  %31 = load i64, ptr %30, align 8
  %32 = icmp slt i64 %22, %31
  br i1 %32, label %33, label %34

33:
  br label %34

34:
  %35 = phi i64 [ %19, %33 ], [ %18, %28 ], [ %18, %17 ]
  %36 = add nuw nsw i64 %19, 1
  %37 = icmp eq i64 %36, 64
  br i1 %37, label %38, label %17

38:
  %39 = icmp slt i64 %35, 0
  br i1 %39, label %40, label %41

40:
  store atomic i64 0, ptr %0 release, align 8
  br label %50

41:
  %42 = getelementptr inbounds nuw %struct.anon, ptr %14, i64 %35
  %43 = getelementptr inbounds nuw i8, ptr %42, i64 8
  %44 = load i64, ptr %43, align 8
  %45 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %46 = load i64, ptr %45, align 8
  %47 = sub nsw i64 %46, %44
  store i64 %47, ptr %45, align 8
  store i64 0, ptr %43, align 8
  %48 = load ptr, ptr %42, align 8
  store atomic i64 0, ptr %0 release, align 8
  %49 = icmp eq ptr %48, null
  br i1 %49, label %50, label %73

50:
  %51 = add nsw i64 %1, 63
  %52 = and i64 %51, -64
  %53 = icmp sgt i64 %52, 4194303
  %54 = select i1 %53, i64 -2097152, i64 -64
  %55 = select i1 %53, i64 2097152, i64 64
  %56 = icmp slt i64 %1, 0
  br i1 %56, label %73, label %57

57:
  %58 = phi i64 [ %12, %7 ], [ %55, %50 ]
  %59 = phi i64 [ %11, %7 ], [ %54, %50 ]
  %60 = phi i64 [ %9, %7 ], [ %52, %50 ]
  %61 = add nuw nsw i64 %60, %58
  %62 = or disjoint i64 %61, 16
  %63 = tail call ptr @PyMem_RawMalloc(i64 %62)
  %64 = icmp eq ptr %63, null
  br i1 %64, label %73, label %65

65:
  %66 = ptrtoint ptr %63 to i64
  %67 = or disjoint i64 %58, 15
  %68 = add i64 %67, %66
  %69 = and i64 %68, %59
  %70 = inttoptr i64 %69 to ptr
  %71 = getelementptr inbounds i8, ptr %70, i64 -16
  store ptr %63, ptr %71, align 16
  %72 = getelementptr inbounds i8, ptr %70, i64 -8
  store i64 %60, ptr %72, align 8
  br label %73

73:
  %74 = phi ptr [ %48, %41 ], [ null, %50 ], [ %70, %65 ], [ null, %57 ]
  ret ptr %74
}

define ptr @pool_calloc(ptr %0, i64 %1, i64 %2) {
  %4 = tail call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %1, i64 %2)
  %5 = extractvalue { i64, i1 } %4, 1
  %6 = extractvalue { i64, i1 } %4, 0
  br i1 %5, label %79, label %7

7:
  %8 = icmp slt i64 %6, 32768
  br i1 %8, label %55, label %9

9:
  %10 = atomicrmw xchg ptr %0, i64 1 acquire, align 8
  %11 = icmp eq i64 %10, 0
  br i1 %11, label %18, label %12

12:
  %13 = add nuw nsw i64 %6, 63
  %14 = and i64 %13, 9223372036854775744
  %15 = icmp samesign ugt i64 %14, 4194303
  %16 = select i1 %15, i64 -2097152, i64 -64
  %17 = select i1 %15, i64 2097152, i64 64
  br label %62

18:
  %19 = getelementptr inbounds nuw i8, ptr %0, i64 24
  %20 = lshr i64 %6, 2
  %21 = add nuw nsw i64 %20, %6
  br label %22

22:
  %23 = phi i64 [ -1, %18 ], [ %40, %39 ]
  %24 = phi i64 [ 0, %18 ], [ %41, %39 ]
  %25 = getelementptr inbounds nuw %struct.anon, ptr %19, i64 %24
  %26 = getelementptr inbounds nuw i8, ptr %25, i64 8
  %27 = load i64, ptr %26, align 8
  %28 = icmp slt i64 %27, %6
  %29 = icmp sgt i64 %27, %21
  %30 = select i1 %28, i1 true, i1 %29
  br i1 %30, label %39, label %31

31:
  %32 = icmp slt i64 %23, 0
  br i1 %32, label %38, label %33

33:
  %34 = getelementptr inbounds nuw %struct.anon, ptr %19, i64 %23
  %35 = getelementptr inbounds nuw i8, ptr %34, i64 8
  %36 = load i64, ptr %35, align 8
  %37 = icmp slt i64 %27, %36
  br i1 %37, label %38, label %39

38:
  br label %39

39:
  %40 = phi i64 [ %24, %38 ], [ %23, %33 ], [ %23, %22 ]
  %41 = add nuw nsw i64 %24, 1
  %42 = icmp eq i64 %41, 64
  br i1 %42, label %43, label %22

43:
  %44 = icmp slt i64 %40, 0
  br i1 %44, label %45, label %46

45:
  store atomic i64 0, ptr %0 release, align 8
  br label %55

46:
  %47 = getelementptr inbounds nuw %struct.anon, ptr %19, i64 %40
  %48 = getelementptr inbounds nuw i8, ptr %47, i64 8
  %49 = load i64, ptr %48, align 8
  %50 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %51 = load i64, ptr %50, align 8
  %52 = sub nsw i64 %51, %49
  store i64 %52, ptr %50, align 8
  store i64 0, ptr %48, align 8
  %53 = load ptr, ptr %47, align 8
  store atomic i64 0, ptr %0 release, align 8
  %54 = icmp eq ptr %53, null
  br i1 %54, label %55, label %78

55:
  %56 = add nsw i64 %6, 63
  %57 = and i64 %56, -64
  %58 = icmp sgt i64 %57, 4194303
  %59 = select i1 %58, i64 -2097152, i64 -64
  %60 = select i1 %58, i64 2097152, i64 64
  %61 = icmp slt i64 %6, 0
  br i1 %61, label %79, label %62

62:
  %63 = phi i64 [ %17, %12 ], [ %60, %55 ]
  %64 = phi i64 [ %16, %12 ], [ %59, %55 ]
  %65 = phi i64 [ %14, %12 ], [ %57, %55 ]
  %66 = add nuw nsw i64 %65, %63
  %67 = or disjoint i64 %66, 16
  %68 = tail call ptr @PyMem_RawCalloc(i64 1, i64 %67)
  %69 = icmp eq ptr %68, null
  br i1 %69, label %79, label %70

70:
  %71 = ptrtoint ptr %68 to i64
  %72 = or disjoint i64 %63, 15
  %73 = add i64 %72, %71
  %74 = and i64 %73, %64
  %75 = inttoptr i64 %74 to ptr
  %76 = getelementptr inbounds i8, ptr %75, i64 -16
  store ptr %68, ptr %76, align 16
  %77 = getelementptr inbounds i8, ptr %75, i64 -8
  store i64 %65, ptr %77, align 8
  br label %79

78:
  tail call void @llvm.memset.p0.i64(ptr align 1 %53, i8 0, i64 %6, i1 false)
  br label %79

79:
  %80 = phi ptr [ null, %3 ], [ %53, %78 ], [ null, %55 ], [ %75, %70 ], [ null, %62 ]
  ret ptr %80
}

declare { i64, i1 } @llvm.smul.with.overflow.i64(i64, i64)

declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)

define void @pool_free(ptr %0, ptr %1, i64 %2) {
  %4 = icmp eq ptr %1, null
  br i1 %4, label %59, label %5

5:
  %6 = getelementptr inbounds i8, ptr %1, i64 -16
  %7 = getelementptr inbounds i8, ptr %1, i64 -8
  %8 = load i64, ptr %7, align 8
  %9 = add i64 %8, -67108865
  %10 = icmp ult i64 %9, -67076097
  br i1 %10, label %14, label %11

11:
  %12 = atomicrmw xchg ptr %0, i64 1 acquire, align 8
  %13 = icmp eq i64 %12, 0
  br i1 %13, label %20, label %14

14:
  %15 = load ptr, ptr %6, align 8
  tail call void @PyMem_RawFree(ptr %15)
  br label %59

16:
  %17 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %18 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %19 = getelementptr inbounds nuw i8, ptr %0, i64 24
  br label %53

20:
  %21 = phi i64 [ %27, %20 ], [ -1, %11 ]
  %22 = phi i64 [ %28, %20 ], [ 0, %11 ]
  %23 = getelementptr inbounds nuw %struct.anon, ptr %0, i64 %22
  %24 = getelementptr inbounds nuw i8, ptr %23, i64 32
  %25 = load i64, ptr %24, align 8
  %26 = icmp eq i64 %25, 0
  %27 = select i1 %26, i64 %22, i64 %21
  %28 = add nuw nsw i64 %22, 1
  %29 = icmp samesign ult i64 %22, 63
  %30 = icmp slt i64 %27, 0
  %31 = select i1 %29, i1 %30, i1 false
  br i1 %31, label %20, label %16

32:
  br i1 %55, label %37, label %33

33:
  %34 = load i64, ptr %17, align 8
  %35 = add nsw i64 %34, %8
  %36 = icmp sgt i64 %35, 134217728
  br i1 %36, label %37, label %56

37:
  %38 = load i64, ptr %18, align 8
  %39 = add nsw i64 %38, 1
  %40 = srem i64 %39, 64
  store i64 %40, ptr %18, align 8
  %41 = getelementptr %struct.anon, ptr %0, i64 %38
  %42 = getelementptr i8, ptr %41, i64 32
  %43 = load i64, ptr %42, align 8
  %44 = icmp eq i64 %43, 0
  br i1 %44, label %32, label %45

45:
  %46 = getelementptr inbounds %struct.anon, ptr %19, i64 %38
  %47 = getelementptr inbounds nuw i8, ptr %46, i64 8
  %48 = load i64, ptr %17, align 8
  %49 = sub nsw i64 %48, %43
  store i64 %49, ptr %17, align 8
  store i64 0, ptr %47, align 8
  %50 = load ptr, ptr %46, align 8
  %51 = getelementptr inbounds i8, ptr %50, i64 -16
  %52 = load ptr, ptr %51, align 8
  tail call void @PyMem_RawFree(ptr %52)
  br label %53

53:
  %54 = phi i64 [ %27, %16 ], [ %38, %45 ]
  %55 = icmp slt i64 %54, 0
  br label %32

56:
  %57 = getelementptr inbounds nuw %struct.anon, ptr %19, i64 %54
  store ptr %1, ptr %57, align 8
  %58 = getelementptr inbounds nuw i8, ptr %57, i64 8
  store i64 %8, ptr %58, align 8
  store i64 %35, ptr %17, align 8
  store atomic i64 0, ptr %0 release, align 8
  br label %59

59:
  ret void
}

declare void @PyMem_RawFree(ptr)

define ptr @pool_realloc(ptr %0, ptr %1, i64 %2) {
  %4 = tail call ptr @pool_malloc(ptr %0, i64 %2)
  %5 = icmp ne ptr %1, null
  %6 = icmp ne ptr %4, null
  %7 = select i1 %5, i1 %6, i1 false
  br i1 %7, label %8, label %17

8:
  %9 = getelementptr inbounds i8, ptr %1, i64 -8
  %10 = load i64, ptr %9, align 8
  %11 = getelementptr inbounds i8, ptr %4, i64 -8
  %12 = load i64, ptr %11, align 8
  %13 = icmp slt i64 %10, %12
  %14 = select i1 %13, ptr %1, ptr %4
  %15 = getelementptr inbounds i8, ptr %14, i64 -8
  %16 = load i64, ptr %15, align 8
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %4, ptr align 1 %1, i64 %16, i1 false)
  tail call void @pool_free(ptr %0, ptr %1, i64 poison)
  br label %17

17:
  ret ptr %4
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1 immarg)

declare ptr @PyMem_RawCalloc(i64, i64)

declare ptr @PyMem_RawMalloc(i64)

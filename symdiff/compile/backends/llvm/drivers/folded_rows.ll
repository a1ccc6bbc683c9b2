; made of folded_rows.c by generate.py: 76b75992d18965ce22c7afa510b4bd51d5af5d9b27889556b5c895aca38026b1

%struct.Sum = type { double, double }

define i1 @compute_folded_row(ptr %0, ptr %1, i64 %2, i64 %3) {
  %5 = getelementptr inbounds nuw i8, ptr %0, i64 32
  %6 = load i64, ptr %5, align 8
  %7 = srem i64 %3, %6
  %8 = sub nsw i64 %3, %7
  %9 = icmp slt i64 %3, 1
  br i1 %9, label %79, label %10

10:
  %11 = getelementptr inbounds nuw i8, ptr %0, i64 24
  %12 = getelementptr inbounds nuw i8, ptr %0, i64 48
  %13 = getelementptr inbounds nuw i8, ptr %1, i64 120
  %14 = getelementptr inbounds nuw i8, ptr %1, i64 144
  %15 = getelementptr inbounds nuw i8, ptr %0, i64 64
  br label %16

16:
  %17 = phi i64 [ 0, %10 ], [ %77, %73 ]
  %18 = icmp slt i64 %17, %8
  %19 = sub nsw i64 %8, %17
  %20 = tail call i64 @llvm.smin.i64(i64 %19, i64 256)
  %21 = select i1 %18, i64 %20, i64 %7
  %22 = load i64, ptr %5, align 8
  %23 = sub nsw i64 %22, %7
  %24 = select i1 %18, i64 0, i64 %23
  %25 = sub nsw i64 %17, %24
  %26 = select i1 %18, i64 %20, i64 %22
  %27 = sdiv i64 %26, %22
  %28 = icmp ne i64 %24, 0
  %29 = tail call fastcc i1 @compute_part(ptr %0, ptr %1, i64 %2, i64 %25, i64 %27, i1 %28)
  br i1 %29, label %30, label %79

30:
  %31 = load i64, ptr %11, align 8
  %32 = icmp sgt i64 %31, 0
  br i1 %32, label %33, label %73

33:
  %34 = add nsw i64 %17, %2
  br label %35

35:
  %36 = phi i64 [ 0, %33 ], [ %70, %69 ]
  %37 = load ptr, ptr %12, align 8
  %38 = getelementptr inbounds nuw i64, ptr %37, i64 %36
  %39 = load i64, ptr %38, align 8
  %40 = load ptr, ptr %13, align 8
  %41 = getelementptr inbounds nuw ptr, ptr %40, i64 %36
  %42 = load ptr, ptr %41, align 8
  %43 = mul nsw i64 %39, %34
  %44 = getelementptr inbounds i8, ptr %42, i64 %43
  %45 = mul nsw i64 %39, %24
  %46 = load ptr, ptr %14, align 8
  %47 = getelementptr inbounds nuw ptr, ptr %46, i64 %36
  %48 = load ptr, ptr %47, align 8
  %49 = getelementptr inbounds i8, ptr %48, i64 %45
  store ptr %49, ptr %47, align 8
  %50 = load ptr, ptr %15, align 8
  %51 = getelementptr inbounds nuw i64, ptr %50, i64 %36
  %52 = load i64, ptr %51, align 8
  %53 = icmp eq i64 %52, 0
  br i1 %53, label %55, label %54

54:
  tail call fastcc void @fold(ptr %0, ptr %1, i64 %36, i64 %34, i64 %21)
  br label %69

55:
  br i1 %28, label %56, label %69

56:
  %57 = mul nsw i64 %39, %21
  %58 = icmp sgt i64 %57, 0
  br i1 %58, label %59, label %69

59:
  %60 = phi i64 [ %67, %59 ], [ 0, %56 ]
  %61 = load ptr, ptr %14, align 8
  %62 = getelementptr inbounds nuw ptr, ptr %61, i64 %36
  %63 = load ptr, ptr %62, align 8
  %64 = getelementptr inbounds nuw i8, ptr %63, i64 %60
  %65 = load i8, ptr %64, align 1
  %66 = getelementptr inbounds nuw i8, ptr %44, i64 %60
  store i8 %65, ptr %66, align 1
  %67 = add nuw nsw i64 %60, 1
  %68 = icmp eq i64 %67, %57
  br i1 %68, label %69, label %59

69:
  %70 = add nuw nsw i64 %36, 1
  %71 = load i64, ptr %11, align 8
  %72 = icmp slt i64 %70, %71
  br i1 %72, label %35, label %73

73:
  %74 = icmp slt i64 %19, 257
  %75 = select i1 %18, i1 %74, i1 false
  %76 = add nsw i64 %17, 256
  %77 = select i1 %75, i64 %8, i64 %76
  %78 = icmp slt i64 %77, %3
  br i1 %78, label %16, label %79

79:
  %80 = phi i1 [ true, %4 ], [ %29, %73 ], [ %29, %16 ]
  ret i1 %80
}

define internal fastcc i1 @compute_part(ptr %0, ptr %1, i64 %2, i64 %3, i64 %4, i1 %5) {
  %7 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %8 = load i64, ptr %7, align 8
  %9 = icmp sgt i64 %8, 0
  br i1 %9, label %10, label %17

10:
  %11 = getelementptr inbounds nuw i8, ptr %1, i64 152
  %12 = getelementptr inbounds nuw i8, ptr %1, i64 96
  %13 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %14 = getelementptr inbounds nuw i8, ptr %1, i64 160
  %15 = getelementptr inbounds nuw i8, ptr %1, i64 168
  %16 = getelementptr inbounds nuw i8, ptr %1, i64 136
  br label %29

17:
  %18 = getelementptr inbounds nuw i8, ptr %0, i64 24
  %19 = load i64, ptr %18, align 8
  %20 = icmp sgt i64 %19, 0
  br i1 %20, label %21, label %84

21:
  %22 = getelementptr inbounds nuw i8, ptr %0, i64 64
  %23 = getelementptr inbounds nuw i8, ptr %1, i64 120
  %24 = add nsw i64 %3, %2
  %25 = getelementptr inbounds nuw i8, ptr %0, i64 48
  %26 = getelementptr inbounds nuw i8, ptr %1, i64 160
  %27 = getelementptr inbounds nuw i8, ptr %1, i64 168
  %28 = getelementptr inbounds nuw i8, ptr %1, i64 144
  br label %54

29:
  %30 = phi i64 [ 0, %10 ], [ %51, %47 ]
  %31 = load ptr, ptr %11, align 8
  %32 = getelementptr inbounds nuw i64, ptr %31, i64 %30
  %33 = load i64, ptr %32, align 8
  %34 = icmp eq i64 %33, 0
  br i1 %34, label %42, label %35

35:
  %36 = load ptr, ptr %12, align 8
  %37 = getelementptr inbounds nuw ptr, ptr %36, i64 %30
  %38 = load ptr, ptr %37, align 8
  %39 = load i64, ptr %13, align 8
  %40 = mul nsw i64 %39, %3
  %41 = getelementptr inbounds i8, ptr %38, i64 %40
  br label %47

42:
  %43 = load ptr, ptr %14, align 8
  %44 = load i64, ptr %15, align 8
  %45 = mul nsw i64 %44, %30
  %46 = getelementptr inbounds i8, ptr %43, i64 %45
  br label %47

47:
  %48 = phi ptr [ %41, %35 ], [ %46, %42 ]
  %49 = load ptr, ptr %16, align 8
  %50 = getelementptr inbounds nuw ptr, ptr %49, i64 %30
  store ptr %48, ptr %50, align 8
  %51 = add nuw nsw i64 %30, 1
  %52 = load i64, ptr %7, align 8
  %53 = icmp slt i64 %51, %52
  br i1 %53, label %29, label %17

54:
  %55 = phi i64 [ 0, %21 ], [ %81, %77 ]
  br i1 %5, label %70, label %56

56:
  %57 = load ptr, ptr %22, align 8
  %58 = getelementptr inbounds nuw i64, ptr %57, i64 %55
  %59 = load i64, ptr %58, align 8
  %60 = icmp eq i64 %59, 0
  br i1 %60, label %61, label %70

61:
  %62 = load ptr, ptr %23, align 8
  %63 = getelementptr inbounds nuw ptr, ptr %62, i64 %55
  %64 = load ptr, ptr %63, align 8
  %65 = load ptr, ptr %25, align 8
  %66 = getelementptr inbounds nuw i64, ptr %65, i64 %55
  %67 = load i64, ptr %66, align 8
  %68 = mul nsw i64 %67, %24
  %69 = getelementptr inbounds i8, ptr %64, i64 %68
  br label %77

70:
  %71 = load ptr, ptr %26, align 8
  %72 = load i64, ptr %7, align 8
  %73 = add nsw i64 %72, %55
  %74 = load i64, ptr %27, align 8
  %75 = mul nsw i64 %73, %74
  %76 = getelementptr inbounds i8, ptr %71, i64 %75
  br label %77

77:
  %78 = phi ptr [ %69, %61 ], [ %76, %70 ]
  %79 = load ptr, ptr %28, align 8
  %80 = getelementptr inbounds nuw ptr, ptr %79, i64 %55
  store ptr %78, ptr %80, align 8
  %81 = add nuw nsw i64 %55, 1
  %82 = load i64, ptr %18, align 8
  %83 = icmp slt i64 %81, %82
  br i1 %83, label %54, label %84

84:
  %85 = load ptr, ptr %0, align 8
  %86 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %87 = load ptr, ptr %86, align 8
  %88 = getelementptr inbounds nuw i8, ptr %1, i64 136
  %89 = load ptr, ptr %88, align 8
  %90 = getelementptr inbounds nuw i8, ptr %1, i64 152
  %91 = load ptr, ptr %90, align 8
  %92 = getelementptr inbounds nuw i8, ptr %1, i64 144
  %93 = load ptr, ptr %92, align 8
  %94 = tail call i1 %85(ptr %87, i64 %4, ptr %89, ptr %91, ptr %93)
  ret i1 %94
}

define internal fastcc void @fold(ptr %0, ptr %1, i64 %2, i64 %3, i64 %4) {
  %6 = getelementptr inbounds nuw i8, ptr %1, i64 144
  %7 = load ptr, ptr %6, align 8
  %8 = getelementptr inbounds ptr, ptr %7, i64 %2
  %9 = load ptr, ptr %8, align 8
  %10 = getelementptr inbounds nuw i8, ptr %1, i64 128
  %11 = load ptr, ptr %10, align 8
  %12 = getelementptr inbounds %struct.Sum, ptr %11, i64 %2
  %13 = getelementptr inbounds nuw i8, ptr %0, i64 64
  %14 = load ptr, ptr %13, align 8
  %15 = getelementptr inbounds i64, ptr %14, i64 %2
  %16 = load i64, ptr %15, align 8
  %17 = icmp eq i64 %16, 2
  %18 = icmp eq i64 %16, 4
  %19 = or i1 %17, %18
  %20 = select i1 %19, i64 80, i64 72
  %21 = getelementptr inbounds nuw i8, ptr %1, i64 %20
  %22 = load i64, ptr %21, align 8
  %23 = sdiv i64 %3, %22
  %24 = srem i64 %3, %22
  %25 = sub nsw i64 %22, %24
  %26 = icmp ne i64 %24, 0
  %27 = icmp slt i64 %4, %22
  %28 = or i1 %27, %26
  br i1 %28, label %48, label %29

29:
  switch i64 %16, label %48 [
    i64 4, label %30
    i64 2, label %30
  ]

30:
  %31 = sdiv i64 %4, %22
  %32 = getelementptr inbounds nuw i8, ptr %0, i64 80
  %33 = load ptr, ptr %32, align 8
  %34 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %35 = load i64, ptr %34, align 8
  %36 = getelementptr inbounds nuw i8, ptr %1, i64 120
  %37 = load ptr, ptr %36, align 8
  %38 = getelementptr inbounds ptr, ptr %37, i64 %2
  %39 = load ptr, ptr %38, align 8
  %40 = mul nsw i64 %35, %23
  %41 = getelementptr inbounds i8, ptr %39, i64 %40
  tail call void %33(i64 %16, ptr %9, i64 %35, i64 %22, i64 %31, ptr %41)
  %42 = mul nsw i64 %31, %22
  %43 = load i64, ptr %34, align 8
  %44 = mul nsw i64 %43, %42
  %45 = getelementptr inbounds i8, ptr %9, i64 %44
  %46 = srem i64 %4, %22
  %47 = add nsw i64 %31, %23
  br label %48

48:
  %49 = phi i64 [ %47, %30 ], [ %23, %29 ], [ %23, %5 ]
  %50 = phi ptr [ %45, %30 ], [ %9, %29 ], [ %9, %5 ]
  %51 = phi i64 [ %46, %30 ], [ %4, %29 ], [ %4, %5 ]
  %52 = icmp sgt i64 %51, 0
  br i1 %52, label %53, label %91

53:
  %54 = getelementptr inbounds nuw i8, ptr %0, i64 72
  %55 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %56 = getelementptr inbounds nuw i8, ptr %1, i64 120
  %57 = getelementptr inbounds nuw i8, ptr %12, i64 8
  %58 = icmp sgt i64 %16, 2
  %59 = select i1 %58, double 0xFFF0000000000000, double 0.000000e+00
  br label %60

60:
  %61 = phi i64 [ %51, %53 ], [ %70, %89 ]
  %62 = phi ptr [ %50, %53 ], [ %73, %89 ]
  %63 = phi i64 [ %25, %53 ], [ %22, %89 ]
  %64 = phi i64 [ %49, %53 ], [ %77, %89 ]
  %65 = tail call i64 @llvm.smin.i64(i64 %63, i64 %61)
  %66 = load ptr, ptr %54, align 8
  %67 = load i64, ptr %55, align 8
  tail call void %66(ptr %12, i64 %16, ptr %62, i64 %67, i64 %65)
  %68 = icmp sgt i64 %63, %61
  br i1 %68, label %91, label %69

69:
  %70 = sub nsw i64 %61, %65
  %71 = load i64, ptr %55, align 8
  %72 = mul nsw i64 %71, %65
  %73 = getelementptr inbounds i8, ptr %62, i64 %72
  %74 = load ptr, ptr %56, align 8
  %75 = getelementptr inbounds ptr, ptr %74, i64 %2
  %76 = load ptr, ptr %75, align 8
  %77 = add nsw i64 %64, 1
  %78 = load double, ptr %57, align 8
  %79 = fcmp ord double %78, 0.000000e+00
  %80 = load double, ptr %12, align 8
  %81 = fadd double %78, %80
  %82 = select i1 %79, double %81, double %80
  %83 = icmp eq i64 %71, 4
  br i1 %83, label %84, label %87

84:
  %85 = fptrunc double %82 to float
  %86 = getelementptr inbounds float, ptr %76, i64 %64
  store float %85, ptr %86, align 4
  br label %89

87:
  %88 = getelementptr inbounds double, ptr %76, i64 %64
  store double %82, ptr %88, align 8
  br label %89

89:
  store double %59, ptr %12, align 8
  store double 0.000000e+00, ptr %57, align 8
  %90 = icmp sgt i64 %70, 0
  br i1 %90, label %60, label %91

91:
  ret void
}

declare i64 @llvm.smin.i64(i64, i64)

; made of folds.c by generate.py: 361a98fb02786e24f2ab47ffb378c8e53a9030999530095b3f3978f3a1854285

define void @take(ptr %0, i64 %1, ptr %2, i64 %3, i64 %4) {
  %6 = icmp sgt i64 %1, 2
  %7 = icmp eq i64 %3, 4
  br i1 %6, label %8, label %14

8:
  %9 = load double, ptr %0, align 8
  br i1 %7, label %10, label %12

10:
  %11 = tail call fastcc double @largest(double %9, ptr %2, i64 4, i64 %4)
  br label %30

12:
  %13 = tail call fastcc double @largest(double %9, ptr %2, i64 8, i64 %4)
  br label %30

14:
  %15 = select i1 %7, i64 4, i64 8
  %16 = tail call fastcc double @total(ptr %2, i64 %15, i64 %4)
  %17 = load double, ptr %0, align 8
  %18 = fadd double %16, %17
  %19 = tail call double @llvm.fabs.f64(double %17)
  %20 = tail call double @llvm.fabs.f64(double %16)
  %21 = fcmp ult double %19, %20
  %22 = fsub double %17, %18
  %23 = fadd double %16, %22
  %24 = fsub double %16, %18
  %25 = fadd double %17, %24
  %26 = select i1 %21, double %25, double %23
  %27 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %28 = load double, ptr %27, align 8
  %29 = fadd double %28, %26
  store double %29, ptr %27, align 8
  br label %30

30:
  %31 = phi double [ %18, %14 ], [ %11, %10 ], [ %13, %12 ]
  store double %31, ptr %0, align 8
  ret void
}

define internal fastcc double @largest(double %0, ptr %1, i64 %2, i64 %3) {
  %5 = insertelement <8 x double> poison, double %0, i64 0
  %6 = shufflevector <8 x double> %5, <8 x double> poison, <8 x i32> zeroinitializer
  %7 = icmp slt i64 %3, 8
  br i1 %7, label %10, label %8

8:
  %9 = icmp eq i64 %2, 4
  br label %14

10:
  %11 = phi <8 x double> [ %6, %4 ], [ %33, %28 ]
  %12 = phi <8 x i64> [ zeroinitializer, %4 ], [ %31, %28 ]
  %13 = phi i64 [ 0, %4 ], [ %15, %28 ]
  br label %40

14:
  %15 = phi i64 [ 8, %8 ], [ %34, %28 ]
  %16 = phi i64 [ 0, %8 ], [ %15, %28 ]
  %17 = phi <8 x i64> [ zeroinitializer, %8 ], [ %31, %28 ]
  %18 = phi <8 x double> [ %6, %8 ], [ %33, %28 ]
  br i1 %9, label %19, label %24

19:
  %20 = shl nsw i64 %16, 2
  %21 = getelementptr inbounds nuw i8, ptr %1, i64 %20
  %22 = load <8 x float>, ptr %21, align 4
  %23 = fpext <8 x float> %22 to <8 x double>
  br label %28

24:
  %25 = shl nsw i64 %16, 3
  %26 = getelementptr inbounds nuw i8, ptr %1, i64 %25
  %27 = load <8 x double>, ptr %26, align 8
  br label %28

28:
  %29 = phi <8 x double> [ %23, %19 ], [ %27, %24 ]
  %30 = fcmp uno <8 x double> %29, zeroinitializer
  %31 = select <8 x i1> %30, <8 x i64> splat (i64 -1), <8 x i64> %17
  %32 = fcmp ogt <8 x double> %29, %18
  %33 = select <8 x i1> %32, <8 x double> %29, <8 x double> %18
  %34 = add nuw nsw i64 %15, 8
  %35 = icmp sgt i64 %34, %3
  br i1 %35, label %10, label %14

36:
  %37 = icmp slt i64 %13, %3
  br i1 %37, label %38, label %71

38:
  %39 = icmp eq i64 %2, 4
  br label %53

40:
  %41 = phi i32 [ 0, %10 ], [ %51, %40 ]
  %42 = phi double [ %0, %10 ], [ %50, %40 ]
  %43 = extractelement <8 x i64> %12, i32 %41
  %44 = icmp eq i64 %43, 0
  %45 = extractelement <8 x double> %11, i32 %41
  %46 = select i1 %44, double %45, double 0x7FF8000000000000
  %47 = fcmp ord double %42, 0.000000e+00
  %48 = fcmp ugt double %46, %42
  %49 = and i1 %47, %48
  %50 = select i1 %49, double %46, double %42
  %51 = add nuw nsw i32 %41, 1
  %52 = icmp eq i32 %51, 8
  br i1 %52, label %36, label %40

53:
  %54 = phi double [ %50, %38 ], [ %68, %63 ]
  %55 = phi i64 [ %13, %38 ], [ %69, %63 ]
  br i1 %39, label %56, label %60

56:
  %57 = getelementptr inbounds nuw float, ptr %1, i64 %55
  %58 = load float, ptr %57, align 4
  %59 = fpext float %58 to double
  br label %63

60:
  %61 = getelementptr inbounds nuw double, ptr %1, i64 %55
  %62 = load double, ptr %61, align 8
  br label %63

63:
  %64 = phi double [ %59, %56 ], [ %62, %60 ]
  %65 = fcmp ord double %54, 0.000000e+00
  %66 = fcmp ugt double %64, %54
  %67 = and i1 %65, %66
  %68 = select i1 %67, double %64, double %54
  %69 = add nuw nsw i64 %55, 1
  %70 = icmp eq i64 %69, %3
  br i1 %70, label %71, label %53

71:
  %72 = phi double [ %50, %36 ], [ %68, %63 ]
  ret double %72
}

define internal fastcc double @total(ptr %0, i64 %1, i64 %2) {
  %4 = icmp slt i64 %2, 16
  br i1 %4, label %35, label %5

5:
  %6 = icmp eq i64 %1, 4
  br label %7

7:
  %8 = phi i64 [ 16, %5 ], [ %31, %26 ]
  %9 = phi i64 [ 0, %5 ], [ %8, %26 ]
  %10 = phi <8 x double> [ zeroinitializer, %5 ], [ %30, %26 ]
  %11 = phi <8 x double> [ zeroinitializer, %5 ], [ %29, %26 ]
  br i1 %6, label %12, label %20

12:
  %13 = shl i64 %9, 2
  %14 = getelementptr i8, ptr %0, i64 %13
  %15 = load <8 x float>, ptr %14, align 4
  %16 = fpext <8 x float> %15 to <8 x double>
  %17 = getelementptr i8, ptr %14, i64 32
  %18 = load <8 x float>, ptr %17, align 4
  %19 = fpext <8 x float> %18 to <8 x double>
  br label %26

20:
  %21 = shl i64 %9, 3
  %22 = getelementptr i8, ptr %0, i64 %21
  %23 = load <8 x double>, ptr %22, align 8
  %24 = getelementptr i8, ptr %22, i64 64
  %25 = load <8 x double>, ptr %24, align 8
  br label %26

26:
  %27 = phi <8 x double> [ %16, %12 ], [ %23, %20 ]
  %28 = phi <8 x double> [ %19, %12 ], [ %25, %20 ]
  %29 = fadd <8 x double> %11, %27
  %30 = fadd <8 x double> %10, %28
  %31 = add nuw nsw i64 %8, 16
  %32 = icmp sgt i64 %31, %2
  br i1 %32, label %33, label %7

33:
  %34 = fadd <8 x double> %29, %30
  br label %35

35:
  %36 = phi i64 [ 0, %3 ], [ %8, %33 ]
  %37 = phi <8 x double> [ zeroinitializer, %3 ], [ %34, %33 ]
  %38 = extractelement <8 x double> %37, i64 0
  %39 = extractelement <8 x double> %37, i64 1
  %40 = fadd double %38, %39
  %41 = extractelement <8 x double> %37, i64 2
  %42 = extractelement <8 x double> %37, i64 3
  %43 = fadd double %41, %42
  %44 = fadd double %40, %43
  %45 = extractelement <8 x double> %37, i64 4
  %46 = extractelement <8 x double> %37, i64 5
  %47 = fadd double %45, %46
  %48 = extractelement <8 x double> %37, i64 6
  %49 = extractelement <8 x double> %37, i64 7
  %50 = fadd double %48, %49
  %51 = fadd double %47, %50
  %52 = fadd double %44, %51
  %53 = icmp slt i64 %36, %2
  br i1 %53, label %54, label %71

54:
  %55 = icmp eq i64 %1, 4
  br label %56

56:
  %57 = phi double [ %52, %54 ], [ %68, %66 ]
  %58 = phi i64 [ %36, %54 ], [ %69, %66 ]
  br i1 %55, label %59, label %63

59:
  %60 = getelementptr inbounds nuw float, ptr %0, i64 %58
  %61 = load float, ptr %60, align 4
  %62 = fpext float %61 to double
  br label %66

63:
  %64 = getelementptr inbounds nuw double, ptr %0, i64 %58
  %65 = load double, ptr %64, align 8
  br label %66

66:
  %67 = phi double [ %62, %59 ], [ %65, %63 ]
  %68 = fadd double %57, %67
  %69 = add nuw nsw i64 %58, 1
  %70 = icmp eq i64 %69, %2
  br i1 %70, label %71, label %56

71:
  %72 = phi double [ %52, %35 ], [ %68, %66 ]
  ret double %72
}

define void @rows(i64 %0, ptr %1, i64 %2, i64 %3, i64 %4, ptr %5) {
  %7 = icmp eq i64 %2, 4
  %8 = icmp sgt i64 %4, 0
  br i1 %7, label %9, label %57

9:
  br i1 %8, label %10, label %101

10:
  %11 = icmp sgt i64 %3, 15
  %12 = icmp sgt i64 %0, 2
  %13 = icmp sgt i64 %3, 0
  %14 = icmp sgt i64 %3, 1
  %15 = shl nsw i64 %3, 2
  br label %16

16:
  %17 = phi i64 [ 0, %10 ], [ %54, %50 ]
  %18 = phi ptr [ %1, %10 ], [ %55, %50 ]
  br i1 %11, label %19, label %24

19:
  br i1 %12, label %20, label %22

20:
  %21 = tail call fastcc double @largest(double 0xFFF0000000000000, ptr %18, i64 4, i64 %3)
  br label %50

22:
  %23 = tail call fastcc double @total(ptr %18, i64 4, i64 %3)
  br label %50

24:
  br i1 %12, label %26, label %25

25:
  br i1 %13, label %41, label %50

26:
  %27 = load float, ptr %18, align 4
  %28 = fpext float %27 to double
  br i1 %14, label %29, label %50

29:
  %30 = phi i64 [ %39, %29 ], [ 1, %26 ]
  %31 = phi double [ %38, %29 ], [ %28, %26 ]
  %32 = getelementptr inbounds nuw float, ptr %18, i64 %30
  %33 = load float, ptr %32, align 4
  %34 = fpext float %33 to double
  %35 = fcmp ord double %31, 0.000000e+00
  %36 = fcmp ult double %31, %34
  %37 = and i1 %35, %36
  %38 = select i1 %37, double %34, double %31
  %39 = add nuw nsw i64 %30, 1
  %40 = icmp eq i64 %39, %3
  br i1 %40, label %50, label %29

41:
  %42 = phi i64 [ %48, %41 ], [ 0, %25 ]
  %43 = phi double [ %47, %41 ], [ 0.000000e+00, %25 ]
  %44 = getelementptr inbounds nuw float, ptr %18, i64 %42
  %45 = load float, ptr %44, align 4
  %46 = fpext float %45 to double
  %47 = fadd double %43, %46
  %48 = add nuw nsw i64 %42, 1
  %49 = icmp eq i64 %48, %3
  br i1 %49, label %50, label %41

50:
  %51 = phi double [ %38, %29 ], [ %23, %22 ], [ %21, %20 ], [ %28, %26 ], [ 0.000000e+00, %25 ], [ %47, %41 ]
  %52 = fptrunc double %51 to float
  %53 = getelementptr inbounds nuw float, ptr %5, i64 %17
  store float %52, ptr %53, align 4
  %54 = add nuw nsw i64 %17, 1
  %55 = getelementptr inbounds i8, ptr %18, i64 %15
  %56 = icmp eq i64 %54, %4
  br i1 %56, label %101, label %16

57:
  br i1 %8, label %58, label %101

58:
  %59 = icmp sgt i64 %3, 15
  %60 = icmp sgt i64 %0, 2
  %61 = icmp sgt i64 %3, 0
  %62 = icmp sgt i64 %3, 1
  %63 = shl nsw i64 %3, 3
  br label %64

64:
  %65 = phi i64 [ 0, %58 ], [ %98, %95 ]
  %66 = phi ptr [ %1, %58 ], [ %99, %95 ]
  br i1 %59, label %67, label %72

67:
  br i1 %60, label %68, label %70

68:
  %69 = tail call fastcc double @largest(double 0xFFF0000000000000, ptr %66, i64 8, i64 %3)
  br label %95

70:
  %71 = tail call fastcc double @total(ptr %66, i64 8, i64 %3)
  br label %95

72:
  br i1 %60, label %74, label %73

73:
  br i1 %61, label %87, label %95

74:
  %75 = load double, ptr %66, align 8
  br i1 %62, label %76, label %95

76:
  %77 = phi i64 [ %85, %76 ], [ 1, %74 ]
  %78 = phi double [ %84, %76 ], [ %75, %74 ]
  %79 = getelementptr inbounds nuw double, ptr %66, i64 %77
  %80 = load double, ptr %79, align 8
  %81 = fcmp ord double %78, 0.000000e+00
  %82 = fcmp ugt double %80, %78
  %83 = and i1 %81, %82
  %84 = select i1 %83, double %80, double %78
  %85 = add nuw nsw i64 %77, 1
  %86 = icmp eq i64 %85, %3
  br i1 %86, label %95, label %76

87:
  %88 = phi i64 [ %93, %87 ], [ 0, %73 ]
  %89 = phi double [ %92, %87 ], [ 0.000000e+00, %73 ]
  %90 = getelementptr inbounds nuw double, ptr %66, i64 %88
  %91 = load double, ptr %90, align 8
  %92 = fadd double %89, %91
  %93 = add nuw nsw i64 %88, 1
  %94 = icmp eq i64 %93, %3
  br i1 %94, label %95, label %87

95:
  %96 = phi double [ %84, %76 ], [ %71, %70 ], [ %69, %68 ], [ %75, %74 ], [ 0.000000e+00, %73 ], [ %92, %87 ]
  %97 = getelementptr inbounds nuw double, ptr %5, i64 %65
  store double %96, ptr %97, align 8
  %98 = add nuw nsw i64 %65, 1
  %99 = getelementptr inbounds i8, ptr %66, i64 %63
  %100 = icmp eq i64 %98, %4
  br i1 %100, label %101, label %64

101:
  ret void
}

declare double @llvm.fabs.f64(double)

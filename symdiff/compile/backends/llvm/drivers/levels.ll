; made of levels.c by generate.py: 49f2875c68a1efced6b12b2f0a1cbd7c38dc49eacd144d507d5cb99f16ddc12a

%struct.Group = type { ptr, ptr, i64, i64, i64 }

define i1 @core(ptr %0, i64 %1, ptr %2, ptr %3, ptr %4) {
  %6 = getelementptr inbounds nuw i8, ptr %0, i64 96
  %7 = load ptr, ptr %6, align 8
  %8 = getelementptr inbounds nuw i8, ptr %7, i64 56
  %9 = load i64, ptr %8, align 8
  %10 = getelementptr inbounds nuw i8, ptr %7, i64 88
  %11 = load i64, ptr %10, align 8
  %12 = mul nsw i64 %11, %9
  %13 = getelementptr inbounds nuw i8, ptr %7, i64 80
  %14 = atomicrmw xchg ptr %13, i64 0 seq_cst, align 8
  %15 = icmp eq i64 %14, 0
  br i1 %15, label %18, label %16

16:
  %17 = inttoptr i64 %14 to ptr
  br label %28

18:
  %19 = getelementptr inbounds nuw i8, ptr %7, i64 24
  %20 = load i64, ptr %19, align 8
  %21 = tail call ptr @PyMem_RawMalloc(i64 %20)
  %22 = icmp eq ptr %21, null
  br i1 %22, label %138, label %23

23:
  %24 = getelementptr inbounds nuw i8, ptr %7, i64 16
  %25 = load ptr, ptr %24, align 8
  %26 = getelementptr inbounds nuw i8, ptr %7, i64 32
  %27 = load i64, ptr %26, align 8
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %21, ptr align 1 %25, i64 %27, i1 false)
  br label %28

28:
  %29 = phi ptr [ %17, %16 ], [ %21, %23 ]
  %30 = icmp sgt i64 %1, 0
  br i1 %30, label %31, label %125

31:
  %32 = getelementptr inbounds nuw i8, ptr %7, i64 40
  %33 = getelementptr inbounds nuw i8, ptr %7, i64 8
  %34 = getelementptr inbounds nuw i8, ptr %7, i64 48
  %35 = getelementptr inbounds nuw i8, ptr %7, i64 64
  %36 = getelementptr inbounds nuw i8, ptr %7, i64 72
  br label %37

37:
  %38 = phi i64 [ 0, %31 ], [ %123, %122 ]
  %39 = load i64, ptr %32, align 8
  %40 = icmp sgt i64 %39, 0
  br i1 %40, label %41, label %54

41:
  %42 = phi i64 [ %51, %41 ], [ 0, %37 ]
  %43 = mul nsw i64 %42, %12
  %44 = getelementptr inbounds i8, ptr %29, i64 %43
  %45 = getelementptr inbounds nuw ptr, ptr %2, i64 %42
  %46 = load ptr, ptr %45, align 8
  %47 = getelementptr inbounds nuw i64, ptr %3, i64 %42
  %48 = load i64, ptr %47, align 8
  %49 = mul nsw i64 %48, %38
  %50 = getelementptr inbounds i8, ptr %46, i64 %49
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %44, ptr align 1 %50, i64 %12, i1 false)
  %51 = add nuw nsw i64 %42, 1
  %52 = load i64, ptr %32, align 8
  %53 = icmp slt i64 %51, %52
  br i1 %53, label %41, label %54

54:
  %55 = load i64, ptr %33, align 8
  %56 = icmp sgt i64 %55, 0
  br i1 %56, label %57, label %76

57:
  %58 = load ptr, ptr %7, align 8
  br label %59

59:
  %60 = phi ptr [ %71, %59 ], [ %58, %57 ]
  %61 = load ptr, ptr %60, align 8
  %62 = getelementptr inbounds nuw i8, ptr %60, i64 8
  %63 = load ptr, ptr %62, align 8
  %64 = getelementptr inbounds nuw i8, ptr %60, i64 16
  %65 = load i64, ptr %64, align 8
  %66 = getelementptr inbounds nuw i8, ptr %60, i64 24
  %67 = load i64, ptr %66, align 8
  %68 = getelementptr inbounds nuw i8, ptr %60, i64 32
  %69 = load i64, ptr %68, align 8
  %70 = getelementptr inbounds i8, ptr %29, i64 %69
  tail call void %61(ptr %29, ptr %63, i64 %65, i64 %67, ptr %70)
  %71 = getelementptr inbounds nuw i8, ptr %60, i64 40
  %72 = load ptr, ptr %7, align 8
  %73 = load i64, ptr %33, align 8
  %74 = getelementptr inbounds %struct.Group, ptr %72, i64 %73
  %75 = icmp ult ptr %71, %74
  br i1 %75, label %59, label %76

76:
  %77 = load i64, ptr %34, align 8
  %78 = icmp sgt i64 %77, 0
  br i1 %78, label %79, label %122

79:
  %80 = phi i64 [ %119, %118 ], [ 0, %76 ]
  %81 = load ptr, ptr %35, align 8
  %82 = getelementptr inbounds nuw i64, ptr %81, i64 %80
  %83 = load i64, ptr %82, align 8
  %84 = mul nsw i64 %83, %12
  %85 = getelementptr inbounds i8, ptr %29, i64 %84
  %86 = getelementptr inbounds nuw ptr, ptr %4, i64 %80
  %87 = load ptr, ptr %86, align 8
  %88 = load ptr, ptr %36, align 8
  %89 = getelementptr inbounds nuw i64, ptr %88, i64 %80
  %90 = load i64, ptr %89, align 8
  %91 = mul nsw i64 %90, %38
  %92 = load i64, ptr %10, align 8
  %93 = mul nsw i64 %91, %92
  %94 = getelementptr inbounds i8, ptr %87, i64 %93
  %95 = icmp eq i64 %90, 1
  br i1 %95, label %96, label %98

96:
  %97 = icmp sgt i64 %92, 0
  br i1 %97, label %99, label %118

98:
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %94, ptr align 1 %85, i64 %12, i1 false)
  br label %118

99:
  %100 = phi i64 [ %115, %111 ], [ 0, %96 ]
  %101 = load i64, ptr %8, align 8
  %102 = mul nsw i64 %101, %100
  %103 = getelementptr inbounds i8, ptr %85, i64 %102
  %104 = icmp eq i64 %101, 4
  br i1 %104, label %105, label %108

105:
  %106 = load float, ptr %103, align 4
  %107 = fcmp une float %106, 0.000000e+00
  br label %111

108:
  %109 = load double, ptr %103, align 8
  %110 = fcmp une double %109, 0.000000e+00
  br label %111

111:
  %112 = phi i1 [ %107, %105 ], [ %110, %108 ]
  %113 = zext i1 %112 to i8
  %114 = getelementptr inbounds nuw i8, ptr %94, i64 %100
  store i8 %113, ptr %114, align 1
  %115 = add nuw nsw i64 %100, 1
  %116 = load i64, ptr %10, align 8
  %117 = icmp slt i64 %115, %116
  br i1 %117, label %99, label %118

118:
  %119 = add nuw nsw i64 %80, 1
  %120 = load i64, ptr %34, align 8
  %121 = icmp slt i64 %119, %120
  br i1 %121, label %79, label %122

122:
  %123 = add nuw nsw i64 %38, 1
  %124 = icmp eq i64 %123, %1
  br i1 %124, label %125, label %37

125:
  %126 = load i64, ptr %10, align 8
  %127 = icmp sgt i64 %126, 1
  br i1 %127, label %128, label %132

128:
  %129 = getelementptr inbounds nuw i8, ptr %7, i64 24
  %130 = load i64, ptr %129, align 8
  %131 = icmp sgt i64 %130, 4194304
  br i1 %131, label %136, label %132

132:
  %133 = ptrtoint ptr %29 to i64
  %134 = atomicrmw xchg ptr %13, i64 %133 seq_cst, align 8
  %135 = inttoptr i64 %134 to ptr
  br label %136

136:
  %137 = phi ptr [ %135, %132 ], [ %29, %128 ]
  tail call void @PyMem_RawFree(ptr %137)
  br label %138

138:
  %139 = phi i1 [ true, %136 ], [ false, %18 ]
  ret i1 %139
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1 immarg)

define i1 @single(ptr %0, ptr %1, ptr %2) {
  %4 = getelementptr inbounds nuw i8, ptr %0, i64 80
  %5 = atomicrmw xchg ptr %4, i64 0 seq_cst, align 8
  %6 = icmp eq i64 %5, 0
  br i1 %6, label %9, label %7

7:
  %8 = inttoptr i64 %5 to ptr
  br label %19

9:
  %10 = getelementptr inbounds nuw i8, ptr %0, i64 24
  %11 = load i64, ptr %10, align 8
  %12 = tail call ptr @PyMem_RawMalloc(i64 %11)
  %13 = icmp eq ptr %12, null
  br i1 %13, label %105, label %14

14:
  %15 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %16 = load ptr, ptr %15, align 8
  %17 = getelementptr inbounds nuw i8, ptr %0, i64 32
  %18 = load i64, ptr %17, align 8
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %12, ptr align 1 %16, i64 %18, i1 false)
  br label %19

19:
  %20 = phi ptr [ %8, %7 ], [ %12, %14 ]
  %21 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %22 = load i64, ptr %21, align 8
  %23 = icmp sgt i64 %22, 0
  br i1 %23, label %24, label %41

24:
  %25 = getelementptr inbounds nuw i8, ptr %0, i64 56
  br label %26

26:
  %27 = phi i64 [ 0, %24 ], [ %38, %37 ]
  %28 = load i64, ptr %25, align 8
  %29 = icmp eq i64 %28, 4
  %30 = getelementptr inbounds nuw double, ptr %1, i64 %27
  %31 = load double, ptr %30, align 8
  br i1 %29, label %32, label %35

32:
  %33 = fptrunc double %31 to float
  %34 = getelementptr inbounds nuw float, ptr %20, i64 %27
  store float %33, ptr %34, align 4
  br label %37

35:
  %36 = getelementptr inbounds nuw double, ptr %20, i64 %27
  store double %31, ptr %36, align 8
  br label %37

37:
  %38 = add nuw nsw i64 %27, 1
  %39 = load i64, ptr %21, align 8
  %40 = icmp slt i64 %38, %39
  br i1 %40, label %26, label %41

41:
  %42 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %43 = load i64, ptr %42, align 8
  %44 = icmp sgt i64 %43, 0
  br i1 %44, label %45, label %64

45:
  %46 = load ptr, ptr %0, align 8
  br label %47

47:
  %48 = phi ptr [ %59, %47 ], [ %46, %45 ]
  %49 = load ptr, ptr %48, align 8
  %50 = getelementptr inbounds nuw i8, ptr %48, i64 8
  %51 = load ptr, ptr %50, align 8
  %52 = getelementptr inbounds nuw i8, ptr %48, i64 16
  %53 = load i64, ptr %52, align 8
  %54 = getelementptr inbounds nuw i8, ptr %48, i64 24
  %55 = load i64, ptr %54, align 8
  %56 = getelementptr inbounds nuw i8, ptr %48, i64 32
  %57 = load i64, ptr %56, align 8
  %58 = getelementptr inbounds i8, ptr %20, i64 %57
  tail call void %49(ptr %20, ptr %51, i64 %53, i64 %55, ptr %58)
  %59 = getelementptr inbounds nuw i8, ptr %48, i64 40
  %60 = load ptr, ptr %0, align 8
  %61 = load i64, ptr %42, align 8
  %62 = getelementptr inbounds %struct.Group, ptr %60, i64 %61
  %63 = icmp ult ptr %59, %62
  br i1 %63, label %47, label %64

64:
  %65 = getelementptr inbounds nuw i8, ptr %0, i64 48
  %66 = load i64, ptr %65, align 8
  %67 = icmp sgt i64 %66, 0
  br i1 %67, label %68, label %91

68:
  %69 = getelementptr inbounds nuw i8, ptr %0, i64 56
  %70 = getelementptr inbounds nuw i8, ptr %0, i64 64
  br label %71

71:
  %72 = phi i64 [ 0, %68 ], [ %88, %85 ]
  %73 = load i64, ptr %69, align 8
  %74 = icmp eq i64 %73, 4
  %75 = load ptr, ptr %70, align 8
  %76 = getelementptr inbounds nuw i64, ptr %75, i64 %72
  %77 = load i64, ptr %76, align 8
  br i1 %74, label %78, label %82

78:
  %79 = getelementptr inbounds float, ptr %20, i64 %77
  %80 = load float, ptr %79, align 4
  %81 = fpext float %80 to double
  br label %85

82:
  %83 = getelementptr inbounds double, ptr %20, i64 %77
  %84 = load double, ptr %83, align 8
  br label %85

85:
  %86 = phi double [ %81, %78 ], [ %84, %82 ]
  %87 = getelementptr inbounds nuw double, ptr %2, i64 %72
  store double %86, ptr %87, align 8
  %88 = add nuw nsw i64 %72, 1
  %89 = load i64, ptr %65, align 8
  %90 = icmp slt i64 %88, %89
  br i1 %90, label %71, label %91

91:
  %92 = getelementptr inbounds nuw i8, ptr %0, i64 88
  %93 = load i64, ptr %92, align 8
  %94 = icmp sgt i64 %93, 1
  br i1 %94, label %95, label %99

95:
  %96 = getelementptr inbounds nuw i8, ptr %0, i64 24
  %97 = load i64, ptr %96, align 8
  %98 = icmp sgt i64 %97, 4194304
  br i1 %98, label %103, label %99

99:
  %100 = ptrtoint ptr %20 to i64
  %101 = atomicrmw xchg ptr %4, i64 %100 seq_cst, align 8
  %102 = inttoptr i64 %101 to ptr
  br label %103

103:
  %104 = phi ptr [ %102, %99 ], [ %20, %95 ]
  tail call void @PyMem_RawFree(ptr %104)
  br label %105

105:
  %106 = phi i1 [ true, %103 ], [ false, %9 ]
  ret i1 %106
}

declare ptr @PyMem_RawMalloc(i64)

declare void @PyMem_RawFree(ptr)

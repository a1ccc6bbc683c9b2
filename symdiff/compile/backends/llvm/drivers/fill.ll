; made of fill.c by generate.py: 1f4eced87c28260856ba259886d74bc06f3f96c84d46ace5598632dcd45d6525

define void @fill(i64 %0, ptr %1, i64 %2, ptr %3, ptr %4, i64 %5, i64 %6, ptr %7) {
  %9 = alloca [8 x i64], align 16
  %10 = add nsw i64 %2, -1
  %11 = icmp sgt i64 %2, 0
  br i1 %11, label %22, label %12

12:
  %13 = phi ptr [ %1, %8 ], [ %34, %22 ]
  %14 = icmp sgt i64 %6, 0
  br i1 %14, label %15, label %116

15:
  %16 = getelementptr inbounds i64, ptr %3, i64 %10
  %17 = getelementptr inbounds i64, ptr %9, i64 %10
  %18 = getelementptr inbounds i64, ptr %4, i64 %10
  %19 = icmp eq i64 %0, 8
  %20 = icmp sgt i64 %2, 1
  %21 = load i64, ptr %18, align 8
  br label %37

22:
  %23 = phi ptr [ %34, %22 ], [ %1, %8 ]
  %24 = phi i64 [ %35, %22 ], [ %10, %8 ]
  %25 = phi i64 [ %30, %22 ], [ %5, %8 ]
  %26 = getelementptr inbounds nuw i64, ptr %3, i64 %24
  %27 = load i64, ptr %26, align 8
  %28 = srem i64 %25, %27
  %29 = getelementptr inbounds nuw i64, ptr %9, i64 %24
  store i64 %28, ptr %29, align 8
  %30 = sdiv i64 %25, %27
  %31 = getelementptr inbounds nuw i64, ptr %4, i64 %24
  %32 = load i64, ptr %31, align 8
  %33 = mul nsw i64 %32, %28
  %34 = getelementptr inbounds i8, ptr %23, i64 %33
  %35 = add nsw i64 %24, -1
  %36 = icmp eq i64 %24, 0
  br i1 %36, label %12, label %22

37:
  %38 = phi i64 [ %21, %15 ], [ %86, %113 ]
  %39 = phi ptr [ %13, %15 ], [ %114, %113 ]
  %40 = phi ptr [ %7, %15 ], [ %90, %113 ]
  %41 = phi i64 [ %6, %15 ], [ %91, %113 ]
  %42 = load i64, ptr %16, align 8
  %43 = load i64, ptr %17, align 8
  %44 = sub nsw i64 %42, %43
  %45 = tail call i64 @llvm.smin.i64(i64 %44, i64 %41)
  %46 = icmp eq i64 %38, 0
  br i1 %19, label %47, label %66

47:
  br i1 %46, label %50, label %48

48:
  %49 = icmp sgt i64 %44, 0
  br i1 %49, label %58, label %85

50:
  %51 = load i64, ptr %39, align 1
  %52 = icmp sgt i64 %44, 0
  br i1 %52, label %53, label %85

53:
  %54 = phi i64 [ %56, %53 ], [ 0, %50 ]
  %55 = getelementptr inbounds nuw i64, ptr %40, i64 %54
  store i64 %51, ptr %55, align 1
  %56 = add nuw nsw i64 %54, 1
  %57 = icmp eq i64 %56, %45
  br i1 %57, label %85, label %53

58:
  %59 = phi ptr [ %64, %58 ], [ %39, %48 ]
  %60 = phi i64 [ %63, %58 ], [ 0, %48 ]
  %61 = load i64, ptr %59, align 1
  %62 = getelementptr inbounds nuw i64, ptr %40, i64 %60
  store i64 %61, ptr %62, align 1
  %63 = add nuw nsw i64 %60, 1
  %64 = getelementptr inbounds i8, ptr %59, i64 %38
  %65 = icmp eq i64 %63, %45
  br i1 %65, label %85, label %58

66:
  br i1 %46, label %69, label %67

67:
  %68 = icmp sgt i64 %44, 0
  br i1 %68, label %77, label %85

69:
  %70 = load i32, ptr %39, align 1
  %71 = icmp sgt i64 %44, 0
  br i1 %71, label %72, label %85

72:
  %73 = phi i64 [ %75, %72 ], [ 0, %69 ]
  %74 = getelementptr inbounds nuw i32, ptr %40, i64 %73
  store i32 %70, ptr %74, align 1
  %75 = add nuw nsw i64 %73, 1
  %76 = icmp eq i64 %75, %45
  br i1 %76, label %85, label %72

77:
  %78 = phi i64 [ %82, %77 ], [ 0, %67 ]
  %79 = phi ptr [ %83, %77 ], [ %39, %67 ]
  %80 = load i32, ptr %79, align 1
  %81 = getelementptr inbounds nuw i32, ptr %40, i64 %78
  store i32 %80, ptr %81, align 1
  %82 = add nuw nsw i64 %78, 1
  %83 = getelementptr inbounds i8, ptr %79, i64 %38
  %84 = icmp eq i64 %82, %45
  br i1 %84, label %85, label %77

85:
  %86 = load i64, ptr %18, align 8
  %87 = mul nsw i64 %86, %45
  %88 = getelementptr inbounds i8, ptr %39, i64 %87
  %89 = mul nsw i64 %45, %0
  %90 = getelementptr inbounds i8, ptr %40, i64 %89
  %91 = sub nsw i64 %41, %45
  %92 = add nsw i64 %45, %43
  store i64 %92, ptr %17, align 8
  br i1 %20, label %93, label %113

93:
  %94 = phi i64 [ %105, %101 ], [ %86, %85 ]
  %95 = phi i64 [ %111, %101 ], [ %92, %85 ]
  %96 = phi i64 [ %103, %101 ], [ %10, %85 ]
  %97 = phi ptr [ %108, %101 ], [ %88, %85 ]
  %98 = getelementptr inbounds nuw i64, ptr %3, i64 %96
  %99 = load i64, ptr %98, align 8
  %100 = icmp eq i64 %95, %99
  br i1 %100, label %101, label %113

101:
  %102 = getelementptr inbounds nuw i64, ptr %9, i64 %96
  %103 = add nsw i64 %96, -1
  %104 = getelementptr inbounds nuw i64, ptr %4, i64 %103
  %105 = load i64, ptr %104, align 8
  %106 = mul nsw i64 %94, %95
  %107 = sub nsw i64 %105, %106
  %108 = getelementptr inbounds i8, ptr %97, i64 %107
  store i64 0, ptr %102, align 8
  %109 = getelementptr inbounds nuw i64, ptr %9, i64 %103
  %110 = load i64, ptr %109, align 8
  %111 = add nsw i64 %110, 1
  store i64 %111, ptr %109, align 8
  %112 = icmp sgt i64 %96, 1
  br i1 %112, label %93, label %113

113:
  %114 = phi ptr [ %88, %85 ], [ %108, %101 ], [ %97, %93 ]
  %115 = icmp sgt i64 %91, 0
  br i1 %115, label %37, label %116

116:
  ret void
}

declare i64 @llvm.smin.i64(i64, i64)

; made of rows.c by generate.py: a3ce12d5dd48e991ef932234eeefab4abe3b56b9bfeed063395c04831716ed08

define i1 @compute_rows(ptr %0, ptr %1) {
  %3 = alloca [8 x i64], align 16
  call void @llvm.memset.p0.i64(ptr align 16 %3, i8 0, i64 64, i1 false)
  %4 = load i64, ptr %1, align 8
  %5 = add i64 %4, -1
  %6 = getelementptr inbounds nuw i8, ptr %1, i64 8
  %7 = getelementptr i64, ptr %1, i64 %4
  %8 = load i64, ptr %7, align 8
  %9 = getelementptr inbounds nuw i8, ptr %0, i64 24
  %10 = load i64, ptr %9, align 8
  %11 = icmp sgt i64 %10, 0
  br i1 %11, label %12, label %15

12:
  %13 = getelementptr inbounds nuw i8, ptr %0, i64 64
  %14 = load ptr, ptr %13, align 8
  br label %26

15:
  %16 = phi i1 [ false, %2 ], [ %32, %26 ]
  %17 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %18 = load i64, ptr %17, align 8
  %19 = icmp sgt i64 %18, 0
  br i1 %19, label %20, label %35

20:
  %21 = getelementptr inbounds nuw i8, ptr %1, i64 104
  %22 = getelementptr inbounds nuw i8, ptr %0, i64 32
  %23 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %24 = getelementptr inbounds nuw i8, ptr %1, i64 152
  %25 = icmp sgt i64 %4, 1
  br label %52

26:
  %27 = phi i64 [ 0, %12 ], [ %33, %26 ]
  %28 = phi i1 [ false, %12 ], [ %32, %26 ]
  %29 = getelementptr inbounds nuw i64, ptr %14, i64 %27
  %30 = load i64, ptr %29, align 8
  %31 = icmp ne i64 %30, 0
  %32 = or i1 %28, %31
  %33 = add nuw nsw i64 %27, 1
  %34 = icmp eq i64 %33, %10
  br i1 %34, label %15, label %26

35:
  %36 = phi i64 [ %18, %15 ], [ %78, %76 ]
  %37 = getelementptr inbounds nuw i8, ptr %1, i64 72
  %38 = load i64, ptr %37, align 8
  %39 = icmp slt i64 %38, 1
  br i1 %39, label %208, label %40

40:
  %41 = getelementptr inbounds nuw i8, ptr %1, i64 152
  %42 = getelementptr inbounds nuw i8, ptr %1, i64 104
  %43 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %44 = getelementptr inbounds nuw i8, ptr %1, i64 160
  %45 = getelementptr inbounds nuw i8, ptr %1, i64 168
  %46 = getelementptr inbounds nuw i8, ptr %1, i64 96
  %47 = getelementptr inbounds nuw i8, ptr %0, i64 32
  %48 = getelementptr inbounds nuw i8, ptr %0, i64 104
  %49 = add nsw i64 %4, -2
  %50 = getelementptr inbounds i64, ptr %3, i64 %49
  %51 = icmp sgt i64 %4, 2
  br label %80

52:
  %53 = phi i64 [ 0, %20 ], [ %77, %76 ]
  %54 = load ptr, ptr %21, align 8
  %55 = shl nsw i64 %53, 6
  %56 = getelementptr inbounds nuw i8, ptr %54, i64 %55
  %57 = getelementptr inbounds i64, ptr %56, i64 %5
  %58 = load i64, ptr %57, align 8
  %59 = icmp eq i64 %58, 0
  br i1 %59, label %64, label %60

60:
  %61 = load i64, ptr %22, align 8
  %62 = load i64, ptr %23, align 8
  %63 = mul nsw i64 %62, %61
  br label %64

64:
  %65 = phi i64 [ %63, %60 ], [ 0, %52 ]
  %66 = load ptr, ptr %24, align 8
  %67 = getelementptr inbounds nuw i64, ptr %66, i64 %53
  store i64 %65, ptr %67, align 8
  store i64 0, ptr %57, align 8
  br i1 %25, label %68, label %76

68:
  %69 = phi i64 [ %73, %68 ], [ 0, %64 ]
  %70 = phi i64 [ %74, %68 ], [ 0, %64 ]
  %71 = getelementptr inbounds nuw i64, ptr %56, i64 %70
  %72 = load i64, ptr %71, align 8
  %73 = or i64 %69, %72
  store i64 %73, ptr %57, align 8
  %74 = add nuw nsw i64 %70, 1
  %75 = icmp eq i64 %74, %5
  br i1 %75, label %76, label %68

76:
  %77 = add nuw nsw i64 %53, 1
  %78 = load i64, ptr %17, align 8
  %79 = icmp slt i64 %77, %78
  br i1 %79, label %52, label %35

80:
  %81 = phi i64 [ %36, %40 ], [ %204, %203 ]
  %82 = phi i64 [ 0, %40 ], [ %205, %203 ]
  %83 = icmp sgt i64 %81, 0
  br i1 %83, label %84, label %130

84:
  %85 = icmp eq i64 %82, 0
  br label %86

86:
  %87 = phi i64 [ 0, %84 ], [ %127, %126 ]
  %88 = load ptr, ptr %41, align 8
  %89 = getelementptr inbounds nuw i64, ptr %88, i64 %87
  %90 = load i64, ptr %89, align 8
  %91 = icmp eq i64 %90, 0
  br i1 %91, label %92, label %126

92:
  br i1 %85, label %100, label %93

93:
  %94 = load ptr, ptr %42, align 8
  %95 = shl i64 %87, 6
  %96 = getelementptr i8, ptr %94, i64 %95
  %97 = getelementptr i64, ptr %96, i64 %5
  %98 = load i64, ptr %97, align 8
  %99 = icmp eq i64 %98, 0
  br i1 %99, label %126, label %100

100:
  %101 = load i64, ptr %43, align 8
  %102 = load ptr, ptr %44, align 8
  %103 = load i64, ptr %45, align 8
  %104 = mul nsw i64 %103, %87
  %105 = getelementptr inbounds i8, ptr %102, i64 %104
  %106 = load ptr, ptr %46, align 8
  %107 = getelementptr inbounds nuw ptr, ptr %106, i64 %87
  %108 = load ptr, ptr %107, align 8
  %109 = load i64, ptr %47, align 8
  %110 = icmp eq i64 %101, 8
  %111 = icmp sgt i64 %109, 0
  br i1 %110, label %113, label %112

112:
  br i1 %111, label %120, label %126

113:
  br i1 %111, label %114, label %126

114:
  %115 = phi i64 [ %118, %114 ], [ 0, %113 ]
  %116 = load i64, ptr %108, align 1
  %117 = getelementptr inbounds nuw i64, ptr %105, i64 %115
  store i64 %116, ptr %117, align 1
  %118 = add nuw nsw i64 %115, 1
  %119 = icmp eq i64 %118, %109
  br i1 %119, label %126, label %114

120:
  %121 = phi i64 [ %124, %120 ], [ 0, %112 ]
  %122 = load i32, ptr %108, align 1
  %123 = getelementptr inbounds nuw i32, ptr %105, i64 %121
  store i32 %122, ptr %123, align 1
  %124 = add nuw nsw i64 %121, 1
  %125 = icmp eq i64 %124, %109
  br i1 %125, label %126, label %120

126:
  %127 = add nuw nsw i64 %87, 1
  %128 = load i64, ptr %17, align 8
  %129 = icmp slt i64 %127, %128
  br i1 %129, label %86, label %130

130:
  br i1 %16, label %131, label %134

131:
  %132 = load ptr, ptr %48, align 8
  %133 = tail call i1 %132(ptr %0, ptr %1, i64 %82, i64 %8)
  br i1 %133, label %145, label %208

134:
  %135 = load i64, ptr %47, align 8
  %136 = sdiv i64 %8, %135
  %137 = tail call fastcc i1 @compute_part(ptr %0, ptr %1, i64 %82, i64 0, i64 %136)
  br i1 %137, label %138, label %208

138:
  %139 = load i64, ptr %47, align 8
  %140 = mul nsw i64 %139, %136
  %141 = icmp eq i64 %8, %140
  br i1 %141, label %145, label %142

142:
  %143 = sub nsw i64 %8, %139
  %144 = tail call fastcc i1 @compute_part(ptr %0, ptr %1, i64 %82, i64 %143, i64 1)
  br i1 %144, label %145, label %208

145:
  %146 = load i64, ptr %50, align 8
  %147 = add nsw i64 %146, 1
  store i64 %147, ptr %50, align 8
  %148 = load i64, ptr %17, align 8
  %149 = icmp sgt i64 %148, 0
  br i1 %149, label %152, label %150

150:
  %151 = phi i64 [ %148, %145 ], [ %165, %152 ]
  br i1 %51, label %167, label %203

152:
  %153 = phi i64 [ %164, %152 ], [ 0, %145 ]
  %154 = load ptr, ptr %42, align 8
  %155 = shl i64 %153, 6
  %156 = getelementptr i8, ptr %154, i64 %155
  %157 = getelementptr i64, ptr %156, i64 %5
  %158 = getelementptr i8, ptr %157, i64 -8
  %159 = load i64, ptr %158, align 8
  %160 = load ptr, ptr %46, align 8
  %161 = getelementptr inbounds nuw ptr, ptr %160, i64 %153
  %162 = load ptr, ptr %161, align 8
  %163 = getelementptr inbounds i8, ptr %162, i64 %159
  store ptr %163, ptr %161, align 8
  %164 = add nuw nsw i64 %153, 1
  %165 = load i64, ptr %17, align 8
  %166 = icmp slt i64 %164, %165
  br i1 %166, label %152, label %150

167:
  %168 = phi i64 [ %197, %196 ], [ %151, %150 ]
  %169 = phi i64 [ %201, %196 ], [ %49, %150 ]
  %170 = getelementptr inbounds nuw i64, ptr %3, i64 %169
  %171 = load i64, ptr %170, align 8
  %172 = getelementptr inbounds nuw i64, ptr %6, i64 %169
  %173 = load i64, ptr %172, align 8
  %174 = icmp eq i64 %171, %173
  br i1 %174, label %175, label %203

175:
  %176 = icmp sgt i64 %168, 0
  br i1 %176, label %177, label %196

177:
  %178 = phi i64 [ %193, %177 ], [ 0, %175 ]
  %179 = load ptr, ptr %42, align 8
  %180 = shl i64 %178, 6
  %181 = getelementptr i8, ptr %179, i64 %180
  %182 = getelementptr i64, ptr %181, i64 %169
  %183 = getelementptr i8, ptr %182, i64 -8
  %184 = load i64, ptr %183, align 8
  %185 = load i64, ptr %172, align 8
  %186 = load i64, ptr %182, align 8
  %187 = mul nsw i64 %186, %185
  %188 = sub nsw i64 %184, %187
  %189 = load ptr, ptr %46, align 8
  %190 = getelementptr inbounds nuw ptr, ptr %189, i64 %178
  %191 = load ptr, ptr %190, align 8
  %192 = getelementptr inbounds i8, ptr %191, i64 %188
  store ptr %192, ptr %190, align 8
  %193 = add nuw nsw i64 %178, 1
  %194 = load i64, ptr %17, align 8
  %195 = icmp slt i64 %193, %194
  br i1 %195, label %177, label %196

196:
  %197 = phi i64 [ %168, %175 ], [ %194, %177 ]
  store i64 0, ptr %170, align 8
  %198 = getelementptr i8, ptr %170, i64 -8
  %199 = load i64, ptr %198, align 8
  %200 = add nsw i64 %199, 1
  store i64 %200, ptr %198, align 8
  %201 = add nsw i64 %169, -1
  %202 = icmp sgt i64 %169, 1
  br i1 %202, label %167, label %203

203:
  %204 = phi i64 [ %151, %150 ], [ %197, %196 ], [ %168, %167 ]
  %205 = add nsw i64 %82, %8
  %206 = load i64, ptr %37, align 8
  %207 = icmp slt i64 %205, %206
  br i1 %207, label %80, label %208

208:
  %209 = phi i1 [ true, %35 ], [ false, %134 ], [ true, %203 ], [ false, %131 ], [ false, %142 ]
  ret i1 %209
}

declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)

define internal fastcc i1 @compute_part(ptr %0, ptr %1, i64 %2, i64 %3, i64 %4) {
  %6 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %7 = load i64, ptr %6, align 8
  %8 = icmp sgt i64 %7, 0
  br i1 %8, label %9, label %16

9:
  %10 = getelementptr inbounds nuw i8, ptr %1, i64 152
  %11 = getelementptr inbounds nuw i8, ptr %1, i64 96
  %12 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %13 = getelementptr inbounds nuw i8, ptr %1, i64 160
  %14 = getelementptr inbounds nuw i8, ptr %1, i64 168
  %15 = getelementptr inbounds nuw i8, ptr %1, i64 136
  br label %28

16:
  %17 = getelementptr inbounds nuw i8, ptr %0, i64 24
  %18 = load i64, ptr %17, align 8
  %19 = icmp sgt i64 %18, 0
  br i1 %19, label %20, label %82

20:
  %21 = getelementptr inbounds nuw i8, ptr %0, i64 64
  %22 = getelementptr inbounds nuw i8, ptr %1, i64 160
  %23 = getelementptr inbounds nuw i8, ptr %1, i64 168
  %24 = getelementptr inbounds nuw i8, ptr %1, i64 120
  %25 = add nsw i64 %3, %2
  %26 = getelementptr inbounds nuw i8, ptr %0, i64 48
  %27 = getelementptr inbounds nuw i8, ptr %1, i64 144
  br label %53

28:
  %29 = phi i64 [ 0, %9 ], [ %50, %46 ]
  %30 = load ptr, ptr %10, align 8
  %31 = getelementptr inbounds nuw i64, ptr %30, i64 %29
  %32 = load i64, ptr %31, align 8
  %33 = icmp eq i64 %32, 0
  br i1 %33, label %41, label %34

34:
  %35 = load ptr, ptr %11, align 8
  %36 = getelementptr inbounds nuw ptr, ptr %35, i64 %29
  %37 = load ptr, ptr %36, align 8
  %38 = load i64, ptr %12, align 8
  %39 = mul nsw i64 %38, %3
  %40 = getelementptr inbounds i8, ptr %37, i64 %39
  br label %46

41:
  %42 = load ptr, ptr %13, align 8
  %43 = load i64, ptr %14, align 8
  %44 = mul nsw i64 %43, %29
  %45 = getelementptr inbounds i8, ptr %42, i64 %44
  br label %46

46:
  %47 = phi ptr [ %40, %34 ], [ %45, %41 ]
  %48 = load ptr, ptr %15, align 8
  %49 = getelementptr inbounds nuw ptr, ptr %48, i64 %29
  store ptr %47, ptr %49, align 8
  %50 = add nuw nsw i64 %29, 1
  %51 = load i64, ptr %6, align 8
  %52 = icmp slt i64 %50, %51
  br i1 %52, label %28, label %16

53:
  %54 = phi i64 [ 0, %20 ], [ %79, %75 ]
  %55 = load ptr, ptr %21, align 8
  %56 = getelementptr inbounds nuw i64, ptr %55, i64 %54
  %57 = load i64, ptr %56, align 8
  %58 = icmp eq i64 %57, 0
  br i1 %58, label %59, label %68

59:
  %60 = load ptr, ptr %24, align 8
  %61 = getelementptr inbounds nuw ptr, ptr %60, i64 %54
  %62 = load ptr, ptr %61, align 8
  %63 = load ptr, ptr %26, align 8
  %64 = getelementptr inbounds nuw i64, ptr %63, i64 %54
  %65 = load i64, ptr %64, align 8
  %66 = mul nsw i64 %65, %25
  %67 = getelementptr inbounds i8, ptr %62, i64 %66
  br label %75

68:
  %69 = load ptr, ptr %22, align 8
  %70 = load i64, ptr %6, align 8
  %71 = add nsw i64 %70, %54
  %72 = load i64, ptr %23, align 8
  %73 = mul nsw i64 %71, %72
  %74 = getelementptr inbounds i8, ptr %69, i64 %73
  br label %75

75:
  %76 = phi ptr [ %67, %59 ], [ %74, %68 ]
  %77 = load ptr, ptr %27, align 8
  %78 = getelementptr inbounds nuw ptr, ptr %77, i64 %54
  store ptr %76, ptr %78, align 8
  %79 = add nuw nsw i64 %54, 1
  %80 = load i64, ptr %17, align 8
  %81 = icmp slt i64 %79, %80
  br i1 %81, label %53, label %82

82:
  %83 = load ptr, ptr %0, align 8
  %84 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %85 = load ptr, ptr %84, align 8
  %86 = getelementptr inbounds nuw i8, ptr %1, i64 136
  %87 = load ptr, ptr %86, align 8
  %88 = getelementptr inbounds nuw i8, ptr %1, i64 152
  %89 = load ptr, ptr %88, align 8
  %90 = getelementptr inbounds nuw i8, ptr %1, i64 144
  %91 = load ptr, ptr %90, align 8
  %92 = tail call i1 %83(ptr %85, i64 %4, ptr %87, ptr %89, ptr %91)
  ret i1 %92
}

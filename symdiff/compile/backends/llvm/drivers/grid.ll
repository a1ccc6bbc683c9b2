; made of grid.c by generate.py: 72163353cd49da17f091489fea7a0b46cc902ded2608f29e5ba3db2c3b92d764

%struct.Object = type opaque
%struct.Grid = type { i64, [8 x i64], i64, i64, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, i64 }
%struct.Sum = type { double, double }

@TYPE_ERROR = external global %struct.Object, align 1
@.str = private constant [26 x i8] c"wrong number of arguments\00", align 1
@TYPE_OFFSET = external global i8, align 1
@ARRAY_TYPE = external global %struct.Object, align 1
@.str.1 = private constant [69 x i8] c"not arrays that broadcast against each other, or of more than 8 axes\00", align 1
@NONE = external global %struct.Object, align 1

define ptr @grid(ptr %0, ptr %1, i64 %2) {
  %4 = alloca %struct.Grid, align 8
  %5 = tail call ptr @PyCapsule_GetPointer(ptr %0, ptr null)
  %6 = getelementptr inbounds nuw i8, ptr %5, i64 16
  %7 = load i64, ptr %6, align 8
  %8 = getelementptr inbounds nuw i8, ptr %5, i64 24
  %9 = load i64, ptr %8, align 8
  %10 = add nsw i64 %9, %7
  %11 = icmp eq i64 %2, %10
  br i1 %11, label %13, label %12

12:
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str)
  br label %244

13:
  call void @llvm.memset.p0.i64(ptr align 8 %4, i8 0, i64 168, i1 false)
  %14 = call fastcc i1 @measure(ptr %5, ptr %1, ptr %4)
  br i1 %14, label %16, label %15

15:
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str.1)
  br label %244

16:
  %17 = getelementptr inbounds nuw i8, ptr %5, i64 32
  %18 = load i64, ptr %17, align 8
  %19 = shl i64 %18, 3
  %20 = add i64 %19, 2112
  %21 = getelementptr inbounds nuw i8, ptr %4, i64 160
  store i64 %20, ptr %21, align 8
  %22 = mul nsw i64 %20, %2
  %23 = shl i64 %9, 5
  %24 = mul i64 %7, 96
  %25 = add i64 %24, 64
  %26 = add i64 %25, %23
  %27 = add i64 %26, %22
  %28 = tail call ptr @PyMem_RawMalloc(i64 %27)
  %29 = icmp eq ptr %28, null
  br i1 %29, label %30, label %32

30:
  %31 = tail call ptr @PyErr_NoMemory()
  br label %244

32:
  %33 = ptrtoint ptr %28 to i64
  %34 = add nsw i64 %33, 63
  %35 = and i64 %34, -64
  %36 = inttoptr i64 %35 to ptr
  %37 = getelementptr inbounds nuw i8, ptr %4, i64 152
  store ptr %36, ptr %37, align 8
  %38 = getelementptr inbounds i8, ptr %36, i64 %22
  %39 = getelementptr inbounds nuw i8, ptr %4, i64 88
  store ptr %38, ptr %39, align 8
  %40 = load i64, ptr %6, align 8
  %41 = getelementptr inbounds ptr, ptr %38, i64 %40
  %42 = getelementptr inbounds nuw i8, ptr %4, i64 128
  store ptr %41, ptr %42, align 8
  %43 = getelementptr inbounds ptr, ptr %41, i64 %40
  %44 = getelementptr inbounds nuw i8, ptr %4, i64 144
  store ptr %43, ptr %44, align 8
  %45 = getelementptr inbounds i64, ptr %43, i64 %40
  %46 = getelementptr inbounds nuw i8, ptr %4, i64 104
  store ptr %45, ptr %46, align 8
  %47 = getelementptr inbounds double, ptr %45, i64 %40
  %48 = getelementptr inbounds nuw i8, ptr %4, i64 96
  store ptr %47, ptr %48, align 8
  %49 = shl nsw i64 %40, 6
  %50 = getelementptr inbounds i8, ptr %47, i64 %49
  %51 = getelementptr inbounds nuw i8, ptr %4, i64 112
  store ptr %50, ptr %51, align 8
  %52 = load i64, ptr %8, align 8
  %53 = getelementptr inbounds ptr, ptr %50, i64 %52
  %54 = getelementptr inbounds nuw i8, ptr %4, i64 136
  store ptr %53, ptr %54, align 8
  %55 = getelementptr inbounds ptr, ptr %53, i64 %52
  %56 = getelementptr inbounds nuw i8, ptr %4, i64 120
  store ptr %55, ptr %56, align 8
  %57 = icmp slt i64 %52, 1
  br i1 %57, label %173, label %58

58:
  %59 = getelementptr inbounds nuw i8, ptr %4, i64 80
  %60 = getelementptr inbounds nuw i8, ptr %4, i64 72
  %61 = getelementptr inbounds nuw i8, ptr %5, i64 64
  %62 = load i64, ptr %59, align 8
  %63 = icmp eq i64 %62, 0
  %64 = load i64, ptr %60, align 8
  br label %65

65:
  %66 = phi i64 [ 0, %58 ], [ %169, %158 ]
  %67 = load i64, ptr %6, align 8
  %68 = getelementptr ptr, ptr %1, i64 %67
  %69 = getelementptr ptr, ptr %68, i64 %66
  %70 = load ptr, ptr %69, align 8
  %71 = getelementptr inbounds i8, ptr %70, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %72 = load ptr, ptr %71, align 8
  %73 = icmp eq ptr %72, @ARRAY_TYPE
  br i1 %73, label %74, label %172

74:
  br i1 %63, label %77, label %75

75:
  %76 = sdiv i64 %64, %62
  br label %77

77:
  %78 = phi i64 [ %76, %75 ], [ 0, %74 ]
  %79 = getelementptr inbounds i8, ptr %70, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 16)
  %80 = load i32, ptr %79, align 8
  %81 = sext i32 %80 to i64
  %82 = icmp sgt i32 %80, 0
  br i1 %82, label %83, label %146

83:
  %84 = getelementptr inbounds i8, ptr %70, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 24)
  %85 = load ptr, ptr %84, align 8
  %86 = and i64 %81, 7
  %87 = icmp ult i32 %80, 8
  br i1 %87, label %131, label %88

88:
  %89 = and i64 %81, 2147483640
  br label %90

90:
  %91 = phi i64 [ 0, %88 ], [ %125, %90 ]
  %92 = phi i64 [ 1, %88 ], [ %124, %90 ]
  %93 = phi i64 [ 0, %88 ], [ %126, %90 ]
  %94 = getelementptr inbounds nuw i64, ptr %85, i64 %91
  %95 = load i64, ptr %94, align 8
  %96 = mul nsw i64 %95, %92
  %97 = getelementptr inbounds nuw i64, ptr %85, i64 %91
  %98 = getelementptr inbounds nuw i8, ptr %97, i64 8
  %99 = load i64, ptr %98, align 8
  %100 = mul nsw i64 %99, %96
  %101 = getelementptr inbounds nuw i64, ptr %85, i64 %91
  %102 = getelementptr inbounds nuw i8, ptr %101, i64 16
  %103 = load i64, ptr %102, align 8
  %104 = mul nsw i64 %103, %100
  %105 = getelementptr inbounds nuw i64, ptr %85, i64 %91
  %106 = getelementptr inbounds nuw i8, ptr %105, i64 24
  %107 = load i64, ptr %106, align 8
  %108 = mul nsw i64 %107, %104
  %109 = getelementptr inbounds nuw i64, ptr %85, i64 %91
  %110 = getelementptr inbounds nuw i8, ptr %109, i64 32
  %111 = load i64, ptr %110, align 8
  %112 = mul nsw i64 %111, %108
  %113 = getelementptr inbounds nuw i64, ptr %85, i64 %91
  %114 = getelementptr inbounds nuw i8, ptr %113, i64 40
  %115 = load i64, ptr %114, align 8
  %116 = mul nsw i64 %115, %112
  %117 = getelementptr inbounds nuw i64, ptr %85, i64 %91
  %118 = getelementptr inbounds nuw i8, ptr %117, i64 48
  %119 = load i64, ptr %118, align 8
  %120 = mul nsw i64 %119, %116
  %121 = getelementptr inbounds nuw i64, ptr %85, i64 %91
  %122 = getelementptr inbounds nuw i8, ptr %121, i64 56
  %123 = load i64, ptr %122, align 8
  %124 = mul nsw i64 %123, %120
  %125 = add nuw nsw i64 %91, 8
  %126 = add i64 %93, 8
  %127 = icmp eq i64 %126, %89
  br i1 %127, label %128, label %90

128:
  %129 = and i32 %80, 7
  %130 = icmp eq i32 %129, 0
  br i1 %130, label %146, label %131

131:
  %132 = phi i64 [ 0, %83 ], [ %125, %128 ]
  %133 = phi i64 [ 1, %83 ], [ %124, %128 ]
  %134 = and i32 %80, 7
  %135 = icmp ne i32 %134, 0
  tail call void @llvm.assume(i1 %135)
  br label %136

136:
  %137 = phi i64 [ %132, %131 ], [ %143, %136 ]
  %138 = phi i64 [ %133, %131 ], [ %142, %136 ]
  %139 = phi i64 [ 0, %131 ], [ %144, %136 ]
  %140 = getelementptr inbounds nuw i64, ptr %85, i64 %137
  %141 = load i64, ptr %140, align 8
  %142 = mul nsw i64 %141, %138
  %143 = add nuw nsw i64 %137, 1
  %144 = add i64 %139, 1
  %145 = icmp eq i64 %144, %86
  br i1 %145, label %146, label %136

146:
  %147 = phi i64 [ 1, %77 ], [ %124, %128 ], [ %142, %136 ]
  %148 = load ptr, ptr %61, align 8
  %149 = getelementptr inbounds nuw i64, ptr %148, i64 %66
  %150 = load i64, ptr %149, align 8
  %151 = icmp eq i64 %150, 0
  %152 = icmp eq i64 %150, 2
  %153 = icmp eq i64 %150, 4
  %154 = or i1 %152, %153
  %155 = select i1 %154, i64 %78, i64 1
  %156 = select i1 %151, i64 %64, i64 %155
  %157 = icmp eq i64 %147, %156
  br i1 %157, label %158, label %172

158:
  %159 = getelementptr inbounds i8, ptr %70, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %160 = load ptr, ptr %159, align 8
  %161 = getelementptr inbounds nuw ptr, ptr %50, i64 %66
  store ptr %160, ptr %161, align 8
  %162 = getelementptr inbounds nuw %struct.Sum, ptr %55, i64 %66
  %163 = load ptr, ptr %61, align 8
  %164 = getelementptr inbounds nuw i64, ptr %163, i64 %66
  %165 = load i64, ptr %164, align 8
  %166 = icmp sgt i64 %165, 2
  %167 = select i1 %166, double 0xFFF0000000000000, double 0.000000e+00
  store double %167, ptr %162, align 8
  %168 = getelementptr inbounds nuw i8, ptr %162, i64 8
  store double 0.000000e+00, ptr %168, align 8
  %169 = add nuw nsw i64 %66, 1
  %170 = load i64, ptr %8, align 8
  %171 = icmp slt i64 %169, %170
  br i1 %171, label %65, label %173

172:
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str.1)
  br label %242

173:
  %174 = call fastcc i1 @stride(ptr %5, ptr %1, ptr %4)
  br i1 %174, label %175, label %242

175:
  %176 = tail call ptr @PyEval_SaveThread()
  %177 = load i64, ptr %4, align 8
  %178 = icmp sgt i64 %177, 1
  br i1 %178, label %179, label %233

179:
  %180 = getelementptr inbounds nuw i8, ptr %4, i64 8
  %181 = load i64, ptr %6, align 8
  br label %182

182:
  %183 = phi i64 [ %181, %179 ], [ %227, %226 ]
  %184 = phi i64 [ 0, %179 ], [ %212, %226 ]
  %185 = phi i64 [ 1, %179 ], [ %228, %226 ]
  %186 = getelementptr inbounds nuw i64, ptr %180, i64 %185
  %187 = tail call i64 @llvm.smax.i64(i64 %183, i64 0)
  %188 = load ptr, ptr %48, align 8
  br label %189

189:
  %190 = phi i64 [ 0, %182 ], [ %202, %192 ]
  %191 = icmp eq i64 %190, %187
  br i1 %191, label %203, label %192

192:
  %193 = shl nsw i64 %190, 6
  %194 = getelementptr inbounds nuw i8, ptr %188, i64 %193
  %195 = getelementptr inbounds i64, ptr %194, i64 %184
  %196 = load i64, ptr %195, align 8
  %197 = getelementptr inbounds nuw i64, ptr %194, i64 %185
  %198 = load i64, ptr %197, align 8
  %199 = load i64, ptr %186, align 8
  %200 = mul nsw i64 %199, %198
  %201 = icmp eq i64 %196, %200
  %202 = add nuw i64 %190, 1
  br i1 %201, label %189, label %208

203:
  %204 = load i64, ptr %186, align 8
  %205 = getelementptr inbounds i64, ptr %180, i64 %184
  %206 = load i64, ptr %205, align 8
  %207 = mul nsw i64 %206, %204
  store i64 %207, ptr %205, align 8
  br label %211

208:
  %209 = add nsw i64 %184, 1
  %210 = getelementptr inbounds i64, ptr %180, i64 %209
  store i64 %199, ptr %210, align 8
  br label %211

211:
  %212 = phi i64 [ %184, %203 ], [ %209, %208 ]
  %213 = icmp sgt i64 %183, 0
  br i1 %213, label %214, label %226

214:
  %215 = load ptr, ptr %48, align 8
  br label %216

216:
  %217 = phi i64 [ %223, %216 ], [ 0, %214 ]
  %218 = shl nsw i64 %217, 6
  %219 = getelementptr inbounds nuw i8, ptr %215, i64 %218
  %220 = getelementptr inbounds nuw i64, ptr %219, i64 %185
  %221 = load i64, ptr %220, align 8
  %222 = getelementptr i64, ptr %219, i64 %212
  store i64 %221, ptr %222, align 8
  %223 = add nuw nsw i64 %217, 1
  %224 = load i64, ptr %6, align 8
  %225 = icmp slt i64 %223, %224
  br i1 %225, label %216, label %226

226:
  %227 = phi i64 [ %183, %211 ], [ %224, %216 ]
  %228 = add nuw nsw i64 %185, 1
  %229 = load i64, ptr %4, align 8
  %230 = icmp slt i64 %228, %229
  br i1 %230, label %182, label %231

231:
  %232 = add nsw i64 %212, 1
  br label %233

233:
  %234 = phi i64 [ 1, %175 ], [ %232, %231 ]
  %235 = phi i64 [ %177, %175 ], [ %229, %231 ]
  %236 = icmp eq i64 %235, 0
  %237 = select i1 %236, i64 0, i64 %234
  store i64 %237, ptr %4, align 8
  %238 = call fastcc i1 @compute(ptr %5, ptr %4)
  tail call void @PyEval_RestoreThread(ptr %176)
  br i1 %238, label %239, label %240

239:
  tail call void @Py_IncRef(ptr @NONE)
  br label %242

240:
  %241 = tail call ptr @PyErr_NoMemory()
  br label %242

242:
  %243 = phi ptr [ null, %172 ], [ null, %173 ], [ @NONE, %239 ], [ %241, %240 ]
  tail call void @PyMem_RawFree(ptr %28)
  br label %244

244:
  %245 = phi ptr [ null, %12 ], [ %243, %242 ], [ %31, %30 ], [ null, %15 ]
  ret ptr %245
}

declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)

define internal fastcc i1 @measure(ptr %0, ptr %1, ptr %2) {
  %4 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %5 = load i64, ptr %4, align 8
  %6 = icmp slt i64 %5, 1
  br i1 %6, label %141, label %7

7:
  %8 = getelementptr inbounds nuw i8, ptr %2, i64 8
  br label %9

9:
  %10 = phi i64 [ 0, %7 ], [ %138, %137 ]
  %11 = getelementptr inbounds nuw ptr, ptr %1, i64 %10
  %12 = load ptr, ptr %11, align 8
  %13 = getelementptr inbounds i8, ptr %12, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %14 = load ptr, ptr %13, align 8
  %15 = icmp eq ptr %14, @ARRAY_TYPE
  br i1 %15, label %16, label %137

16:
  %17 = getelementptr inbounds i8, ptr %12, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 16)
  %18 = load i32, ptr %17, align 8
  %19 = icmp sgt i32 %18, 8
  br i1 %19, label %197, label %20

20:
  %21 = sext i32 %18 to i64
  %22 = load i64, ptr %2, align 8
  %23 = sub nsw i64 %21, %22
  %24 = icmp sgt i64 %23, 0
  %25 = icmp sgt i64 %22, 0
  %26 = and i1 %24, %25
  br i1 %26, label %27, label %42

27:
  %28 = and i64 %22, 3
  %29 = icmp eq i64 %28, 0
  br i1 %29, label %39, label %30

30:
  %31 = phi i64 [ %33, %30 ], [ %22, %27 ]
  %32 = phi i64 [ %37, %30 ], [ 0, %27 ]
  %33 = add nsw i64 %31, -1
  %34 = getelementptr i64, ptr %2, i64 %31
  %35 = load i64, ptr %34, align 8
  %36 = getelementptr inbounds nuw i64, ptr %34, i64 %23
  store i64 %35, ptr %36, align 8
  %37 = add i64 %32, 1
  %38 = icmp eq i64 %37, %28
  br i1 %38, label %39, label %30

39:
  %40 = phi i64 [ %22, %27 ], [ %33, %30 ]
  %41 = icmp ult i64 %22, 4
  br i1 %41, label %62, label %43

42:
  br i1 %24, label %62, label %104

43:
  %44 = phi i64 [ %56, %43 ], [ %40, %39 ]
  %45 = getelementptr i64, ptr %2, i64 %44
  %46 = load i64, ptr %45, align 8
  %47 = getelementptr inbounds nuw i64, ptr %45, i64 %23
  store i64 %46, ptr %47, align 8
  %48 = getelementptr i64, ptr %2, i64 %44
  %49 = getelementptr i8, ptr %48, i64 -8
  %50 = load i64, ptr %49, align 8
  %51 = getelementptr inbounds nuw i64, ptr %49, i64 %23
  store i64 %50, ptr %51, align 8
  %52 = getelementptr i64, ptr %2, i64 %44
  %53 = getelementptr i8, ptr %52, i64 -16
  %54 = load i64, ptr %53, align 8
  %55 = getelementptr inbounds nuw i64, ptr %53, i64 %23
  store i64 %54, ptr %55, align 8
  %56 = add nsw i64 %44, -4
  %57 = getelementptr i64, ptr %2, i64 %44
  %58 = getelementptr i8, ptr %57, i64 -24
  %59 = load i64, ptr %58, align 8
  %60 = getelementptr inbounds nuw i64, ptr %58, i64 %23
  store i64 %59, ptr %60, align 8
  %61 = icmp sgt i64 %44, 4
  br i1 %61, label %43, label %62

62:
  %63 = and i64 %23, 7
  %64 = sub i64 %22, %21
  %65 = icmp ugt i64 %64, -8
  br i1 %65, label %91, label %66

66:
  %67 = and i64 %23, -8
  br label %68

68:
  %69 = phi i64 [ 0, %66 ], [ %86, %68 ]
  %70 = phi i64 [ 0, %66 ], [ %87, %68 ]
  %71 = getelementptr inbounds nuw i64, ptr %8, i64 %69
  store i64 1, ptr %71, align 8
  %72 = getelementptr inbounds nuw i64, ptr %8, i64 %69
  %73 = getelementptr inbounds nuw i8, ptr %72, i64 8
  store i64 1, ptr %73, align 8
  %74 = getelementptr inbounds nuw i64, ptr %8, i64 %69
  %75 = getelementptr inbounds nuw i8, ptr %74, i64 16
  store i64 1, ptr %75, align 8
  %76 = getelementptr inbounds nuw i64, ptr %8, i64 %69
  %77 = getelementptr inbounds nuw i8, ptr %76, i64 24
  store i64 1, ptr %77, align 8
  %78 = getelementptr inbounds nuw i64, ptr %8, i64 %69
  %79 = getelementptr inbounds nuw i8, ptr %78, i64 32
  store i64 1, ptr %79, align 8
  %80 = getelementptr inbounds nuw i64, ptr %8, i64 %69
  %81 = getelementptr inbounds nuw i8, ptr %80, i64 40
  store i64 1, ptr %81, align 8
  %82 = getelementptr inbounds nuw i64, ptr %8, i64 %69
  %83 = getelementptr inbounds nuw i8, ptr %82, i64 48
  store i64 1, ptr %83, align 8
  %84 = getelementptr inbounds nuw i64, ptr %8, i64 %69
  %85 = getelementptr inbounds nuw i8, ptr %84, i64 56
  store i64 1, ptr %85, align 8
  %86 = add nuw nsw i64 %69, 8
  %87 = add i64 %70, 8
  %88 = icmp eq i64 %87, %67
  br i1 %88, label %89, label %68

89:
  %90 = icmp eq i64 %63, 0
  br i1 %90, label %101, label %91

91:
  %92 = phi i64 [ 0, %62 ], [ %86, %89 ]
  %93 = icmp ne i64 %63, 0
  tail call void @llvm.assume(i1 %93)
  br label %94

94:
  %95 = phi i64 [ %98, %94 ], [ %92, %91 ]
  %96 = phi i64 [ %99, %94 ], [ 0, %91 ]
  %97 = getelementptr inbounds nuw i64, ptr %8, i64 %95
  store i64 1, ptr %97, align 8
  %98 = add nuw nsw i64 %95, 1
  %99 = add i64 %96, 1
  %100 = icmp eq i64 %99, %63
  br i1 %100, label %101, label %94

101:
  %102 = load i32, ptr %17, align 8
  %103 = sext i32 %102 to i64
  br label %106

104:
  %105 = load i64, ptr %2, align 8
  br label %106

106:
  %107 = phi i64 [ %103, %101 ], [ %105, %104 ]
  store i64 %107, ptr %2, align 8
  %108 = load i32, ptr %17, align 8
  %109 = icmp sgt i32 %108, 0
  br i1 %109, label %110, label %137

110:
  %111 = zext nneg i32 %108 to i64
  %112 = getelementptr inbounds i8, ptr %12, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 24)
  br label %113

113:
  %114 = phi i32 [ %108, %110 ], [ %133, %132 ]
  %115 = phi i64 [ %111, %110 ], [ %135, %132 ]
  %116 = phi i64 [ 0, %110 ], [ %134, %132 ]
  %117 = load i64, ptr %2, align 8
  %118 = sub nsw i64 %117, %115
  %119 = getelementptr i64, ptr %8, i64 %118
  %120 = getelementptr i64, ptr %119, i64 %116
  %121 = load ptr, ptr %112, align 8
  %122 = getelementptr inbounds nuw i64, ptr %121, i64 %116
  %123 = load i64, ptr %122, align 8
  %124 = load i64, ptr %120, align 8
  %125 = icmp eq i64 %124, 1
  br i1 %125, label %126, label %128

126:
  store i64 %123, ptr %120, align 8
  %127 = load i32, ptr %17, align 8
  br label %132

128:
  %129 = icmp eq i64 %123, 1
  %130 = icmp eq i64 %123, %124
  %131 = or i1 %129, %130
  br i1 %131, label %132, label %197

132:
  %133 = phi i32 [ %127, %126 ], [ %114, %128 ]
  %134 = add nuw nsw i64 %116, 1
  %135 = sext i32 %133 to i64
  %136 = icmp slt i64 %134, %135
  br i1 %136, label %113, label %137

137:
  %138 = add nuw nsw i64 %10, 1
  %139 = load i64, ptr %4, align 8
  %140 = icmp slt i64 %138, %139
  br i1 %140, label %9, label %141

141:
  %142 = getelementptr inbounds nuw i8, ptr %2, i64 72
  store i64 1, ptr %142, align 8
  %143 = load i64, ptr %2, align 8
  %144 = icmp sgt i64 %143, 0
  br i1 %144, label %145, label %173

145:
  %146 = getelementptr inbounds nuw i8, ptr %2, i64 8
  %147 = and i64 %143, 3
  %148 = icmp ult i64 %143, 4
  br i1 %148, label %177, label %149

149:
  %150 = and i64 %143, 9223372036854775804
  br label %151

151:
  %152 = phi i64 [ 1, %149 ], [ %169, %151 ]
  %153 = phi i64 [ 0, %149 ], [ %170, %151 ]
  %154 = phi i64 [ 0, %149 ], [ %171, %151 ]
  %155 = getelementptr inbounds nuw i64, ptr %146, i64 %153
  %156 = load i64, ptr %155, align 8
  %157 = mul nsw i64 %152, %156
  store i64 %157, ptr %142, align 8
  %158 = getelementptr inbounds nuw i64, ptr %146, i64 %153
  %159 = getelementptr inbounds nuw i8, ptr %158, i64 8
  %160 = load i64, ptr %159, align 8
  %161 = mul nsw i64 %157, %160
  store i64 %161, ptr %142, align 8
  %162 = getelementptr inbounds nuw i64, ptr %146, i64 %153
  %163 = getelementptr inbounds nuw i8, ptr %162, i64 16
  %164 = load i64, ptr %163, align 8
  %165 = mul nsw i64 %161, %164
  store i64 %165, ptr %142, align 8
  %166 = getelementptr inbounds nuw i64, ptr %146, i64 %153
  %167 = getelementptr inbounds nuw i8, ptr %166, i64 24
  %168 = load i64, ptr %167, align 8
  %169 = mul nsw i64 %165, %168
  store i64 %169, ptr %142, align 8
  %170 = add nuw nsw i64 %153, 4
  %171 = add i64 %154, 4
  %172 = icmp eq i64 %171, %150
  br i1 %172, label %175, label %151

173:
  %174 = icmp eq i64 %143, 0
  br i1 %174, label %194, label %191

175:
  %176 = icmp eq i64 %147, 0
  br i1 %176, label %191, label %177

177:
  %178 = phi i64 [ 1, %145 ], [ %169, %175 ]
  %179 = phi i64 [ 0, %145 ], [ %170, %175 ]
  %180 = icmp ne i64 %147, 0
  tail call void @llvm.assume(i1 %180)
  br label %181

181:
  %182 = phi i64 [ %178, %177 ], [ %187, %181 ]
  %183 = phi i64 [ %179, %177 ], [ %188, %181 ]
  %184 = phi i64 [ 0, %177 ], [ %189, %181 ]
  %185 = getelementptr inbounds nuw i64, ptr %146, i64 %183
  %186 = load i64, ptr %185, align 8
  %187 = mul nsw i64 %182, %186
  store i64 %187, ptr %142, align 8
  %188 = add nuw nsw i64 %183, 1
  %189 = add i64 %184, 1
  %190 = icmp eq i64 %189, %147
  br i1 %190, label %191, label %181

191:
  %192 = getelementptr i64, ptr %2, i64 %143
  %193 = load i64, ptr %192, align 8
  br label %194

194:
  %195 = phi i64 [ %193, %191 ], [ 1, %173 ]
  %196 = getelementptr inbounds nuw i8, ptr %2, i64 80
  store i64 %195, ptr %196, align 8
  br label %197

197:
  %198 = phi i1 [ false, %128 ], [ true, %194 ], [ false, %16 ]
  ret i1 %198
}

declare ptr @PyMem_RawMalloc(i64)

declare ptr @PyErr_NoMemory()

define internal fastcc i1 @stride(ptr %0, ptr %1, ptr %2) {
  %4 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %5 = load i64, ptr %4, align 8
  %6 = icmp slt i64 %5, 1
  br i1 %6, label %87, label %7

7:
  %8 = getelementptr inbounds nuw i8, ptr %2, i64 96
  %9 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %10 = getelementptr inbounds nuw i8, ptr %2, i64 104
  %11 = getelementptr inbounds nuw i8, ptr %2, i64 88
  br label %12

12:
  %13 = phi i64 [ 0, %7 ], [ %84, %83 ]
  %14 = getelementptr inbounds nuw ptr, ptr %1, i64 %13
  %15 = load ptr, ptr %14, align 8
  %16 = getelementptr inbounds i8, ptr %15, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %17 = load ptr, ptr %16, align 8
  %18 = load ptr, ptr %8, align 8
  %19 = shl nsw i64 %13, 6
  %20 = getelementptr inbounds nuw i8, ptr %18, i64 %19
  store i64 0, ptr %20, align 8
  %21 = getelementptr inbounds nuw i8, ptr %20, i64 8
  store i64 0, ptr %21, align 8
  %22 = getelementptr inbounds nuw i8, ptr %20, i64 16
  store i64 0, ptr %22, align 8
  %23 = getelementptr inbounds nuw i8, ptr %20, i64 24
  store i64 0, ptr %23, align 8
  %24 = getelementptr inbounds nuw i8, ptr %20, i64 32
  store i64 0, ptr %24, align 8
  %25 = getelementptr inbounds nuw i8, ptr %20, i64 40
  store i64 0, ptr %25, align 8
  %26 = getelementptr inbounds nuw i8, ptr %20, i64 48
  store i64 0, ptr %26, align 8
  %27 = getelementptr inbounds nuw i8, ptr %20, i64 56
  store i64 0, ptr %27, align 8
  %28 = icmp eq ptr %17, @ARRAY_TYPE
  br i1 %28, label %29, label %61

29:
  %30 = getelementptr inbounds i8, ptr %15, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %31 = load ptr, ptr %30, align 8
  %32 = load ptr, ptr %11, align 8
  %33 = getelementptr inbounds nuw ptr, ptr %32, i64 %13
  store ptr %31, ptr %33, align 8
  %34 = getelementptr inbounds i8, ptr %15, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 16)
  %35 = load i32, ptr %34, align 8
  %36 = icmp sgt i32 %35, 0
  br i1 %36, label %37, label %83

37:
  %38 = load i64, ptr %2, align 8
  %39 = zext nneg i32 %35 to i64
  %40 = sub nsw i64 %38, %39
  %41 = getelementptr inbounds i8, ptr %15, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 24)
  %42 = getelementptr inbounds i8, ptr %15, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 32)
  %43 = getelementptr i64, ptr %20, i64 %40
  br label %44

44:
  %45 = phi i64 [ 0, %37 ], [ %57, %54 ]
  %46 = load ptr, ptr %41, align 8
  %47 = getelementptr inbounds nuw i64, ptr %46, i64 %45
  %48 = load i64, ptr %47, align 8
  %49 = icmp eq i64 %48, 1
  br i1 %49, label %54, label %50

50:
  %51 = load ptr, ptr %42, align 8
  %52 = getelementptr inbounds nuw i64, ptr %51, i64 %45
  %53 = load i64, ptr %52, align 8
  br label %54

54:
  %55 = phi i64 [ %53, %50 ], [ 0, %44 ]
  %56 = getelementptr i64, ptr %43, i64 %45
  store i64 %55, ptr %56, align 8
  %57 = add nuw nsw i64 %45, 1
  %58 = load i32, ptr %34, align 8
  %59 = sext i32 %58 to i64
  %60 = icmp slt i64 %57, %59
  br i1 %60, label %44, label %83

61:
  %62 = load ptr, ptr %14, align 8
  %63 = tail call double @PyFloat_AsDouble(ptr %62)
  %64 = fcmp oeq double %63, -1.000000e+00
  br i1 %64, label %65, label %68

65:
  %66 = tail call ptr @PyErr_Occurred()
  %67 = icmp eq ptr %66, null
  br i1 %67, label %68, label %87

68:
  %69 = load i64, ptr %9, align 8
  %70 = icmp eq i64 %69, 4
  br i1 %70, label %71, label %75

71:
  %72 = fptrunc double %63 to float
  %73 = load ptr, ptr %10, align 8
  %74 = getelementptr inbounds nuw double, ptr %73, i64 %13
  store float %72, ptr %74, align 4
  br label %78

75:
  %76 = load ptr, ptr %10, align 8
  %77 = getelementptr inbounds nuw double, ptr %76, i64 %13
  store double %63, ptr %77, align 8
  br label %78

78:
  %79 = load ptr, ptr %10, align 8
  %80 = getelementptr inbounds nuw double, ptr %79, i64 %13
  %81 = load ptr, ptr %11, align 8
  %82 = getelementptr inbounds nuw ptr, ptr %81, i64 %13
  store ptr %80, ptr %82, align 8
  br label %83

83:
  %84 = add nuw nsw i64 %13, 1
  %85 = load i64, ptr %4, align 8
  %86 = icmp slt i64 %84, %85
  br i1 %86, label %12, label %87

87:
  %88 = phi i1 [ true, %3 ], [ true, %83 ], [ false, %65 ]
  ret i1 %88
}

declare ptr @PyEval_SaveThread()

define internal fastcc i1 @compute(ptr %0, ptr %1) {
  %3 = getelementptr inbounds nuw i8, ptr %1, i64 72
  %4 = load i64, ptr %3, align 8
  %5 = icmp slt i64 %4, 1
  br i1 %5, label %183, label %6

6:
  %7 = getelementptr inbounds nuw i8, ptr %0, i64 32
  %8 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %9 = getelementptr inbounds nuw i8, ptr %1, i64 152
  %10 = getelementptr inbounds nuw i8, ptr %1, i64 160
  %11 = getelementptr inbounds nuw i8, ptr %1, i64 128
  %12 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %13 = getelementptr inbounds nuw i8, ptr %1, i64 144
  %14 = getelementptr inbounds nuw i8, ptr %1, i64 96
  %15 = getelementptr inbounds nuw i8, ptr %1, i64 88
  %16 = getelementptr inbounds nuw i8, ptr %0, i64 24
  %17 = getelementptr inbounds nuw i8, ptr %0, i64 64
  %18 = getelementptr inbounds nuw i8, ptr %1, i64 112
  %19 = getelementptr inbounds nuw i8, ptr %0, i64 48
  %20 = getelementptr inbounds nuw i8, ptr %1, i64 136
  %21 = getelementptr inbounds nuw i8, ptr %0, i64 8
  br label %22

22:
  %23 = phi i64 [ %4, %6 ], [ %181, %179 ]
  %24 = phi i64 [ 0, %6 ], [ %180, %179 ]
  %25 = sub nsw i64 %23, %24
  %26 = tail call i64 @llvm.smin.i64(i64 %25, i64 256)
  %27 = load i64, ptr %7, align 8
  %28 = add nsw i64 %26, -1
  %29 = add i64 %27, %28
  %30 = srem i64 %29, %27
  %31 = sub nsw i64 %29, %30
  %32 = load i64, ptr %8, align 8
  %33 = icmp sgt i64 %32, 0
  br i1 %33, label %34, label %38

34:
  %35 = icmp eq i64 %31, %26
  %36 = icmp eq i64 %24, 0
  %37 = sub nsw i64 %31, %26
  br label %43

38:
  %39 = load i64, ptr %16, align 8
  %40 = icmp sgt i64 %39, 0
  br i1 %40, label %41, label %141

41:
  %42 = icmp eq i64 %31, %26
  br label %111

43:
  %44 = phi i64 [ 0, %34 ], [ %108, %107 ]
  %45 = load ptr, ptr %9, align 8
  %46 = load i64, ptr %10, align 8
  %47 = mul nsw i64 %46, %44
  %48 = getelementptr inbounds i8, ptr %45, i64 %47
  %49 = load ptr, ptr %11, align 8
  %50 = getelementptr inbounds nuw ptr, ptr %49, i64 %44
  store ptr %48, ptr %50, align 8
  %51 = load i64, ptr %7, align 8
  %52 = load i64, ptr %12, align 8
  %53 = mul nsw i64 %52, %51
  %54 = load ptr, ptr %13, align 8
  %55 = getelementptr inbounds nuw i64, ptr %54, i64 %44
  store i64 %53, ptr %55, align 8
  %56 = load i64, ptr %1, align 8
  br i1 %35, label %57, label %84

57:
  %58 = load i64, ptr %12, align 8
  %59 = icmp slt i64 %56, 1
  br i1 %59, label %76, label %60

60:
  %61 = load ptr, ptr %14, align 8
  %62 = shl i64 %44, 6
  %63 = getelementptr i8, ptr %61, i64 %62
  br label %64

64:
  %65 = phi i64 [ %56, %60 ], [ %67, %71 ]
  %66 = phi i64 [ %58, %60 ], [ %74, %71 ]
  %67 = add nsw i64 %65, -1
  %68 = getelementptr i64, ptr %63, i64 %67
  %69 = load i64, ptr %68, align 8
  %70 = icmp eq i64 %69, %66
  br i1 %70, label %71, label %84

71:
  %72 = getelementptr i64, ptr %1, i64 %65
  %73 = load i64, ptr %72, align 8
  %74 = mul nsw i64 %73, %66
  %75 = icmp samesign ult i64 %65, 2
  br i1 %75, label %76, label %64

76:
  %77 = load ptr, ptr %15, align 8
  %78 = getelementptr inbounds nuw ptr, ptr %77, i64 %44
  %79 = load ptr, ptr %78, align 8
  %80 = mul nsw i64 %58, %24
  %81 = getelementptr inbounds i8, ptr %79, i64 %80
  %82 = load ptr, ptr %11, align 8
  %83 = getelementptr inbounds nuw ptr, ptr %82, i64 %44
  store ptr %81, ptr %83, align 8
  br label %107

84:
  switch i64 %56, label %100 [
    i64 0, label %91
    i64 1, label %85
  ]

85:
  %86 = load ptr, ptr %14, align 8
  %87 = shl nsw i64 %44, 6
  %88 = getelementptr inbounds nuw i8, ptr %86, i64 %87
  %89 = load i64, ptr %88, align 8
  %90 = icmp eq i64 %89, 0
  br i1 %90, label %91, label %100

91:
  %92 = load ptr, ptr %13, align 8
  %93 = getelementptr inbounds nuw i64, ptr %92, i64 %44
  store i64 0, ptr %93, align 8
  br i1 %36, label %94, label %107

94:
  %95 = load i64, ptr %12, align 8
  %96 = load ptr, ptr %15, align 8
  %97 = getelementptr inbounds nuw ptr, ptr %96, i64 %44
  %98 = load ptr, ptr %97, align 8
  %99 = load i64, ptr %7, align 8
  tail call fastcc void @copy(i64 %95, ptr %48, i64 %95, ptr %98, i64 0, i64 %99)
  br label %107

100:
  %101 = load i64, ptr %12, align 8
  tail call fastcc void @fill(ptr %1, i64 %44, i64 %101, ptr %48, i64 %24, i64 %26)
  %102 = load i64, ptr %12, align 8
  %103 = mul nsw i64 %102, %26
  %104 = getelementptr inbounds i8, ptr %48, i64 %103
  %105 = mul nsw i64 %102, %28
  %106 = getelementptr inbounds i8, ptr %48, i64 %105
  tail call fastcc void @copy(i64 %102, ptr %104, i64 %102, ptr %106, i64 0, i64 %37)
  br label %107

107:
  %108 = add nuw nsw i64 %44, 1
  %109 = load i64, ptr %8, align 8
  %110 = icmp slt i64 %108, %109
  br i1 %110, label %43, label %38

111:
  %112 = phi i64 [ 0, %41 ], [ %138, %134 ]
  br i1 %42, label %113, label %127

113:
  %114 = load ptr, ptr %17, align 8
  %115 = getelementptr inbounds nuw i64, ptr %114, i64 %112
  %116 = load i64, ptr %115, align 8
  %117 = icmp eq i64 %116, 0
  br i1 %117, label %118, label %127

118:
  %119 = load ptr, ptr %18, align 8
  %120 = getelementptr inbounds nuw ptr, ptr %119, i64 %112
  %121 = load ptr, ptr %120, align 8
  %122 = load ptr, ptr %19, align 8
  %123 = getelementptr inbounds nuw i64, ptr %122, i64 %112
  %124 = load i64, ptr %123, align 8
  %125 = mul nsw i64 %124, %24
  %126 = getelementptr inbounds i8, ptr %121, i64 %125
  br label %134

127:
  %128 = load ptr, ptr %9, align 8
  %129 = load i64, ptr %8, align 8
  %130 = add nsw i64 %129, %112
  %131 = load i64, ptr %10, align 8
  %132 = mul nsw i64 %130, %131
  %133 = getelementptr inbounds i8, ptr %128, i64 %132
  br label %134

134:
  %135 = phi ptr [ %126, %118 ], [ %133, %127 ]
  %136 = load ptr, ptr %20, align 8
  %137 = getelementptr inbounds nuw ptr, ptr %136, i64 %112
  store ptr %135, ptr %137, align 8
  %138 = add nuw nsw i64 %112, 1
  %139 = load i64, ptr %16, align 8
  %140 = icmp slt i64 %138, %139
  br i1 %140, label %111, label %141

141:
  %142 = load ptr, ptr %0, align 8
  %143 = load ptr, ptr %21, align 8
  %144 = load i64, ptr %7, align 8
  %145 = sdiv i64 %31, %144
  %146 = load ptr, ptr %11, align 8
  %147 = load ptr, ptr %13, align 8
  %148 = load ptr, ptr %20, align 8
  %149 = tail call i1 %142(ptr %143, i64 %145, ptr %146, ptr %147, ptr %148)
  br i1 %149, label %150, label %183

150:
  %151 = load i64, ptr %16, align 8
  %152 = icmp sgt i64 %151, 0
  br i1 %152, label %153, label %179

153:
  %154 = icmp eq i64 %31, %26
  br label %155

155:
  %156 = phi i64 [ 0, %153 ], [ %176, %175 ]
  %157 = load ptr, ptr %17, align 8
  %158 = getelementptr inbounds nuw i64, ptr %157, i64 %156
  %159 = load i64, ptr %158, align 8
  %160 = icmp eq i64 %159, 0
  br i1 %160, label %162, label %161

161:
  tail call fastcc void @fold(ptr %0, ptr %1, i64 %156, i64 %24, i64 %26)
  br label %175

162:
  br i1 %154, label %175, label %163

163:
  %164 = load ptr, ptr %19, align 8
  %165 = getelementptr inbounds nuw i64, ptr %164, i64 %156
  %166 = load i64, ptr %165, align 8
  %167 = load ptr, ptr %18, align 8
  %168 = getelementptr inbounds nuw ptr, ptr %167, i64 %156
  %169 = load ptr, ptr %168, align 8
  %170 = mul nsw i64 %166, %24
  %171 = getelementptr inbounds i8, ptr %169, i64 %170
  %172 = load ptr, ptr %20, align 8
  %173 = getelementptr inbounds nuw ptr, ptr %172, i64 %156
  %174 = load ptr, ptr %173, align 8
  tail call fastcc void @copy(i64 %166, ptr %171, i64 %166, ptr %174, i64 %166, i64 %26)
  br label %175

175:
  %176 = add nuw nsw i64 %156, 1
  %177 = load i64, ptr %16, align 8
  %178 = icmp slt i64 %176, %177
  br i1 %178, label %155, label %179

179:
  %180 = add nuw nsw i64 %24, 256
  %181 = load i64, ptr %3, align 8
  %182 = icmp slt i64 %180, %181
  br i1 %182, label %22, label %183

183:
  %184 = phi i1 [ true, %2 ], [ %149, %179 ], [ %149, %141 ]
  ret i1 %184
}

declare void @PyEval_RestoreThread(ptr)

declare void @PyMem_RawFree(ptr)

declare ptr @PyCapsule_GetPointer(ptr, ptr)

declare void @PyErr_SetString(ptr, ptr)

declare double @PyFloat_AsDouble(ptr)

declare ptr @PyErr_Occurred()

define internal fastcc void @copy(i64 %0, ptr %1, i64 %2, ptr %3, i64 %4, i64 %5) {
  %7 = icmp sgt i64 %5, 0
  switch i64 %0, label %108 [
    i64 8, label %8
    i64 4, label %58
  ]

8:
  br i1 %7, label %9, label %158

9:
  %10 = and i64 %5, 7
  %11 = icmp eq i64 %10, 0
  br i1 %11, label %23, label %12

12:
  %13 = phi i64 [ %18, %12 ], [ %5, %9 ]
  %14 = phi ptr [ %19, %12 ], [ %1, %9 ]
  %15 = phi ptr [ %20, %12 ], [ %3, %9 ]
  %16 = phi i64 [ %21, %12 ], [ 0, %9 ]
  %17 = load i64, ptr %15, align 1
  store i64 %17, ptr %14, align 1
  %18 = add nsw i64 %13, -1
  %19 = getelementptr inbounds i8, ptr %14, i64 %2
  %20 = getelementptr inbounds i8, ptr %15, i64 %4
  %21 = add i64 %16, 1
  %22 = icmp eq i64 %21, %10
  br i1 %22, label %23, label %12

23:
  %24 = phi i64 [ %5, %9 ], [ %18, %12 ]
  %25 = phi ptr [ %1, %9 ], [ %19, %12 ]
  %26 = phi ptr [ %3, %9 ], [ %20, %12 ]
  %27 = icmp ult i64 %5, 8
  br i1 %27, label %158, label %28

28:
  %29 = phi i64 [ %54, %28 ], [ %24, %23 ]
  %30 = phi ptr [ %55, %28 ], [ %25, %23 ]
  %31 = phi ptr [ %56, %28 ], [ %26, %23 ]
  %32 = load i64, ptr %31, align 1
  store i64 %32, ptr %30, align 1
  %33 = getelementptr inbounds i8, ptr %30, i64 %2
  %34 = getelementptr inbounds i8, ptr %31, i64 %4
  %35 = load i64, ptr %34, align 1
  store i64 %35, ptr %33, align 1
  %36 = getelementptr inbounds i8, ptr %33, i64 %2
  %37 = getelementptr inbounds i8, ptr %34, i64 %4
  %38 = load i64, ptr %37, align 1
  store i64 %38, ptr %36, align 1
  %39 = getelementptr inbounds i8, ptr %36, i64 %2
  %40 = getelementptr inbounds i8, ptr %37, i64 %4
  %41 = load i64, ptr %40, align 1
  store i64 %41, ptr %39, align 1
  %42 = getelementptr inbounds i8, ptr %39, i64 %2
  %43 = getelementptr inbounds i8, ptr %40, i64 %4
  %44 = load i64, ptr %43, align 1
  store i64 %44, ptr %42, align 1
  %45 = getelementptr inbounds i8, ptr %42, i64 %2
  %46 = getelementptr inbounds i8, ptr %43, i64 %4
  %47 = load i64, ptr %46, align 1
  store i64 %47, ptr %45, align 1
  %48 = getelementptr inbounds i8, ptr %45, i64 %2
  %49 = getelementptr inbounds i8, ptr %46, i64 %4
  %50 = load i64, ptr %49, align 1
  store i64 %50, ptr %48, align 1
  %51 = getelementptr inbounds i8, ptr %48, i64 %2
  %52 = getelementptr inbounds i8, ptr %49, i64 %4
  %53 = load i64, ptr %52, align 1
  store i64 %53, ptr %51, align 1
  %54 = add nsw i64 %29, -8
  %55 = getelementptr inbounds i8, ptr %51, i64 %2
  %56 = getelementptr inbounds i8, ptr %52, i64 %4
  %57 = icmp sgt i64 %29, 8
  br i1 %57, label %28, label %158

58:
  br i1 %7, label %59, label %158

59:
  %60 = and i64 %5, 7
  %61 = icmp eq i64 %60, 0
  br i1 %61, label %73, label %62

62:
  %63 = phi i64 [ %68, %62 ], [ %5, %59 ]
  %64 = phi ptr [ %69, %62 ], [ %1, %59 ]
  %65 = phi ptr [ %70, %62 ], [ %3, %59 ]
  %66 = phi i64 [ %71, %62 ], [ 0, %59 ]
  %67 = load i32, ptr %65, align 1
  store i32 %67, ptr %64, align 1
  %68 = add nsw i64 %63, -1
  %69 = getelementptr inbounds i8, ptr %64, i64 %2
  %70 = getelementptr inbounds i8, ptr %65, i64 %4
  %71 = add i64 %66, 1
  %72 = icmp eq i64 %71, %60
  br i1 %72, label %73, label %62

73:
  %74 = phi i64 [ %5, %59 ], [ %68, %62 ]
  %75 = phi ptr [ %1, %59 ], [ %69, %62 ]
  %76 = phi ptr [ %3, %59 ], [ %70, %62 ]
  %77 = icmp ult i64 %5, 8
  br i1 %77, label %158, label %78

78:
  %79 = phi i64 [ %104, %78 ], [ %74, %73 ]
  %80 = phi ptr [ %105, %78 ], [ %75, %73 ]
  %81 = phi ptr [ %106, %78 ], [ %76, %73 ]
  %82 = load i32, ptr %81, align 1
  store i32 %82, ptr %80, align 1
  %83 = getelementptr inbounds i8, ptr %80, i64 %2
  %84 = getelementptr inbounds i8, ptr %81, i64 %4
  %85 = load i32, ptr %84, align 1
  store i32 %85, ptr %83, align 1
  %86 = getelementptr inbounds i8, ptr %83, i64 %2
  %87 = getelementptr inbounds i8, ptr %84, i64 %4
  %88 = load i32, ptr %87, align 1
  store i32 %88, ptr %86, align 1
  %89 = getelementptr inbounds i8, ptr %86, i64 %2
  %90 = getelementptr inbounds i8, ptr %87, i64 %4
  %91 = load i32, ptr %90, align 1
  store i32 %91, ptr %89, align 1
  %92 = getelementptr inbounds i8, ptr %89, i64 %2
  %93 = getelementptr inbounds i8, ptr %90, i64 %4
  %94 = load i32, ptr %93, align 1
  store i32 %94, ptr %92, align 1
  %95 = getelementptr inbounds i8, ptr %92, i64 %2
  %96 = getelementptr inbounds i8, ptr %93, i64 %4
  %97 = load i32, ptr %96, align 1
  store i32 %97, ptr %95, align 1
  %98 = getelementptr inbounds i8, ptr %95, i64 %2
  %99 = getelementptr inbounds i8, ptr %96, i64 %4
  %100 = load i32, ptr %99, align 1
  store i32 %100, ptr %98, align 1
  %101 = getelementptr inbounds i8, ptr %98, i64 %2
  %102 = getelementptr inbounds i8, ptr %99, i64 %4
  %103 = load i32, ptr %102, align 1
  store i32 %103, ptr %101, align 1
  %104 = add nsw i64 %79, -8
  %105 = getelementptr inbounds i8, ptr %101, i64 %2
  %106 = getelementptr inbounds i8, ptr %102, i64 %4
  %107 = icmp sgt i64 %79, 8
  br i1 %107, label %78, label %158

108:
  br i1 %7, label %109, label %158

109:
  %110 = and i64 %5, 7
  %111 = icmp eq i64 %110, 0
  br i1 %111, label %123, label %112

112:
  %113 = phi i64 [ %118, %112 ], [ %5, %109 ]
  %114 = phi ptr [ %119, %112 ], [ %1, %109 ]
  %115 = phi ptr [ %120, %112 ], [ %3, %109 ]
  %116 = phi i64 [ %121, %112 ], [ 0, %109 ]
  %117 = load i8, ptr %115, align 1
  store i8 %117, ptr %114, align 1
  %118 = add nsw i64 %113, -1
  %119 = getelementptr inbounds i8, ptr %114, i64 %2
  %120 = getelementptr inbounds i8, ptr %115, i64 %4
  %121 = add i64 %116, 1
  %122 = icmp eq i64 %121, %110
  br i1 %122, label %123, label %112

123:
  %124 = phi i64 [ %5, %109 ], [ %118, %112 ]
  %125 = phi ptr [ %1, %109 ], [ %119, %112 ]
  %126 = phi ptr [ %3, %109 ], [ %120, %112 ]
  %127 = icmp ult i64 %5, 8
  br i1 %127, label %158, label %128

128:
  %129 = phi i64 [ %154, %128 ], [ %124, %123 ]
  %130 = phi ptr [ %155, %128 ], [ %125, %123 ]
  %131 = phi ptr [ %156, %128 ], [ %126, %123 ]
  %132 = load i8, ptr %131, align 1
  store i8 %132, ptr %130, align 1
  %133 = getelementptr inbounds i8, ptr %130, i64 %2
  %134 = getelementptr inbounds i8, ptr %131, i64 %4
  %135 = load i8, ptr %134, align 1
  store i8 %135, ptr %133, align 1
  %136 = getelementptr inbounds i8, ptr %133, i64 %2
  %137 = getelementptr inbounds i8, ptr %134, i64 %4
  %138 = load i8, ptr %137, align 1
  store i8 %138, ptr %136, align 1
  %139 = getelementptr inbounds i8, ptr %136, i64 %2
  %140 = getelementptr inbounds i8, ptr %137, i64 %4
  %141 = load i8, ptr %140, align 1
  store i8 %141, ptr %139, align 1
  %142 = getelementptr inbounds i8, ptr %139, i64 %2
  %143 = getelementptr inbounds i8, ptr %140, i64 %4
  %144 = load i8, ptr %143, align 1
  store i8 %144, ptr %142, align 1
  %145 = getelementptr inbounds i8, ptr %142, i64 %2
  %146 = getelementptr inbounds i8, ptr %143, i64 %4
  %147 = load i8, ptr %146, align 1
  store i8 %147, ptr %145, align 1
  %148 = getelementptr inbounds i8, ptr %145, i64 %2
  %149 = getelementptr inbounds i8, ptr %146, i64 %4
  %150 = load i8, ptr %149, align 1
  store i8 %150, ptr %148, align 1
  %151 = getelementptr inbounds i8, ptr %148, i64 %2
  %152 = getelementptr inbounds i8, ptr %149, i64 %4
  %153 = load i8, ptr %152, align 1
  store i8 %153, ptr %151, align 1
  %154 = add nsw i64 %129, -8
  %155 = getelementptr inbounds i8, ptr %151, i64 %2
  %156 = getelementptr inbounds i8, ptr %152, i64 %4
  %157 = icmp sgt i64 %129, 8
  br i1 %157, label %128, label %158

158:
  ret void
}

define internal fastcc void @fill(ptr %0, i64 %1, i64 %2, ptr %3, i64 %4, i64 %5) {
  %7 = alloca [8 x i64], align 16
  %8 = getelementptr inbounds nuw i8, ptr %0, i64 96
  %9 = load ptr, ptr %8, align 8
  %10 = shl nsw i64 %1, 6
  %11 = getelementptr inbounds i8, ptr %9, i64 %10
  %12 = load i64, ptr %0, align 8
  %13 = add nsw i64 %12, -1
  %14 = getelementptr inbounds nuw i8, ptr %0, i64 88
  %15 = load ptr, ptr %14, align 8
  %16 = getelementptr inbounds ptr, ptr %15, i64 %1
  %17 = load ptr, ptr %16, align 8
  %18 = icmp sgt i64 %12, 0
  br i1 %18, label %19, label %21

19:
  %20 = getelementptr inbounds nuw i8, ptr %0, i64 8
  br label %31

21:
  %22 = phi ptr [ %17, %6 ], [ %43, %31 ]
  %23 = icmp sgt i64 %5, 0
  br i1 %23, label %24, label %85

24:
  %25 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %26 = getelementptr i64, ptr %0, i64 %12
  %27 = getelementptr inbounds i64, ptr %7, i64 %13
  %28 = getelementptr inbounds i64, ptr %11, i64 %13
  %29 = icmp sgt i64 %12, 1
  %30 = load i64, ptr %28, align 8
  br label %46

31:
  %32 = phi i64 [ %13, %19 ], [ %44, %31 ]
  %33 = phi ptr [ %17, %19 ], [ %43, %31 ]
  %34 = phi i64 [ %4, %19 ], [ %39, %31 ]
  %35 = getelementptr inbounds nuw i64, ptr %20, i64 %32
  %36 = load i64, ptr %35, align 8
  %37 = srem i64 %34, %36
  %38 = getelementptr inbounds nuw i64, ptr %7, i64 %32
  store i64 %37, ptr %38, align 8
  %39 = sdiv i64 %34, %36
  %40 = getelementptr inbounds nuw i64, ptr %11, i64 %32
  %41 = load i64, ptr %40, align 8
  %42 = mul nsw i64 %41, %37
  %43 = getelementptr inbounds i8, ptr %33, i64 %42
  %44 = add nsw i64 %32, -1
  %45 = icmp eq i64 %32, 0
  br i1 %45, label %21, label %31

46:
  %47 = phi i64 [ %30, %24 ], [ %58, %82 ]
  %48 = phi ptr [ %3, %24 ], [ %56, %82 ]
  %49 = phi ptr [ %22, %24 ], [ %83, %82 ]
  %50 = phi i64 [ %5, %24 ], [ %57, %82 ]
  %51 = load i64, ptr %26, align 8
  %52 = load i64, ptr %27, align 8
  %53 = sub nsw i64 %51, %52
  %54 = tail call i64 @llvm.smin.i64(i64 %53, i64 %50)
  tail call fastcc void @copy(i64 %2, ptr %48, i64 %2, ptr %49, i64 %47, i64 %54)
  %55 = mul nsw i64 %54, %2
  %56 = getelementptr inbounds i8, ptr %48, i64 %55
  %57 = sub nsw i64 %50, %54
  %58 = load i64, ptr %28, align 8
  %59 = mul nsw i64 %58, %54
  %60 = getelementptr inbounds i8, ptr %49, i64 %59
  %61 = add nsw i64 %54, %52
  store i64 %61, ptr %27, align 8
  br i1 %29, label %62, label %82

62:
  %63 = phi i64 [ %74, %70 ], [ %58, %46 ]
  %64 = phi i64 [ %80, %70 ], [ %61, %46 ]
  %65 = phi i64 [ %72, %70 ], [ %13, %46 ]
  %66 = phi ptr [ %77, %70 ], [ %60, %46 ]
  %67 = getelementptr inbounds nuw i64, ptr %25, i64 %65
  %68 = load i64, ptr %67, align 8
  %69 = icmp eq i64 %64, %68
  br i1 %69, label %70, label %82

70:
  %71 = getelementptr inbounds nuw i64, ptr %7, i64 %65
  %72 = add nsw i64 %65, -1
  %73 = getelementptr inbounds nuw i64, ptr %11, i64 %72
  %74 = load i64, ptr %73, align 8
  %75 = mul nsw i64 %63, %64
  %76 = sub nsw i64 %74, %75
  %77 = getelementptr inbounds i8, ptr %66, i64 %76
  store i64 0, ptr %71, align 8
  %78 = getelementptr inbounds nuw i64, ptr %7, i64 %72
  %79 = load i64, ptr %78, align 8
  %80 = add nsw i64 %79, 1
  store i64 %80, ptr %78, align 8
  %81 = icmp sgt i64 %65, 1
  br i1 %81, label %62, label %82

82:
  %83 = phi ptr [ %60, %46 ], [ %77, %70 ], [ %66, %62 ]
  %84 = icmp sgt i64 %57, 0
  br i1 %84, label %46, label %85

85:
  ret void
}

define internal fastcc void @fold(ptr %0, ptr %1, i64 %2, i64 %3, i64 %4) {
  %6 = getelementptr inbounds nuw i8, ptr %1, i64 120
  %7 = load ptr, ptr %6, align 8
  %8 = getelementptr inbounds %struct.Sum, ptr %7, i64 %2
  %9 = getelementptr inbounds nuw i8, ptr %0, i64 64
  %10 = load ptr, ptr %9, align 8
  %11 = getelementptr inbounds i64, ptr %10, i64 %2
  %12 = load i64, ptr %11, align 8
  %13 = icmp eq i64 %12, 2
  %14 = icmp eq i64 %12, 4
  %15 = or i1 %13, %14
  %16 = select i1 %15, i64 80, i64 72
  %17 = getelementptr inbounds nuw i8, ptr %1, i64 %16
  %18 = load i64, ptr %17, align 8
  %19 = icmp sgt i64 %4, 0
  br i1 %19, label %20, label %89

20:
  %21 = srem i64 %3, %18
  %22 = sub nsw i64 %18, %21
  %23 = sdiv i64 %3, %18
  %24 = getelementptr inbounds nuw i8, ptr %1, i64 136
  %25 = load ptr, ptr %24, align 8
  %26 = getelementptr inbounds ptr, ptr %25, i64 %2
  %27 = load ptr, ptr %26, align 8
  %28 = getelementptr inbounds nuw i8, ptr %0, i64 72
  %29 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %30 = getelementptr inbounds nuw i8, ptr %1, i64 112
  %31 = getelementptr inbounds nuw i8, ptr %8, i64 8
  %32 = icmp sgt i64 %12, 2
  %33 = select i1 %32, double 0xFFF0000000000000, double 0.000000e+00
  %34 = tail call i64 @llvm.smin.i64(i64 %22, i64 %4)
  %35 = load ptr, ptr %28, align 8
  %36 = load i64, ptr %29, align 8
  tail call void %35(ptr %8, i64 %12, ptr %27, i64 %36, i64 %34)
  %37 = icmp sgt i64 %22, %4
  br i1 %37, label %89, label %38

38:
  %39 = sub nsw i64 %4, %34
  %40 = load i64, ptr %29, align 8
  %41 = mul nsw i64 %40, %34
  %42 = getelementptr inbounds i8, ptr %27, i64 %41
  %43 = load ptr, ptr %30, align 8
  %44 = getelementptr inbounds ptr, ptr %43, i64 %2
  %45 = load ptr, ptr %44, align 8
  %46 = load double, ptr %31, align 8
  %47 = fcmp ord double %46, 0.000000e+00
  %48 = load double, ptr %8, align 8
  %49 = fadd double %46, %48
  %50 = select i1 %47, double %49, double %48
  %51 = icmp eq i64 %40, 4
  br i1 %51, label %54, label %52

52:
  %53 = getelementptr inbounds double, ptr %45, i64 %23
  store double %50, ptr %53, align 8
  br label %57

54:
  %55 = fptrunc double %50 to float
  %56 = getelementptr inbounds float, ptr %45, i64 %23
  store float %55, ptr %56, align 4
  br label %57

57:
  store double %33, ptr %8, align 8
  store double 0.000000e+00, ptr %31, align 8
  %58 = icmp sgt i64 %39, 0
  br i1 %58, label %59, label %89

59:
  %60 = phi i64 [ %69, %87 ], [ %39, %57 ]
  %61 = phi i64 [ %63, %87 ], [ %23, %57 ]
  %62 = phi ptr [ %72, %87 ], [ %42, %57 ]
  %63 = add nsw i64 %61, 1
  %64 = tail call i64 @llvm.smin.i64(i64 %18, i64 %60)
  %65 = load ptr, ptr %28, align 8
  %66 = load i64, ptr %29, align 8
  tail call void %65(ptr %8, i64 %12, ptr %62, i64 %66, i64 %64)
  %67 = icmp sgt i64 %18, %60
  br i1 %67, label %89, label %68

68:
  %69 = sub nsw i64 %60, %64
  %70 = load i64, ptr %29, align 8
  %71 = mul nsw i64 %70, %64
  %72 = getelementptr inbounds i8, ptr %62, i64 %71
  %73 = load ptr, ptr %30, align 8
  %74 = getelementptr inbounds ptr, ptr %73, i64 %2
  %75 = load ptr, ptr %74, align 8
  %76 = load double, ptr %31, align 8
  %77 = fcmp ord double %76, 0.000000e+00
  %78 = load double, ptr %8, align 8
  %79 = fadd double %76, %78
  %80 = select i1 %77, double %79, double %78
  %81 = icmp eq i64 %70, 4
  br i1 %81, label %82, label %85

82:
  %83 = fptrunc double %80 to float
  %84 = getelementptr inbounds float, ptr %75, i64 %63
  store float %83, ptr %84, align 4
  br label %87

85:
  %86 = getelementptr inbounds double, ptr %75, i64 %63
  store double %80, ptr %86, align 8
  br label %87

87:
  store double %33, ptr %8, align 8
  store double 0.000000e+00, ptr %31, align 8
  %88 = icmp sgt i64 %69, 0
  br i1 %88, label %59, label %89

89:
  ret void
}

declare void @Py_IncRef(ptr)

declare i64 @llvm.smin.i64(i64, i64)

declare i64 @llvm.smax.i64(i64, i64)

declare void @llvm.assume(i1)

; made of batch.c by generate.py: 604939c52e972c25e165d52954b52bdd7a4c60ccdbe3b4216cc6a53fb09cbd90

%struct.Object = type opaque

@TYPE_ERROR = external global %struct.Object, align 1
@.str = private constant [26 x i8] c"wrong number of arguments\00", align 1
@NONE = external global %struct.Object, align 1
@TYPE_OFFSET = external global i8, align 1
@ARRAY_TYPE = external global %struct.Object, align 1
@.str.1 = private constant [55 x i8] c"not arrays of one dimension and of the expected length\00", align 1

define ptr @batch(ptr %0, ptr %1, i64 %2) {
  %4 = tail call ptr @PyCapsule_GetPointer(ptr %0, ptr null)
  %5 = getelementptr inbounds nuw i8, ptr %4, i64 16
  %6 = load i64, ptr %5, align 8
  %7 = getelementptr inbounds nuw i8, ptr %4, i64 24
  %8 = load i64, ptr %7, align 8
  %9 = add nsw i64 %8, %6
  %10 = icmp eq i64 %2, %9
  br i1 %10, label %12, label %11

11:
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str)
  br label %296

12:
  %13 = icmp eq i64 %8, 0
  br i1 %13, label %14, label %15

14:
  tail call void @Py_IncRef(ptr @NONE)
  br label %296

15:
  %16 = getelementptr inbounds ptr, ptr %1, i64 %6
  %17 = load ptr, ptr %16, align 8
  %18 = getelementptr inbounds i8, ptr %17, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %19 = load ptr, ptr %18, align 8
  %20 = icmp eq ptr %19, @ARRAY_TYPE
  br i1 %20, label %21, label %25

21:
  %22 = getelementptr inbounds i8, ptr %17, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 16)
  %23 = load i32, ptr %22, align 8
  %24 = icmp eq i32 %23, 1
  br i1 %24, label %26, label %25

25:
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str.1)
  br label %296

26:
  %27 = getelementptr inbounds i8, ptr %17, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 24)
  %28 = load ptr, ptr %27, align 8
  %29 = load i64, ptr %28, align 8
  %30 = shl nsw i64 %2, 4
  %31 = tail call ptr @PyMem_RawMalloc(i64 %30)
  %32 = icmp eq ptr %31, null
  br i1 %32, label %33, label %35

33:
  %34 = tail call ptr @PyErr_NoMemory()
  br label %296

35:
  %36 = getelementptr inbounds ptr, ptr %31, i64 %2
  %37 = icmp sgt i64 %2, 0
  br i1 %37, label %38, label %65

38:
  %39 = phi i64 [ %63, %55 ], [ 0, %35 ]
  %40 = getelementptr inbounds nuw ptr, ptr %1, i64 %39
  %41 = load ptr, ptr %40, align 8
  %42 = getelementptr inbounds i8, ptr %41, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %43 = load ptr, ptr %42, align 8
  %44 = icmp eq ptr %43, @ARRAY_TYPE
  br i1 %44, label %45, label %54

45:
  %46 = getelementptr inbounds i8, ptr %41, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 16)
  %47 = load i32, ptr %46, align 8
  %48 = icmp eq i32 %47, 1
  br i1 %48, label %49, label %54

49:
  %50 = getelementptr inbounds i8, ptr %41, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 24)
  %51 = load ptr, ptr %50, align 8
  %52 = load i64, ptr %51, align 8
  %53 = icmp eq i64 %52, %29
  br i1 %53, label %55, label %54

54:
  tail call void @PyMem_RawFree(ptr %31)
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str.1)
  br label %296

55:
  %56 = getelementptr inbounds i8, ptr %41, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %57 = load ptr, ptr %56, align 8
  %58 = getelementptr inbounds nuw ptr, ptr %31, i64 %39
  store ptr %57, ptr %58, align 8
  %59 = getelementptr inbounds i8, ptr %41, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 32)
  %60 = load ptr, ptr %59, align 8
  %61 = load i64, ptr %60, align 8
  %62 = getelementptr inbounds nuw i64, ptr %36, i64 %39
  store i64 %61, ptr %62, align 8
  %63 = add nuw nsw i64 %39, 1
  %64 = icmp eq i64 %63, %2
  br i1 %64, label %65, label %38

65:
  %66 = tail call ptr @PyEval_SaveThread()
  %67 = load i64, ptr %5, align 8
  %68 = load i64, ptr %7, align 8
  %69 = add nsw i64 %68, %67
  %70 = icmp sgt i64 %67, 0
  br i1 %70, label %71, label %73

71:
  %72 = getelementptr inbounds nuw i8, ptr %4, i64 40
  br label %79

73:
  %74 = getelementptr i64, ptr %36, i64 %67
  %75 = icmp sgt i64 %68, 0
  br i1 %75, label %76, label %100

76:
  %77 = getelementptr inbounds nuw i8, ptr %4, i64 48
  %78 = load ptr, ptr %77, align 8
  br label %93

79:
  %80 = phi i64 [ 0, %71 ], [ %88, %87 ]
  %81 = getelementptr inbounds nuw i64, ptr %36, i64 %80
  %82 = load i64, ptr %81, align 8
  %83 = icmp eq i64 %82, 0
  br i1 %83, label %87, label %84

84:
  %85 = load i64, ptr %72, align 8
  %86 = icmp eq i64 %82, %85
  br i1 %86, label %87, label %105

87:
  %88 = add nuw nsw i64 %80, 1
  %89 = icmp eq i64 %88, %67
  br i1 %89, label %73, label %79

90:
  %91 = add nuw nsw i64 %94, 1
  %92 = icmp eq i64 %91, %68
  br i1 %92, label %100, label %93

93:
  %94 = phi i64 [ 0, %76 ], [ %91, %90 ]
  %95 = getelementptr i64, ptr %74, i64 %94
  %96 = load i64, ptr %95, align 8
  %97 = getelementptr inbounds nuw i64, ptr %78, i64 %94
  %98 = load i64, ptr %97, align 8
  %99 = icmp eq i64 %96, %98
  br i1 %99, label %90, label %105

100:
  %101 = getelementptr inbounds nuw i8, ptr %4, i64 32
  %102 = load i64, ptr %101, align 8
  %103 = srem i64 %29, %102
  %104 = sub nsw i64 %29, %103
  br label %105

105:
  %106 = phi i64 [ %104, %100 ], [ 0, %93 ], [ 0, %84 ]
  %107 = sub nsw i64 %29, %106
  %108 = icmp sgt i64 %107, 256
  %109 = getelementptr inbounds nuw i8, ptr %4, i64 32
  %110 = load i64, ptr %109, align 8
  %111 = tail call i64 @llvm.smax.i64(i64 %107, i64 %110)
  %112 = add i64 %111, -1
  %113 = select i1 %108, i64 255, i64 %112
  %114 = add i64 %113, %110
  %115 = srem i64 %114, %110
  %116 = sub nsw i64 %114, %115
  %117 = shl nsw i64 %116, 3
  %118 = add nsw i64 %117, 64
  %119 = mul nsw i64 %118, %69
  %120 = add nsw i64 %69, %67
  %121 = shl nsw i64 %120, 3
  %122 = add i64 %121, 64
  %123 = add i64 %122, %119
  %124 = tail call ptr @PyMem_RawMalloc(i64 %123)
  %125 = icmp eq ptr %124, null
  br i1 %125, label %293, label %126

126:
  %127 = ptrtoint ptr %124 to i64
  %128 = add nsw i64 %127, 63
  %129 = and i64 %128, -64
  %130 = inttoptr i64 %129 to ptr
  %131 = getelementptr inbounds i8, ptr %130, i64 %119
  %132 = load i64, ptr %5, align 8
  %133 = getelementptr inbounds ptr, ptr %131, i64 %132
  %134 = getelementptr inbounds ptr, ptr %131, i64 %69
  %135 = icmp eq i64 %106, 0
  br i1 %135, label %171, label %136

136:
  %137 = load i64, ptr %109, align 8
  %138 = sdiv i64 %106, %137
  %139 = icmp sgt i64 %132, 0
  br i1 %139, label %140, label %164

140:
  %141 = getelementptr inbounds nuw i8, ptr %4, i64 40
  br label %142

142:
  %143 = phi i64 [ 0, %140 ], [ %161, %160 ]
  %144 = getelementptr inbounds nuw ptr, ptr %31, i64 %143
  %145 = load ptr, ptr %144, align 8
  %146 = getelementptr inbounds nuw ptr, ptr %131, i64 %143
  store ptr %145, ptr %146, align 8
  %147 = load i64, ptr %109, align 8
  %148 = getelementptr inbounds nuw i64, ptr %36, i64 %143
  %149 = load i64, ptr %148, align 8
  %150 = mul nsw i64 %149, %147
  %151 = getelementptr inbounds nuw i64, ptr %134, i64 %143
  store i64 %150, ptr %151, align 8
  %152 = load i64, ptr %148, align 8
  %153 = icmp eq i64 %152, 0
  br i1 %153, label %154, label %160

154:
  %155 = mul nsw i64 %143, %118
  %156 = getelementptr inbounds i8, ptr %130, i64 %155
  store ptr %156, ptr %146, align 8
  %157 = load i64, ptr %141, align 8
  %158 = load ptr, ptr %144, align 8
  %159 = load i64, ptr %109, align 8
  tail call fastcc void @copy(i64 %157, ptr %156, i64 %157, ptr %158, i64 0, i64 %159)
  br label %160

160:
  %161 = add nuw nsw i64 %143, 1
  %162 = load i64, ptr %5, align 8
  %163 = icmp slt i64 %161, %162
  br i1 %163, label %142, label %164

164:
  %165 = phi i64 [ %132, %136 ], [ %162, %160 ]
  %166 = load ptr, ptr %4, align 8
  %167 = getelementptr inbounds nuw i8, ptr %4, i64 8
  %168 = load ptr, ptr %167, align 8
  %169 = getelementptr inbounds ptr, ptr %31, i64 %165
  %170 = tail call i1 %166(ptr %168, i64 %138, ptr %131, ptr %134, ptr %169)
  br label %171

171:
  %172 = phi i1 [ true, %126 ], [ %170, %164 ]
  %173 = icmp slt i64 %106, %29
  %174 = and i1 %173, %172
  br i1 %174, label %175, label %289

175:
  %176 = getelementptr inbounds nuw i8, ptr %4, i64 40
  %177 = getelementptr inbounds nuw i8, ptr %4, i64 48
  %178 = getelementptr inbounds nuw i8, ptr %4, i64 8
  br label %179

179:
  %180 = phi i64 [ %106, %175 ], [ %287, %286 ]
  %181 = sub nsw i64 %29, %180
  %182 = tail call i64 @llvm.smin.i64(i64 %181, i64 %116)
  %183 = load i64, ptr %109, align 8
  %184 = add i64 %183, -1
  %185 = add i64 %184, %182
  %186 = srem i64 %185, %183
  %187 = sub nsw i64 %185, %186
  %188 = load i64, ptr %5, align 8
  %189 = icmp eq i64 %187, %182
  %190 = icmp sgt i64 %188, 0
  br i1 %190, label %191, label %193

191:
  %192 = sub nsw i64 %187, %182
  br label %198

193:
  %194 = load i64, ptr %7, align 8
  %195 = icmp sgt i64 %194, 0
  br i1 %195, label %196, label %255

196:
  %197 = getelementptr i64, ptr %36, i64 %188
  br label %228

198:
  %199 = phi i64 [ 0, %191 ], [ %226, %225 ]
  %200 = getelementptr inbounds nuw ptr, ptr %31, i64 %199
  %201 = load ptr, ptr %200, align 8
  %202 = getelementptr inbounds nuw i64, ptr %36, i64 %199
  %203 = load i64, ptr %202, align 8
  %204 = mul nsw i64 %203, %180
  %205 = getelementptr inbounds i8, ptr %201, i64 %204
  %206 = mul nsw i64 %199, %118
  %207 = getelementptr inbounds i8, ptr %130, i64 %206
  %208 = load i64, ptr %176, align 8
  %209 = icmp eq i64 %203, %208
  %210 = select i1 %189, i1 %209, i1 false
  %211 = select i1 %210, ptr %205, ptr %207
  %212 = getelementptr inbounds nuw ptr, ptr %131, i64 %199
  store ptr %211, ptr %212, align 8
  %213 = load i64, ptr %109, align 8
  %214 = load i64, ptr %176, align 8
  %215 = mul nsw i64 %214, %213
  %216 = getelementptr inbounds nuw i64, ptr %134, i64 %199
  store i64 %215, ptr %216, align 8
  br i1 %210, label %225, label %217

217:
  %218 = mul nsw i64 %208, %182
  %219 = getelementptr inbounds i8, ptr %207, i64 %218
  %220 = load i64, ptr %176, align 8
  %221 = load i64, ptr %202, align 8
  tail call fastcc void @copy(i64 %220, ptr %207, i64 %220, ptr %205, i64 %221, i64 %182)
  %222 = load i64, ptr %176, align 8
  %223 = sub i64 0, %222
  %224 = getelementptr inbounds i8, ptr %219, i64 %223
  tail call fastcc void @copy(i64 %222, ptr %219, i64 %222, ptr %224, i64 0, i64 %192)
  br label %225

225:
  %226 = add nuw nsw i64 %199, 1
  %227 = icmp eq i64 %226, %188
  br i1 %227, label %193, label %198

228:
  %229 = phi i64 [ 0, %196 ], [ %252, %249 ]
  br i1 %189, label %230, label %245

230:
  %231 = getelementptr i64, ptr %197, i64 %229
  %232 = load i64, ptr %231, align 8
  %233 = load ptr, ptr %177, align 8
  %234 = getelementptr inbounds nuw i64, ptr %233, i64 %229
  %235 = load i64, ptr %234, align 8
  %236 = icmp eq i64 %232, %235
  br i1 %236, label %237, label %245

237:
  %238 = add nsw i64 %229, %188
  %239 = getelementptr inbounds ptr, ptr %31, i64 %238
  %240 = load ptr, ptr %239, align 8
  %241 = getelementptr inbounds i64, ptr %36, i64 %238
  %242 = load i64, ptr %241, align 8
  %243 = mul nsw i64 %242, %180
  %244 = getelementptr inbounds i8, ptr %240, i64 %243
  br label %249

245:
  %246 = add nsw i64 %229, %188
  %247 = mul nsw i64 %246, %118
  %248 = getelementptr inbounds i8, ptr %130, i64 %247
  br label %249

249:
  %250 = phi ptr [ %244, %237 ], [ %248, %245 ]
  %251 = getelementptr inbounds nuw ptr, ptr %133, i64 %229
  store ptr %250, ptr %251, align 8
  %252 = add nuw nsw i64 %229, 1
  %253 = load i64, ptr %7, align 8
  %254 = icmp slt i64 %252, %253
  br i1 %254, label %228, label %255

255:
  %256 = load ptr, ptr %4, align 8
  %257 = load ptr, ptr %178, align 8
  %258 = load i64, ptr %109, align 8
  %259 = sdiv i64 %187, %258
  %260 = tail call i1 %256(ptr %257, i64 %259, ptr %131, ptr %134, ptr %133)
  br i1 %260, label %261, label %292

261:
  %262 = load i64, ptr %7, align 8
  %263 = icmp sgt i64 %262, 0
  br i1 %263, label %264, label %286

264:
  %265 = phi i64 [ %283, %282 ], [ %262, %261 ]
  %266 = phi i64 [ %284, %282 ], [ 0, %261 ]
  %267 = add nsw i64 %266, %188
  %268 = getelementptr inbounds ptr, ptr %31, i64 %267
  %269 = load ptr, ptr %268, align 8
  %270 = getelementptr inbounds i64, ptr %36, i64 %267
  %271 = load i64, ptr %270, align 8
  %272 = mul nsw i64 %271, %180
  %273 = getelementptr inbounds i8, ptr %269, i64 %272
  %274 = getelementptr inbounds nuw ptr, ptr %133, i64 %266
  %275 = load ptr, ptr %274, align 8
  %276 = icmp eq ptr %275, %273
  br i1 %276, label %282, label %277

277:
  %278 = load ptr, ptr %177, align 8
  %279 = getelementptr inbounds nuw i64, ptr %278, i64 %266
  %280 = load i64, ptr %279, align 8
  tail call fastcc void @copy(i64 %280, ptr %273, i64 %271, ptr %275, i64 %280, i64 %182)
  %281 = load i64, ptr %7, align 8
  br label %282

282:
  %283 = phi i64 [ %265, %264 ], [ %281, %277 ]
  %284 = add nuw nsw i64 %266, 1
  %285 = icmp slt i64 %284, %283
  br i1 %285, label %264, label %286

286:
  %287 = add nsw i64 %180, %116
  %288 = icmp slt i64 %287, %29
  br i1 %288, label %179, label %290

289:
  tail call void @PyMem_RawFree(ptr %124)
  tail call void @PyEval_RestoreThread(ptr %66)
  tail call void @PyMem_RawFree(ptr %31)
  br i1 %172, label %291, label %294

290:
  tail call void @PyMem_RawFree(ptr %124)
  tail call void @PyEval_RestoreThread(ptr %66)
  tail call void @PyMem_RawFree(ptr %31)
  br label %291

291:
  tail call void @Py_IncRef(ptr @NONE)
  br label %296

292:
  tail call void @PyMem_RawFree(ptr %124)
  br label %293

293:
  tail call void @PyEval_RestoreThread(ptr %66)
  tail call void @PyMem_RawFree(ptr %31)
  br label %294

294:
  %295 = tail call ptr @PyErr_NoMemory()
  br label %296

296:
  %297 = phi ptr [ null, %11 ], [ @NONE, %14 ], [ null, %54 ], [ null, %25 ], [ %34, %33 ], [ @NONE, %291 ], [ %295, %294 ]
  ret ptr %297
}

declare ptr @PyMem_RawMalloc(i64)

declare ptr @PyErr_NoMemory()

declare void @PyMem_RawFree(ptr)

declare ptr @PyEval_SaveThread()

declare void @PyEval_RestoreThread(ptr)

declare ptr @PyCapsule_GetPointer(ptr, ptr)

declare void @PyErr_SetString(ptr, ptr)

declare void @Py_IncRef(ptr)

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

declare i64 @llvm.smin.i64(i64, i64)

declare i64 @llvm.smax.i64(i64, i64)

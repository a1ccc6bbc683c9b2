; made of grid.c by generate.py: 7c8e9ab959539391f23b855d861deb565e2d9f267fd92aa3ce93029077a3dfd3

%struct.Object = type opaque
%struct.Grid = type { i64, [8 x i64], i64, i64, i64, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, i64 }
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
  br label %333

13:
  call void @llvm.memset.p0.i64(ptr align 8 %4, i8 0, i64 176, i1 false)
  %14 = call fastcc i1 @measure(ptr %5, ptr %1, ptr %4)
  br i1 %14, label %16, label %15

15:
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str.1)
  br label %333

16:
  %17 = getelementptr inbounds nuw i8, ptr %5, i64 32
  %18 = load i64, ptr %17, align 8
  %19 = shl i64 %18, 3
  %20 = add i64 %19, 2112
  %21 = getelementptr inbounds nuw i8, ptr %4, i64 168
  store i64 %20, ptr %21, align 8
  %22 = mul nsw i64 %20, %2
  %23 = shl i64 %9, 5
  %24 = mul i64 %7, 96
  %25 = add i64 %24, 64
  %26 = add i64 %25, %22
  %27 = add i64 %26, %23
  %28 = tail call ptr @PyMem_RawMalloc(i64 %27)
  %29 = icmp eq ptr %28, null
  br i1 %29, label %30, label %32

30:
  %31 = tail call ptr @PyErr_NoMemory()
  br label %333

32:
  %33 = ptrtoint ptr %28 to i64
  %34 = add nsw i64 %33, 63
  %35 = and i64 %34, -64
  %36 = inttoptr i64 %35 to ptr
  %37 = getelementptr inbounds nuw i8, ptr %4, i64 160
  store ptr %36, ptr %37, align 8
  %38 = getelementptr inbounds i8, ptr %36, i64 %22
  %39 = getelementptr inbounds nuw i8, ptr %4, i64 96
  store ptr %38, ptr %39, align 8
  %40 = load i64, ptr %6, align 8
  %41 = getelementptr inbounds ptr, ptr %38, i64 %40
  %42 = getelementptr inbounds nuw i8, ptr %4, i64 136
  store ptr %41, ptr %42, align 8
  %43 = getelementptr inbounds ptr, ptr %41, i64 %40
  %44 = getelementptr inbounds nuw i8, ptr %4, i64 152
  store ptr %43, ptr %44, align 8
  %45 = getelementptr inbounds i64, ptr %43, i64 %40
  %46 = getelementptr inbounds nuw i8, ptr %4, i64 112
  store ptr %45, ptr %46, align 8
  %47 = getelementptr inbounds double, ptr %45, i64 %40
  %48 = getelementptr inbounds nuw i8, ptr %4, i64 104
  store ptr %47, ptr %48, align 8
  %49 = shl nsw i64 %40, 6
  %50 = getelementptr inbounds i8, ptr %47, i64 %49
  %51 = getelementptr inbounds nuw i8, ptr %4, i64 120
  store ptr %50, ptr %51, align 8
  %52 = load i64, ptr %8, align 8
  %53 = getelementptr inbounds ptr, ptr %50, i64 %52
  %54 = getelementptr inbounds nuw i8, ptr %4, i64 144
  store ptr %53, ptr %54, align 8
  %55 = getelementptr inbounds ptr, ptr %53, i64 %52
  %56 = getelementptr inbounds nuw i8, ptr %4, i64 128
  store ptr %55, ptr %56, align 8
  %57 = icmp slt i64 %52, 1
  br i1 %57, label %125, label %58

58:
  %59 = getelementptr inbounds nuw i8, ptr %4, i64 80
  %60 = getelementptr inbounds nuw i8, ptr %4, i64 72
  %61 = getelementptr inbounds nuw i8, ptr %5, i64 64
  br label %62

62:
  %63 = phi i64 [ 0, %58 ], [ %121, %110 ]
  %64 = load i64, ptr %6, align 8
  %65 = getelementptr ptr, ptr %1, i64 %64
  %66 = getelementptr ptr, ptr %65, i64 %63
  %67 = load ptr, ptr %66, align 8
  %68 = getelementptr inbounds i8, ptr %67, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %69 = load ptr, ptr %68, align 8
  %70 = icmp eq ptr %69, @ARRAY_TYPE
  br i1 %70, label %71, label %124

71:
  %72 = load i64, ptr %59, align 8
  %73 = icmp eq i64 %72, 0
  br i1 %73, label %77, label %74

74:
  %75 = load i64, ptr %60, align 8
  %76 = sdiv i64 %75, %72
  br label %77

77:
  %78 = phi i64 [ %76, %74 ], [ 0, %71 ]
  %79 = getelementptr inbounds i8, ptr %67, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 16)
  %80 = load i32, ptr %79, align 8
  %81 = sext i32 %80 to i64
  %82 = icmp sgt i32 %80, 0
  br i1 %82, label %83, label %94

83:
  %84 = getelementptr inbounds i8, ptr %67, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 24)
  %85 = load ptr, ptr %84, align 8
  br label %86

86:
  %87 = phi i64 [ 0, %83 ], [ %92, %86 ]
  %88 = phi i64 [ 1, %83 ], [ %91, %86 ]
  %89 = getelementptr inbounds nuw i64, ptr %85, i64 %87
  %90 = load i64, ptr %89, align 8
  %91 = mul nsw i64 %90, %88
  %92 = add nuw nsw i64 %87, 1
  %93 = icmp eq i64 %92, %81
  br i1 %93, label %94, label %86

94:
  %95 = phi i64 [ 1, %77 ], [ %91, %86 ]
  %96 = load ptr, ptr %61, align 8
  %97 = getelementptr inbounds nuw i64, ptr %96, i64 %63
  %98 = load i64, ptr %97, align 8
  %99 = icmp eq i64 %98, 0
  br i1 %99, label %100, label %102

100:
  %101 = load i64, ptr %60, align 8
  br label %107

102:
  %103 = icmp eq i64 %98, 2
  %104 = icmp eq i64 %98, 4
  %105 = or i1 %103, %104
  %106 = select i1 %105, i64 %78, i64 1
  br label %107

107:
  %108 = phi i64 [ %101, %100 ], [ %106, %102 ]
  %109 = icmp eq i64 %95, %108
  br i1 %109, label %110, label %124

110:
  %111 = getelementptr inbounds i8, ptr %67, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %112 = load ptr, ptr %111, align 8
  %113 = getelementptr inbounds nuw ptr, ptr %50, i64 %63
  store ptr %112, ptr %113, align 8
  %114 = getelementptr inbounds nuw %struct.Sum, ptr %55, i64 %63
  %115 = load ptr, ptr %61, align 8
  %116 = getelementptr inbounds nuw i64, ptr %115, i64 %63
  %117 = load i64, ptr %116, align 8
  %118 = icmp sgt i64 %117, 2
  %119 = select i1 %118, double 0xFFF0000000000000, double 0.000000e+00
  store double %119, ptr %114, align 8
  %120 = getelementptr inbounds nuw i8, ptr %114, i64 8
  store double 0.000000e+00, ptr %120, align 8
  %121 = add nuw nsw i64 %63, 1
  %122 = load i64, ptr %8, align 8
  %123 = icmp slt i64 %121, %122
  br i1 %123, label %62, label %125

124:
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str.1)
  br label %331

125:
  %126 = call fastcc i1 @stride(ptr %5, ptr %1, ptr %4)
  br i1 %126, label %127, label %331

127:
  %128 = tail call ptr @PyEval_SaveThread()
  %129 = load i64, ptr %4, align 8
  %130 = icmp sgt i64 %129, 1
  %131 = load i64, ptr %6, align 8
  br i1 %130, label %132, label %185

132:
  %133 = getelementptr inbounds nuw i8, ptr %4, i64 8
  br label %134

134:
  %135 = phi i64 [ %131, %132 ], [ %179, %178 ]
  %136 = phi i64 [ 0, %132 ], [ %164, %178 ]
  %137 = phi i64 [ 1, %132 ], [ %180, %178 ]
  %138 = getelementptr inbounds nuw i64, ptr %133, i64 %137
  %139 = tail call i64 @llvm.smax.i64(i64 %135, i64 0)
  %140 = load ptr, ptr %48, align 8
  br label %141

141:
  %142 = phi i64 [ 0, %134 ], [ %154, %144 ]
  %143 = icmp eq i64 %142, %139
  br i1 %143, label %155, label %144

144:
  %145 = shl nsw i64 %142, 6
  %146 = getelementptr inbounds nuw i8, ptr %140, i64 %145
  %147 = getelementptr inbounds i64, ptr %146, i64 %136
  %148 = load i64, ptr %147, align 8
  %149 = getelementptr inbounds nuw i64, ptr %146, i64 %137
  %150 = load i64, ptr %149, align 8
  %151 = load i64, ptr %138, align 8
  %152 = mul nsw i64 %151, %150
  %153 = icmp eq i64 %148, %152
  %154 = add nuw i64 %142, 1
  br i1 %153, label %141, label %160

155:
  %156 = load i64, ptr %138, align 8
  %157 = getelementptr inbounds i64, ptr %133, i64 %136
  %158 = load i64, ptr %157, align 8
  %159 = mul nsw i64 %158, %156
  store i64 %159, ptr %157, align 8
  br label %163

160:
  %161 = add nsw i64 %136, 1
  %162 = getelementptr inbounds i64, ptr %133, i64 %161
  store i64 %151, ptr %162, align 8
  br label %163

163:
  %164 = phi i64 [ %136, %155 ], [ %161, %160 ]
  %165 = icmp sgt i64 %135, 0
  br i1 %165, label %166, label %178

166:
  %167 = load ptr, ptr %48, align 8
  br label %168

168:
  %169 = phi i64 [ %175, %168 ], [ 0, %166 ]
  %170 = shl nsw i64 %169, 6
  %171 = getelementptr inbounds nuw i8, ptr %167, i64 %170
  %172 = getelementptr inbounds nuw i64, ptr %171, i64 %137
  %173 = load i64, ptr %172, align 8
  %174 = getelementptr i64, ptr %171, i64 %164
  store i64 %173, ptr %174, align 8
  %175 = add nuw nsw i64 %169, 1
  %176 = load i64, ptr %6, align 8
  %177 = icmp slt i64 %175, %176
  br i1 %177, label %168, label %178

178:
  %179 = phi i64 [ %135, %163 ], [ %176, %168 ]
  %180 = add nuw nsw i64 %137, 1
  %181 = load i64, ptr %4, align 8
  %182 = icmp slt i64 %180, %181
  br i1 %182, label %134, label %183

183:
  %184 = add nsw i64 %164, 1
  br label %185

185:
  %186 = phi i64 [ %131, %127 ], [ %179, %183 ]
  %187 = phi i64 [ 1, %127 ], [ %184, %183 ]
  %188 = phi i64 [ %129, %127 ], [ %181, %183 ]
  %189 = icmp eq i64 %188, 0
  %190 = select i1 %189, i64 0, i64 %187
  store i64 %190, ptr %4, align 8
  %191 = icmp sgt i64 %186, 0
  br i1 %191, label %192, label %198

192:
  %193 = tail call i64 @llvm.smax.i64(i64 %190, i64 1)
  %194 = add nsw i64 %193, -1
  %195 = icmp sgt i64 %190, 1
  %196 = getelementptr i64, ptr %4, i64 %190
  %197 = load ptr, ptr %48, align 8
  br label %207

198:
  %199 = phi i64 [ 0, %185 ], [ %224, %223 ]
  %200 = load i64, ptr %8, align 8
  %201 = icmp sgt i64 %200, 0
  br i1 %201, label %202, label %245

202:
  %203 = getelementptr inbounds nuw i8, ptr %5, i64 64
  %204 = load ptr, ptr %203, align 8
  %205 = getelementptr inbounds nuw i8, ptr %4, i64 80
  %206 = load i64, ptr %205, align 8
  br label %227

207:
  %208 = phi i64 [ 0, %192 ], [ %225, %223 ]
  %209 = phi i64 [ 0, %192 ], [ %224, %223 ]
  %210 = shl i64 %208, 6
  %211 = getelementptr i8, ptr %197, i64 %210
  br label %212

212:
  %213 = phi i64 [ 0, %207 ], [ %216, %215 ]
  %214 = icmp eq i64 %213, %194
  br i1 %214, label %220, label %215

215:
  %216 = add nuw nsw i64 %213, 1
  %217 = getelementptr i64, ptr %211, i64 %213
  %218 = load i64, ptr %217, align 8
  %219 = icmp eq i64 %218, 0
  br i1 %219, label %212, label %223

220:
  br i1 %195, label %221, label %223

221:
  %222 = load i64, ptr %196, align 8
  br label %223

223:
  %224 = phi i64 [ %222, %221 ], [ %209, %220 ], [ %209, %215 ]
  %225 = add nuw nsw i64 %208, 1
  %226 = icmp eq i64 %225, %186
  br i1 %226, label %198, label %207

227:
  %228 = phi i64 [ 0, %202 ], [ %234, %233 ]
  %229 = phi i64 [ 0, %202 ], [ %235, %233 ]
  %230 = getelementptr inbounds nuw i64, ptr %204, i64 %229
  %231 = load i64, ptr %230, align 8
  switch i64 %231, label %233 [
    i64 4, label %232
    i64 2, label %232
  ]

232:
  br label %233

233:
  %234 = phi i64 [ %228, %227 ], [ %206, %232 ]
  %235 = add nuw nsw i64 %229, 1
  %236 = icmp eq i64 %235, %200
  br i1 %236, label %237, label %227

237:
  %238 = icmp ne i64 %199, 0
  %239 = icmp ne i64 %234, 0
  %240 = select i1 %238, i1 %239, i1 false
  br i1 %240, label %241, label %245

241:
  %242 = srem i64 %199, %234
  %243 = icmp eq i64 %242, 0
  %244 = select i1 %243, i64 %199, i64 0
  br label %245

245:
  %246 = phi i64 [ %244, %241 ], [ %199, %198 ], [ %199, %237 ]
  %247 = phi i64 [ %234, %241 ], [ 0, %198 ], [ %234, %237 ]
  %248 = getelementptr inbounds nuw i8, ptr %4, i64 88
  store i64 256, ptr %248, align 8
  %249 = load i64, ptr %17, align 8
  br label %251

250:
  br i1 %252, label %251, label %264

251:
  %252 = phi i1 [ true, %245 ], [ false, %250 ]
  %253 = phi i64 [ %246, %245 ], [ %247, %250 ]
  %254 = srem i64 %253, %249
  %255 = icmp eq i64 %254, 0
  %256 = select i1 %255, i64 1, i64 %249
  %257 = mul nsw i64 %256, %253
  %258 = icmp ne i64 %253, 0
  %259 = icmp slt i64 %257, 257
  %260 = and i1 %258, %259
  br i1 %260, label %261, label %250

261:
  %262 = srem i64 256, %257
  %263 = sub nuw nsw i64 256, %262
  store i64 %263, ptr %248, align 8
  br label %264

264:
  %265 = phi i64 [ %263, %261 ], [ 256, %250 ]
  %266 = icmp slt i64 %190, 2
  br i1 %266, label %326, label %267

267:
  %268 = getelementptr i64, ptr %4, i64 %190
  %269 = load i64, ptr %268, align 8
  %270 = icmp slt i64 %269, 16
  br i1 %270, label %326, label %271

271:
  %272 = shl nuw nsw i64 %269, 1
  %273 = icmp samesign ule i64 %272, %265
  br i1 %191, label %274, label %320

274:
  %275 = load ptr, ptr %48, align 8
  %276 = getelementptr inbounds nuw i8, ptr %5, i64 40
  %277 = add nsw i64 %190, -1
  br label %278

278:
  %279 = phi i64 [ 0, %274 ], [ %318, %316 ]
  %280 = phi i1 [ %273, %274 ], [ %317, %316 ]
  %281 = shl i64 %279, 6
  %282 = getelementptr i8, ptr %275, i64 %281
  %283 = getelementptr i64, ptr %282, i64 %190
  %284 = getelementptr i8, ptr %283, i64 -8
  %285 = load i64, ptr %284, align 8
  %286 = icmp eq i64 %285, 0
  br i1 %286, label %290, label %287

287:
  %288 = load i64, ptr %276, align 8
  %289 = icmp eq i64 %285, %288
  br i1 %289, label %290, label %326

290:
  br i1 %280, label %291, label %316

291:
  %292 = phi i64 [ %295, %294 ], [ 0, %290 ]
  %293 = icmp eq i64 %292, %277
  br i1 %293, label %299, label %294

294:
  %295 = add nuw nsw i64 %292, 1
  %296 = getelementptr i64, ptr %282, i64 %292
  %297 = load i64, ptr %296, align 8
  %298 = icmp eq i64 %297, 0
  br i1 %298, label %291, label %302

299:
  %300 = urem i64 %265, %269
  %301 = icmp eq i64 %300, 0
  br i1 %301, label %316, label %302

302:
  %303 = load i64, ptr %276, align 8
  br label %304

304:
  %305 = phi i64 [ %190, %302 ], [ %307, %311 ]
  %306 = phi i64 [ %303, %302 ], [ %314, %311 ]
  %307 = add nsw i64 %305, -1
  %308 = getelementptr i64, ptr %282, i64 %307
  %309 = load i64, ptr %308, align 8
  %310 = icmp eq i64 %309, %306
  br i1 %310, label %311, label %316

311:
  %312 = getelementptr i64, ptr %4, i64 %305
  %313 = load i64, ptr %312, align 8
  %314 = mul nsw i64 %313, %306
  %315 = icmp samesign ult i64 %305, 2
  br i1 %315, label %316, label %304

316:
  %317 = phi i1 [ false, %290 ], [ true, %299 ], [ %310, %304 ], [ %310, %311 ]
  %318 = add nuw nsw i64 %279, 1
  %319 = icmp eq i64 %318, %186
  br i1 %319, label %320, label %278

320:
  %321 = phi i1 [ %273, %271 ], [ %317, %316 ]
  br i1 %321, label %326, label %322

322:
  %323 = getelementptr inbounds nuw i8, ptr %5, i64 96
  %324 = load ptr, ptr %323, align 8
  %325 = call i1 %324(ptr %5, ptr %4)
  call void @PyEval_RestoreThread(ptr %128)
  br i1 %325, label %328, label %329

326:
  %327 = call fastcc i1 @compute_blocks(ptr %5, ptr %4)
  call void @PyEval_RestoreThread(ptr %128)
  br i1 %327, label %328, label %329

328:
  call void @Py_IncRef(ptr @NONE)
  br label %331

329:
  %330 = call ptr @PyErr_NoMemory()
  br label %331

331:
  %332 = phi ptr [ null, %124 ], [ null, %125 ], [ @NONE, %328 ], [ %330, %329 ]
  call void @PyMem_RawFree(ptr %28)
  br label %333

333:
  %334 = phi ptr [ null, %12 ], [ %332, %331 ], [ %31, %30 ], [ null, %15 ]
  ret ptr %334
}

declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)

define internal fastcc i1 @measure(ptr %0, ptr %1, ptr %2) {
  %4 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %5 = load i64, ptr %4, align 8
  %6 = icmp slt i64 %5, 1
  br i1 %6, label %81, label %7

7:
  %8 = getelementptr inbounds nuw i8, ptr %2, i64 8
  br label %9

9:
  %10 = phi i64 [ 0, %7 ], [ %78, %77 ]
  %11 = getelementptr inbounds nuw ptr, ptr %1, i64 %10
  %12 = load ptr, ptr %11, align 8
  %13 = getelementptr inbounds i8, ptr %12, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %14 = load ptr, ptr %13, align 8
  %15 = icmp eq ptr %14, @ARRAY_TYPE
  br i1 %15, label %16, label %77

16:
  %17 = getelementptr inbounds i8, ptr %12, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 16)
  %18 = load i32, ptr %17, align 8
  %19 = icmp sgt i32 %18, 8
  br i1 %19, label %103, label %20

20:
  %21 = sext i32 %18 to i64
  %22 = load i64, ptr %2, align 8
  %23 = sub nsw i64 %21, %22
  %24 = icmp sgt i64 %23, 0
  %25 = icmp sgt i64 %22, 0
  %26 = and i1 %24, %25
  br i1 %26, label %28, label %27

27:
  br i1 %24, label %35, label %44

28:
  %29 = phi i64 [ %30, %28 ], [ %22, %20 ]
  %30 = add nsw i64 %29, -1
  %31 = getelementptr i64, ptr %2, i64 %29
  %32 = load i64, ptr %31, align 8
  %33 = getelementptr inbounds nuw i64, ptr %31, i64 %23
  store i64 %32, ptr %33, align 8
  %34 = icmp samesign ugt i64 %29, 1
  br i1 %34, label %28, label %35

35:
  br label %36

36:
  %37 = phi i64 [ %39, %36 ], [ 0, %35 ]
  %38 = getelementptr inbounds nuw i64, ptr %8, i64 %37
  store i64 1, ptr %38, align 8
  %39 = add nuw nsw i64 %37, 1
  %40 = icmp eq i64 %39, %23
  br i1 %40, label %41, label %36

41:
  %42 = load i32, ptr %17, align 8
  %43 = sext i32 %42 to i64
  br label %46

44:
  %45 = load i64, ptr %2, align 8
  br label %46

46:
  %47 = phi i64 [ %43, %41 ], [ %45, %44 ]
  store i64 %47, ptr %2, align 8
  %48 = load i32, ptr %17, align 8
  %49 = icmp sgt i32 %48, 0
  br i1 %49, label %50, label %77

50:
  %51 = zext nneg i32 %48 to i64
  %52 = getelementptr inbounds i8, ptr %12, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 24)
  br label %53

53:
  %54 = phi i32 [ %48, %50 ], [ %73, %72 ]
  %55 = phi i64 [ %51, %50 ], [ %75, %72 ]
  %56 = phi i64 [ 0, %50 ], [ %74, %72 ]
  %57 = load i64, ptr %2, align 8
  %58 = sub nsw i64 %57, %55
  %59 = getelementptr i64, ptr %8, i64 %58
  %60 = getelementptr i64, ptr %59, i64 %56
  %61 = load ptr, ptr %52, align 8
  %62 = getelementptr inbounds nuw i64, ptr %61, i64 %56
  %63 = load i64, ptr %62, align 8
  %64 = load i64, ptr %60, align 8
  %65 = icmp eq i64 %64, 1
  br i1 %65, label %66, label %68

66:
  store i64 %63, ptr %60, align 8
  %67 = load i32, ptr %17, align 8
  br label %72

68:
  %69 = icmp eq i64 %63, 1
  %70 = icmp eq i64 %63, %64
  %71 = or i1 %69, %70
  br i1 %71, label %72, label %103

72:
  %73 = phi i32 [ %67, %66 ], [ %54, %68 ]
  %74 = add nuw nsw i64 %56, 1
  %75 = sext i32 %73 to i64
  %76 = icmp slt i64 %74, %75
  br i1 %76, label %53, label %77

77:
  %78 = add nuw nsw i64 %10, 1
  %79 = load i64, ptr %4, align 8
  %80 = icmp slt i64 %78, %79
  br i1 %80, label %9, label %81

81:
  %82 = getelementptr inbounds nuw i8, ptr %2, i64 72
  store i64 1, ptr %82, align 8
  %83 = load i64, ptr %2, align 8
  %84 = icmp sgt i64 %83, 0
  br i1 %84, label %85, label %95

85:
  %86 = getelementptr inbounds nuw i8, ptr %2, i64 8
  br label %87

87:
  %88 = phi i64 [ 1, %85 ], [ %92, %87 ]
  %89 = phi i64 [ 0, %85 ], [ %93, %87 ]
  %90 = getelementptr inbounds nuw i64, ptr %86, i64 %89
  %91 = load i64, ptr %90, align 8
  %92 = mul nsw i64 %88, %91
  store i64 %92, ptr %82, align 8
  %93 = add nuw nsw i64 %89, 1
  %94 = icmp eq i64 %93, %83
  br i1 %94, label %97, label %87

95:
  %96 = icmp eq i64 %83, 0
  br i1 %96, label %100, label %97

97:
  %98 = getelementptr i64, ptr %2, i64 %83
  %99 = load i64, ptr %98, align 8
  br label %100

100:
  %101 = phi i64 [ %99, %97 ], [ 1, %95 ]
  %102 = getelementptr inbounds nuw i8, ptr %2, i64 80
  store i64 %101, ptr %102, align 8
  br label %103

103:
  %104 = phi i1 [ false, %68 ], [ true, %100 ], [ false, %16 ]
  ret i1 %104
}

declare ptr @PyMem_RawMalloc(i64)

declare ptr @PyErr_NoMemory()

define internal fastcc i1 @stride(ptr %0, ptr %1, ptr %2) {
  %4 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %5 = load i64, ptr %4, align 8
  %6 = icmp slt i64 %5, 1
  br i1 %6, label %86, label %7

7:
  %8 = getelementptr inbounds nuw i8, ptr %2, i64 104
  %9 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %10 = getelementptr inbounds nuw i8, ptr %2, i64 112
  %11 = getelementptr inbounds nuw i8, ptr %2, i64 96
  br label %12

12:
  %13 = phi i64 [ 0, %7 ], [ %83, %82 ]
  %14 = getelementptr inbounds nuw ptr, ptr %1, i64 %13
  %15 = load ptr, ptr %14, align 8
  %16 = getelementptr inbounds i8, ptr %15, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %17 = load ptr, ptr %16, align 8
  %18 = load ptr, ptr %8, align 8
  %19 = shl nsw i64 %13, 6
  %20 = getelementptr inbounds nuw i8, ptr %18, i64 %19
  br label %21

21:
  %22 = phi i64 [ 0, %12 ], [ %24, %21 ]
  %23 = getelementptr inbounds nuw i64, ptr %20, i64 %22
  store i64 0, ptr %23, align 8
  %24 = add nuw nsw i64 %22, 1
  %25 = icmp eq i64 %24, 8
  br i1 %25, label %26, label %21

26:
  %27 = icmp eq ptr %17, @ARRAY_TYPE
  br i1 %27, label %28, label %60

28:
  %29 = getelementptr inbounds i8, ptr %15, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %30 = load ptr, ptr %29, align 8
  %31 = load ptr, ptr %11, align 8
  %32 = getelementptr inbounds nuw ptr, ptr %31, i64 %13
  store ptr %30, ptr %32, align 8
  %33 = getelementptr inbounds i8, ptr %15, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 16)
  %34 = load i32, ptr %33, align 8
  %35 = icmp sgt i32 %34, 0
  br i1 %35, label %36, label %82

36:
  %37 = load i64, ptr %2, align 8
  %38 = zext nneg i32 %34 to i64
  %39 = sub nsw i64 %37, %38
  %40 = getelementptr inbounds i8, ptr %15, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 24)
  %41 = getelementptr inbounds i8, ptr %15, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 32)
  %42 = getelementptr i64, ptr %20, i64 %39
  br label %43

43:
  %44 = phi i64 [ 0, %36 ], [ %56, %53 ]
  %45 = load ptr, ptr %40, align 8
  %46 = getelementptr inbounds nuw i64, ptr %45, i64 %44
  %47 = load i64, ptr %46, align 8
  %48 = icmp eq i64 %47, 1
  br i1 %48, label %53, label %49

49:
  %50 = load ptr, ptr %41, align 8
  %51 = getelementptr inbounds nuw i64, ptr %50, i64 %44
  %52 = load i64, ptr %51, align 8
  br label %53

53:
  %54 = phi i64 [ %52, %49 ], [ 0, %43 ]
  %55 = getelementptr i64, ptr %42, i64 %44
  store i64 %54, ptr %55, align 8
  %56 = add nuw nsw i64 %44, 1
  %57 = load i32, ptr %33, align 8
  %58 = sext i32 %57 to i64
  %59 = icmp slt i64 %56, %58
  br i1 %59, label %43, label %82

60:
  %61 = load ptr, ptr %14, align 8
  %62 = tail call double @PyFloat_AsDouble(ptr %61)
  %63 = fcmp oeq double %62, -1.000000e+00
  br i1 %63, label %64, label %67

64:
  %65 = tail call ptr @PyErr_Occurred()
  %66 = icmp eq ptr %65, null
  br i1 %66, label %67, label %86

67:
  %68 = load i64, ptr %9, align 8
  %69 = icmp eq i64 %68, 4
  br i1 %69, label %70, label %74

70:
  %71 = fptrunc double %62 to float
  %72 = load ptr, ptr %10, align 8
  %73 = getelementptr inbounds nuw double, ptr %72, i64 %13
  store float %71, ptr %73, align 4
  br label %77

74:
  %75 = load ptr, ptr %10, align 8
  %76 = getelementptr inbounds nuw double, ptr %75, i64 %13
  store double %62, ptr %76, align 8
  br label %77

77:
  %78 = load ptr, ptr %10, align 8
  %79 = getelementptr inbounds nuw double, ptr %78, i64 %13
  %80 = load ptr, ptr %11, align 8
  %81 = getelementptr inbounds nuw ptr, ptr %80, i64 %13
  store ptr %79, ptr %81, align 8
  br label %82

82:
  %83 = add nuw nsw i64 %13, 1
  %84 = load i64, ptr %4, align 8
  %85 = icmp slt i64 %83, %84
  br i1 %85, label %12, label %86

86:
  %87 = phi i1 [ true, %3 ], [ true, %82 ], [ false, %64 ]
  ret i1 %87
}

declare ptr @PyEval_SaveThread()

define internal fastcc i1 @compute_blocks(ptr %0, ptr %1) {
  %3 = getelementptr inbounds nuw i8, ptr %1, i64 72
  %4 = load i64, ptr %3, align 8
  %5 = icmp slt i64 %4, 1
  br i1 %5, label %218, label %6

6:
  %7 = getelementptr inbounds nuw i8, ptr %1, i64 88
  %8 = getelementptr inbounds nuw i8, ptr %0, i64 32
  %9 = getelementptr inbounds nuw i8, ptr %0, i64 16
  %10 = getelementptr inbounds nuw i8, ptr %1, i64 160
  %11 = getelementptr inbounds nuw i8, ptr %1, i64 168
  %12 = getelementptr inbounds nuw i8, ptr %1, i64 136
  %13 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %14 = getelementptr inbounds nuw i8, ptr %1, i64 152
  %15 = getelementptr inbounds nuw i8, ptr %1, i64 104
  %16 = getelementptr inbounds nuw i8, ptr %1, i64 96
  %17 = getelementptr inbounds nuw i8, ptr %0, i64 88
  %18 = getelementptr inbounds nuw i8, ptr %1, i64 8
  %19 = getelementptr inbounds nuw i8, ptr %0, i64 24
  %20 = getelementptr inbounds nuw i8, ptr %0, i64 64
  %21 = getelementptr inbounds nuw i8, ptr %1, i64 120
  %22 = getelementptr inbounds nuw i8, ptr %0, i64 48
  %23 = getelementptr inbounds nuw i8, ptr %1, i64 144
  %24 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %25 = load i64, ptr %7, align 8
  br label %26

26:
  %27 = phi i64 [ %25, %6 ], [ %214, %213 ]
  %28 = phi i64 [ %4, %6 ], [ %216, %213 ]
  %29 = phi i64 [ 0, %6 ], [ %215, %213 ]
  %30 = sub nsw i64 %28, %29
  %31 = tail call i64 @llvm.smin.i64(i64 %30, i64 %27)
  %32 = load i64, ptr %8, align 8
  %33 = add i64 %31, -1
  %34 = add i64 %33, %32
  %35 = srem i64 %34, %32
  %36 = sub nsw i64 %34, %35
  %37 = load i64, ptr %9, align 8
  %38 = icmp sgt i64 %37, 0
  br i1 %38, label %39, label %43

39:
  %40 = icmp eq i64 %36, %31
  %41 = icmp eq i64 %29, 0
  %42 = sub nsw i64 %36, %31
  br label %48

43:
  %44 = load i64, ptr %19, align 8
  %45 = icmp sgt i64 %44, 0
  br i1 %45, label %46, label %175

46:
  %47 = icmp eq i64 %36, %31
  br label %145

48:
  %49 = phi i64 [ 0, %39 ], [ %142, %141 ]
  %50 = load ptr, ptr %10, align 8
  %51 = load i64, ptr %11, align 8
  %52 = mul nsw i64 %51, %49
  %53 = getelementptr inbounds i8, ptr %50, i64 %52
  %54 = load ptr, ptr %12, align 8
  %55 = getelementptr inbounds nuw ptr, ptr %54, i64 %49
  store ptr %53, ptr %55, align 8
  %56 = load i64, ptr %8, align 8
  %57 = load i64, ptr %13, align 8
  %58 = mul nsw i64 %57, %56
  %59 = load ptr, ptr %14, align 8
  %60 = getelementptr inbounds nuw i64, ptr %59, i64 %49
  store i64 %58, ptr %60, align 8
  %61 = load i64, ptr %1, align 8
  br i1 %40, label %62, label %89

62:
  %63 = load i64, ptr %13, align 8
  %64 = icmp slt i64 %61, 1
  br i1 %64, label %81, label %65

65:
  %66 = load ptr, ptr %15, align 8
  %67 = shl i64 %49, 6
  %68 = getelementptr i8, ptr %66, i64 %67
  br label %69

69:
  %70 = phi i64 [ %61, %65 ], [ %72, %76 ]
  %71 = phi i64 [ %63, %65 ], [ %79, %76 ]
  %72 = add nsw i64 %70, -1
  %73 = getelementptr i64, ptr %68, i64 %72
  %74 = load i64, ptr %73, align 8
  %75 = icmp eq i64 %74, %71
  br i1 %75, label %76, label %89

76:
  %77 = getelementptr i64, ptr %1, i64 %70
  %78 = load i64, ptr %77, align 8
  %79 = mul nsw i64 %78, %71
  %80 = icmp samesign ult i64 %70, 2
  br i1 %80, label %81, label %69

81:
  %82 = load ptr, ptr %16, align 8
  %83 = getelementptr inbounds nuw ptr, ptr %82, i64 %49
  %84 = load ptr, ptr %83, align 8
  %85 = mul nsw i64 %63, %29
  %86 = getelementptr inbounds i8, ptr %84, i64 %85
  %87 = load ptr, ptr %12, align 8
  %88 = getelementptr inbounds nuw ptr, ptr %87, i64 %49
  store ptr %86, ptr %88, align 8
  br label %141

89:
  switch i64 %61, label %105 [
    i64 0, label %96
    i64 1, label %90
  ]

90:
  %91 = load ptr, ptr %15, align 8
  %92 = shl nsw i64 %49, 6
  %93 = getelementptr inbounds nuw i8, ptr %91, i64 %92
  %94 = load i64, ptr %93, align 8
  %95 = icmp eq i64 %94, 0
  br i1 %95, label %96, label %105

96:
  %97 = load ptr, ptr %14, align 8
  %98 = getelementptr inbounds nuw i64, ptr %97, i64 %49
  store i64 0, ptr %98, align 8
  br i1 %41, label %99, label %141

99:
  %100 = load i64, ptr %13, align 8
  %101 = load ptr, ptr %16, align 8
  %102 = getelementptr inbounds nuw ptr, ptr %101, i64 %49
  %103 = load ptr, ptr %102, align 8
  %104 = load i64, ptr %8, align 8
  tail call fastcc void @copy(i64 %100, ptr %53, i64 %100, ptr %103, i64 0, i64 %104)
  br label %141

105:
  %106 = shl i64 %49, 6
  br i1 %41, label %128, label %107

107:
  %108 = tail call i64 @llvm.smax.i64(i64 %61, i64 1)
  %109 = add nsw i64 %108, -1
  br label %110

110:
  %111 = phi i64 [ 0, %107 ], [ %114, %113 ]
  %112 = icmp eq i64 %111, %109
  br i1 %112, label %120, label %113

113:
  %114 = add nuw nsw i64 %111, 1
  %115 = load ptr, ptr %15, align 8
  %116 = getelementptr i8, ptr %115, i64 %106
  %117 = getelementptr i64, ptr %116, i64 %111
  %118 = load i64, ptr %117, align 8
  %119 = icmp eq i64 %118, 0
  br i1 %119, label %110, label %128

120:
  %121 = icmp sgt i64 %61, 1
  br i1 %121, label %122, label %128

122:
  %123 = load i64, ptr %7, align 8
  %124 = getelementptr i64, ptr %1, i64 %61
  %125 = load i64, ptr %124, align 8
  %126 = srem i64 %123, %125
  %127 = icmp eq i64 %126, 0
  br i1 %127, label %141, label %128

128:
  %129 = load ptr, ptr %17, align 8
  %130 = load i64, ptr %13, align 8
  %131 = load ptr, ptr %16, align 8
  %132 = getelementptr inbounds nuw ptr, ptr %131, i64 %49
  %133 = load ptr, ptr %132, align 8
  %134 = load ptr, ptr %15, align 8
  %135 = getelementptr inbounds nuw i8, ptr %134, i64 %106
  tail call void %129(i64 %130, ptr %133, i64 %61, ptr %18, ptr %135, i64 %29, i64 %31, ptr %53)
  %136 = load i64, ptr %13, align 8
  %137 = mul nsw i64 %136, %31
  %138 = getelementptr inbounds i8, ptr %53, i64 %137
  %139 = mul nsw i64 %136, %33
  %140 = getelementptr inbounds i8, ptr %53, i64 %139
  tail call fastcc void @copy(i64 %136, ptr %138, i64 %136, ptr %140, i64 0, i64 %42)
  br label %141

141:
  %142 = add nuw nsw i64 %49, 1
  %143 = load i64, ptr %9, align 8
  %144 = icmp slt i64 %142, %143
  br i1 %144, label %48, label %43

145:
  %146 = phi i64 [ 0, %46 ], [ %172, %168 ]
  br i1 %47, label %147, label %161

147:
  %148 = load ptr, ptr %20, align 8
  %149 = getelementptr inbounds nuw i64, ptr %148, i64 %146
  %150 = load i64, ptr %149, align 8
  %151 = icmp eq i64 %150, 0
  br i1 %151, label %152, label %161

152:
  %153 = load ptr, ptr %21, align 8
  %154 = getelementptr inbounds nuw ptr, ptr %153, i64 %146
  %155 = load ptr, ptr %154, align 8
  %156 = load ptr, ptr %22, align 8
  %157 = getelementptr inbounds nuw i64, ptr %156, i64 %146
  %158 = load i64, ptr %157, align 8
  %159 = mul nsw i64 %158, %29
  %160 = getelementptr inbounds i8, ptr %155, i64 %159
  br label %168

161:
  %162 = load ptr, ptr %10, align 8
  %163 = load i64, ptr %9, align 8
  %164 = add nsw i64 %163, %146
  %165 = load i64, ptr %11, align 8
  %166 = mul nsw i64 %164, %165
  %167 = getelementptr inbounds i8, ptr %162, i64 %166
  br label %168

168:
  %169 = phi ptr [ %160, %152 ], [ %167, %161 ]
  %170 = load ptr, ptr %23, align 8
  %171 = getelementptr inbounds nuw ptr, ptr %170, i64 %146
  store ptr %169, ptr %171, align 8
  %172 = add nuw nsw i64 %146, 1
  %173 = load i64, ptr %19, align 8
  %174 = icmp slt i64 %172, %173
  br i1 %174, label %145, label %175

175:
  %176 = load ptr, ptr %0, align 8
  %177 = load ptr, ptr %24, align 8
  %178 = load i64, ptr %8, align 8
  %179 = sdiv i64 %36, %178
  %180 = load ptr, ptr %12, align 8
  %181 = load ptr, ptr %14, align 8
  %182 = load ptr, ptr %23, align 8
  %183 = tail call i1 %176(ptr %177, i64 %179, ptr %180, ptr %181, ptr %182)
  br i1 %183, label %184, label %218

184:
  %185 = load i64, ptr %19, align 8
  %186 = icmp sgt i64 %185, 0
  br i1 %186, label %187, label %213

187:
  %188 = icmp eq i64 %36, %31
  br label %189

189:
  %190 = phi i64 [ 0, %187 ], [ %210, %209 ]
  %191 = load ptr, ptr %20, align 8
  %192 = getelementptr inbounds nuw i64, ptr %191, i64 %190
  %193 = load i64, ptr %192, align 8
  %194 = icmp eq i64 %193, 0
  br i1 %194, label %196, label %195

195:
  tail call fastcc void @fold(ptr %0, ptr %1, i64 %190, i64 %29, i64 %31)
  br label %209

196:
  br i1 %188, label %209, label %197

197:
  %198 = load ptr, ptr %22, align 8
  %199 = getelementptr inbounds nuw i64, ptr %198, i64 %190
  %200 = load i64, ptr %199, align 8
  %201 = load ptr, ptr %21, align 8
  %202 = getelementptr inbounds nuw ptr, ptr %201, i64 %190
  %203 = load ptr, ptr %202, align 8
  %204 = mul nsw i64 %200, %29
  %205 = getelementptr inbounds i8, ptr %203, i64 %204
  %206 = load ptr, ptr %23, align 8
  %207 = getelementptr inbounds nuw ptr, ptr %206, i64 %190
  %208 = load ptr, ptr %207, align 8
  tail call fastcc void @copy(i64 %200, ptr %205, i64 %200, ptr %208, i64 %200, i64 %31)
  br label %209

209:
  %210 = add nuw nsw i64 %190, 1
  %211 = load i64, ptr %19, align 8
  %212 = icmp slt i64 %210, %211
  br i1 %212, label %189, label %213

213:
  %214 = load i64, ptr %7, align 8
  %215 = add nsw i64 %214, %29
  %216 = load i64, ptr %3, align 8
  %217 = icmp slt i64 %215, %216
  br i1 %217, label %26, label %218

218:
  %219 = phi i1 [ true, %2 ], [ %183, %213 ], [ %183, %175 ]
  ret i1 %219
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

declare void @Py_IncRef(ptr)

declare i64 @llvm.smin.i64(i64, i64)

declare i64 @llvm.smax.i64(i64, i64)

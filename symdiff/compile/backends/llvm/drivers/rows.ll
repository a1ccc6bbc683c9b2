; made of rows.c by generate.py: 2242e44979159111c488121e3edec6efdddb403f289d99550cbbc1ac4844879c

%struct.Sum = type { double, double }

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
  br label %57

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
  %36 = phi i64 [ %18, %15 ], [ %83, %81 ]
  %37 = getelementptr inbounds nuw i8, ptr %1, i64 72
  %38 = load i64, ptr %37, align 8
  %39 = icmp slt i64 %38, 1
  br i1 %39, label %399, label %40

40:
  %41 = getelementptr inbounds nuw i8, ptr %1, i64 152
  %42 = getelementptr inbounds nuw i8, ptr %1, i64 104
  %43 = getelementptr inbounds nuw i8, ptr %0, i64 40
  %44 = getelementptr inbounds nuw i8, ptr %1, i64 160
  %45 = getelementptr inbounds nuw i8, ptr %1, i64 168
  %46 = getelementptr inbounds nuw i8, ptr %1, i64 96
  %47 = getelementptr inbounds nuw i8, ptr %0, i64 32
  %48 = getelementptr inbounds nuw i8, ptr %1, i64 136
  %49 = getelementptr inbounds nuw i8, ptr %0, i64 64
  %50 = getelementptr inbounds nuw i8, ptr %1, i64 120
  %51 = getelementptr inbounds nuw i8, ptr %0, i64 48
  %52 = getelementptr inbounds nuw i8, ptr %1, i64 144
  %53 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %54 = add nsw i64 %4, -2
  %55 = getelementptr inbounds i64, ptr %3, i64 %54
  %56 = icmp sgt i64 %4, 2
  br label %85

57:
  %58 = phi i64 [ 0, %20 ], [ %82, %81 ]
  %59 = load ptr, ptr %21, align 8
  %60 = shl nsw i64 %58, 6
  %61 = getelementptr inbounds nuw i8, ptr %59, i64 %60
  %62 = getelementptr inbounds i64, ptr %61, i64 %5
  %63 = load i64, ptr %62, align 8
  %64 = icmp eq i64 %63, 0
  br i1 %64, label %69, label %65

65:
  %66 = load i64, ptr %22, align 8
  %67 = load i64, ptr %23, align 8
  %68 = mul nsw i64 %67, %66
  br label %69

69:
  %70 = phi i64 [ %68, %65 ], [ 0, %57 ]
  %71 = load ptr, ptr %24, align 8
  %72 = getelementptr inbounds nuw i64, ptr %71, i64 %58
  store i64 %70, ptr %72, align 8
  store i64 0, ptr %62, align 8
  br i1 %25, label %73, label %81

73:
  %74 = phi i64 [ %78, %73 ], [ 0, %69 ]
  %75 = phi i64 [ %79, %73 ], [ 0, %69 ]
  %76 = getelementptr inbounds nuw i64, ptr %61, i64 %75
  %77 = load i64, ptr %76, align 8
  %78 = or i64 %74, %77
  store i64 %78, ptr %62, align 8
  %79 = add nuw nsw i64 %75, 1
  %80 = icmp eq i64 %79, %5
  br i1 %80, label %81, label %73

81:
  %82 = add nuw nsw i64 %58, 1
  %83 = load i64, ptr %17, align 8
  %84 = icmp slt i64 %82, %83
  br i1 %84, label %57, label %35

85:
  %86 = phi i64 [ %36, %40 ], [ %395, %394 ]
  %87 = phi i64 [ 0, %40 ], [ %396, %394 ]
  %88 = icmp sgt i64 %86, 0
  br i1 %88, label %89, label %121

89:
  %90 = icmp eq i64 %87, 0
  br label %91

91:
  %92 = phi i64 [ %86, %89 ], [ %118, %117 ]
  %93 = phi i64 [ 0, %89 ], [ %119, %117 ]
  %94 = load ptr, ptr %41, align 8
  %95 = getelementptr inbounds nuw i64, ptr %94, i64 %93
  %96 = load i64, ptr %95, align 8
  %97 = icmp eq i64 %96, 0
  br i1 %97, label %98, label %117

98:
  br i1 %90, label %106, label %99

99:
  %100 = load ptr, ptr %42, align 8
  %101 = shl i64 %93, 6
  %102 = getelementptr i8, ptr %100, i64 %101
  %103 = getelementptr i64, ptr %102, i64 %5
  %104 = load i64, ptr %103, align 8
  %105 = icmp eq i64 %104, 0
  br i1 %105, label %117, label %106

106:
  %107 = load i64, ptr %43, align 8
  %108 = load ptr, ptr %44, align 8
  %109 = load i64, ptr %45, align 8
  %110 = mul nsw i64 %109, %93
  %111 = getelementptr inbounds i8, ptr %108, i64 %110
  %112 = load ptr, ptr %46, align 8
  %113 = getelementptr inbounds nuw ptr, ptr %112, i64 %93
  %114 = load ptr, ptr %113, align 8
  %115 = load i64, ptr %47, align 8
  tail call fastcc void @copy(i64 %107, ptr %111, i64 %107, ptr %114, i64 0, i64 %115)
  %116 = load i64, ptr %17, align 8
  br label %117

117:
  %118 = phi i64 [ %92, %91 ], [ %92, %99 ], [ %116, %106 ]
  %119 = add nuw nsw i64 %93, 1
  %120 = icmp slt i64 %119, %118
  br i1 %120, label %91, label %121

121:
  %122 = load i64, ptr %47, align 8
  %123 = srem i64 %8, %122
  %124 = sub nsw i64 %8, %123
  %125 = select i1 %16, i64 256, i64 %124
  %126 = icmp sgt i64 %124, 0
  br i1 %126, label %127, label %222

127:
  %128 = phi i64 [ %220, %219 ], [ 0, %121 ]
  %129 = sub nsw i64 %124, %128
  %130 = tail call i64 @llvm.smin.i64(i64 %129, i64 %125)
  %131 = load i64, ptr %47, align 8
  %132 = sdiv i64 %130, %131
  %133 = load i64, ptr %17, align 8
  %134 = icmp sgt i64 %133, 0
  br i1 %134, label %140, label %135

135:
  %136 = load i64, ptr %9, align 8
  %137 = icmp sgt i64 %136, 0
  br i1 %137, label %138, label %194

138:
  %139 = add nsw i64 %128, %87
  br label %165

140:
  %141 = phi i64 [ %162, %158 ], [ 0, %127 ]
  %142 = load ptr, ptr %41, align 8
  %143 = getelementptr inbounds nuw i64, ptr %142, i64 %141
  %144 = load i64, ptr %143, align 8
  %145 = icmp eq i64 %144, 0
  br i1 %145, label %153, label %146

146:
  %147 = load ptr, ptr %46, align 8
  %148 = getelementptr inbounds nuw ptr, ptr %147, i64 %141
  %149 = load ptr, ptr %148, align 8
  %150 = load i64, ptr %43, align 8
  %151 = mul nsw i64 %150, %128
  %152 = getelementptr inbounds i8, ptr %149, i64 %151
  br label %158

153:
  %154 = load ptr, ptr %44, align 8
  %155 = load i64, ptr %45, align 8
  %156 = mul nsw i64 %155, %141
  %157 = getelementptr inbounds i8, ptr %154, i64 %156
  br label %158

158:
  %159 = phi ptr [ %152, %146 ], [ %157, %153 ]
  %160 = load ptr, ptr %48, align 8
  %161 = getelementptr inbounds nuw ptr, ptr %160, i64 %141
  store ptr %159, ptr %161, align 8
  %162 = add nuw nsw i64 %141, 1
  %163 = load i64, ptr %17, align 8
  %164 = icmp slt i64 %162, %163
  br i1 %164, label %140, label %135

165:
  %166 = phi i64 [ 0, %138 ], [ %191, %187 ]
  %167 = load ptr, ptr %49, align 8
  %168 = getelementptr inbounds nuw i64, ptr %167, i64 %166
  %169 = load i64, ptr %168, align 8
  %170 = icmp eq i64 %169, 0
  br i1 %170, label %171, label %180

171:
  %172 = load ptr, ptr %50, align 8
  %173 = getelementptr inbounds nuw ptr, ptr %172, i64 %166
  %174 = load ptr, ptr %173, align 8
  %175 = load ptr, ptr %51, align 8
  %176 = getelementptr inbounds nuw i64, ptr %175, i64 %166
  %177 = load i64, ptr %176, align 8
  %178 = mul nsw i64 %177, %139
  %179 = getelementptr inbounds i8, ptr %174, i64 %178
  br label %187

180:
  %181 = load ptr, ptr %44, align 8
  %182 = load i64, ptr %17, align 8
  %183 = add nsw i64 %182, %166
  %184 = load i64, ptr %45, align 8
  %185 = mul nsw i64 %183, %184
  %186 = getelementptr inbounds i8, ptr %181, i64 %185
  br label %187

187:
  %188 = phi ptr [ %179, %171 ], [ %186, %180 ]
  %189 = load ptr, ptr %52, align 8
  %190 = getelementptr inbounds nuw ptr, ptr %189, i64 %166
  store ptr %188, ptr %190, align 8
  %191 = add nuw nsw i64 %166, 1
  %192 = load i64, ptr %9, align 8
  %193 = icmp slt i64 %191, %192
  br i1 %193, label %165, label %194

194:
  %195 = load ptr, ptr %0, align 8
  %196 = load ptr, ptr %53, align 8
  %197 = load ptr, ptr %48, align 8
  %198 = load ptr, ptr %41, align 8
  %199 = load ptr, ptr %52, align 8
  %200 = tail call i1 %195(ptr %196, i64 %132, ptr %197, ptr %198, ptr %199)
  br i1 %200, label %201, label %399

201:
  br i1 %16, label %202, label %219

202:
  %203 = add nsw i64 %128, %87
  %204 = load i64, ptr %9, align 8
  %205 = icmp sgt i64 %204, 0
  br i1 %205, label %206, label %219

206:
  %207 = phi i64 [ %216, %215 ], [ %204, %202 ]
  %208 = phi i64 [ %217, %215 ], [ 0, %202 ]
  %209 = load ptr, ptr %49, align 8
  %210 = getelementptr inbounds nuw i64, ptr %209, i64 %208
  %211 = load i64, ptr %210, align 8
  %212 = icmp eq i64 %211, 0
  br i1 %212, label %215, label %213

213:
  tail call fastcc void @fold(ptr %0, ptr %1, i64 %208, i64 %203, i64 %130)
  %214 = load i64, ptr %9, align 8
  br label %215

215:
  %216 = phi i64 [ %214, %213 ], [ %207, %206 ]
  %217 = add nuw nsw i64 %208, 1
  %218 = icmp slt i64 %217, %216
  br i1 %218, label %206, label %219

219:
  %220 = add nuw nsw i64 %128, %125
  %221 = icmp slt i64 %220, %124
  br i1 %221, label %127, label %222

222:
  %223 = icmp eq i64 %123, 0
  br i1 %223, label %336, label %224

224:
  %225 = load i64, ptr %47, align 8
  %226 = sub nsw i64 %8, %225
  %227 = load i64, ptr %17, align 8
  %228 = icmp sgt i64 %227, 0
  br i1 %228, label %234, label %229

229:
  %230 = load i64, ptr %9, align 8
  %231 = icmp sgt i64 %230, 0
  br i1 %231, label %232, label %289

232:
  %233 = add nsw i64 %226, %87
  br label %259

234:
  %235 = phi i64 [ %256, %252 ], [ 0, %224 ]
  %236 = load ptr, ptr %41, align 8
  %237 = getelementptr inbounds nuw i64, ptr %236, i64 %235
  %238 = load i64, ptr %237, align 8
  %239 = icmp eq i64 %238, 0
  br i1 %239, label %247, label %240

240:
  %241 = load ptr, ptr %46, align 8
  %242 = getelementptr inbounds nuw ptr, ptr %241, i64 %235
  %243 = load ptr, ptr %242, align 8
  %244 = load i64, ptr %43, align 8
  %245 = mul nsw i64 %244, %226
  %246 = getelementptr inbounds i8, ptr %243, i64 %245
  br label %252

247:
  %248 = load ptr, ptr %44, align 8
  %249 = load i64, ptr %45, align 8
  %250 = mul nsw i64 %249, %235
  %251 = getelementptr inbounds i8, ptr %248, i64 %250
  br label %252

252:
  %253 = phi ptr [ %246, %240 ], [ %251, %247 ]
  %254 = load ptr, ptr %48, align 8
  %255 = getelementptr inbounds nuw ptr, ptr %254, i64 %235
  store ptr %253, ptr %255, align 8
  %256 = add nuw nsw i64 %235, 1
  %257 = load i64, ptr %17, align 8
  %258 = icmp slt i64 %256, %257
  br i1 %258, label %234, label %229

259:
  %260 = phi i64 [ 0, %232 ], [ %286, %282 ]
  br i1 %16, label %275, label %261

261:
  %262 = load ptr, ptr %49, align 8
  %263 = getelementptr inbounds nuw i64, ptr %262, i64 %260
  %264 = load i64, ptr %263, align 8
  %265 = icmp eq i64 %264, 0
  br i1 %265, label %266, label %275

266:
  %267 = load ptr, ptr %50, align 8
  %268 = getelementptr inbounds nuw ptr, ptr %267, i64 %260
  %269 = load ptr, ptr %268, align 8
  %270 = load ptr, ptr %51, align 8
  %271 = getelementptr inbounds nuw i64, ptr %270, i64 %260
  %272 = load i64, ptr %271, align 8
  %273 = mul nsw i64 %272, %233
  %274 = getelementptr inbounds i8, ptr %269, i64 %273
  br label %282

275:
  %276 = load ptr, ptr %44, align 8
  %277 = load i64, ptr %17, align 8
  %278 = add nsw i64 %277, %260
  %279 = load i64, ptr %45, align 8
  %280 = mul nsw i64 %278, %279
  %281 = getelementptr inbounds i8, ptr %276, i64 %280
  br label %282

282:
  %283 = phi ptr [ %274, %266 ], [ %281, %275 ]
  %284 = load ptr, ptr %52, align 8
  %285 = getelementptr inbounds nuw ptr, ptr %284, i64 %260
  store ptr %283, ptr %285, align 8
  %286 = add nuw nsw i64 %260, 1
  %287 = load i64, ptr %9, align 8
  %288 = icmp slt i64 %286, %287
  br i1 %288, label %259, label %289

289:
  %290 = load ptr, ptr %0, align 8
  %291 = load ptr, ptr %53, align 8
  %292 = load ptr, ptr %48, align 8
  %293 = load ptr, ptr %41, align 8
  %294 = load ptr, ptr %52, align 8
  %295 = tail call i1 %290(ptr %291, i64 1, ptr %292, ptr %293, ptr %294)
  %296 = and i1 %16, %295
  br i1 %296, label %297, label %335

297:
  %298 = load i64, ptr %9, align 8
  %299 = icmp sgt i64 %298, 0
  br i1 %299, label %300, label %336

300:
  %301 = add nsw i64 %124, %87
  br label %302

302:
  %303 = phi i64 [ 0, %300 ], [ %332, %331 ]
  %304 = load i64, ptr %47, align 8
  %305 = sub nsw i64 %304, %123
  %306 = load ptr, ptr %51, align 8
  %307 = getelementptr inbounds nuw i64, ptr %306, i64 %303
  %308 = load i64, ptr %307, align 8
  %309 = mul nsw i64 %308, %305
  %310 = load ptr, ptr %52, align 8
  %311 = getelementptr inbounds nuw ptr, ptr %310, i64 %303
  %312 = load ptr, ptr %311, align 8
  %313 = getelementptr inbounds i8, ptr %312, i64 %309
  store ptr %313, ptr %311, align 8
  %314 = load ptr, ptr %49, align 8
  %315 = getelementptr inbounds nuw i64, ptr %314, i64 %303
  %316 = load i64, ptr %315, align 8
  %317 = icmp eq i64 %316, 0
  br i1 %317, label %319, label %318

318:
  tail call fastcc void @fold(ptr %0, ptr %1, i64 %303, i64 %301, i64 %123)
  br label %331

319:
  %320 = load ptr, ptr %51, align 8
  %321 = getelementptr inbounds nuw i64, ptr %320, i64 %303
  %322 = load i64, ptr %321, align 8
  %323 = load ptr, ptr %50, align 8
  %324 = getelementptr inbounds nuw ptr, ptr %323, i64 %303
  %325 = load ptr, ptr %324, align 8
  %326 = mul nsw i64 %322, %301
  %327 = getelementptr inbounds i8, ptr %325, i64 %326
  %328 = load ptr, ptr %52, align 8
  %329 = getelementptr inbounds nuw ptr, ptr %328, i64 %303
  %330 = load ptr, ptr %329, align 8
  tail call fastcc void @copy(i64 %322, ptr %327, i64 %322, ptr %330, i64 %322, i64 %123)
  br label %331

331:
  %332 = add nuw nsw i64 %303, 1
  %333 = load i64, ptr %9, align 8
  %334 = icmp slt i64 %332, %333
  br i1 %334, label %302, label %336

335:
  br i1 %295, label %336, label %399

336:
  %337 = load i64, ptr %55, align 8
  %338 = add nsw i64 %337, 1
  store i64 %338, ptr %55, align 8
  %339 = load i64, ptr %17, align 8
  %340 = icmp sgt i64 %339, 0
  br i1 %340, label %343, label %341

341:
  %342 = phi i64 [ %339, %336 ], [ %356, %343 ]
  br i1 %56, label %358, label %394

343:
  %344 = phi i64 [ %355, %343 ], [ 0, %336 ]
  %345 = load ptr, ptr %42, align 8
  %346 = shl i64 %344, 6
  %347 = getelementptr i8, ptr %345, i64 %346
  %348 = getelementptr i64, ptr %347, i64 %5
  %349 = getelementptr i8, ptr %348, i64 -8
  %350 = load i64, ptr %349, align 8
  %351 = load ptr, ptr %46, align 8
  %352 = getelementptr inbounds nuw ptr, ptr %351, i64 %344
  %353 = load ptr, ptr %352, align 8
  %354 = getelementptr inbounds i8, ptr %353, i64 %350
  store ptr %354, ptr %352, align 8
  %355 = add nuw nsw i64 %344, 1
  %356 = load i64, ptr %17, align 8
  %357 = icmp slt i64 %355, %356
  br i1 %357, label %343, label %341

358:
  %359 = phi i64 [ %388, %387 ], [ %342, %341 ]
  %360 = phi i64 [ %392, %387 ], [ %54, %341 ]
  %361 = getelementptr inbounds nuw i64, ptr %3, i64 %360
  %362 = load i64, ptr %361, align 8
  %363 = getelementptr inbounds nuw i64, ptr %6, i64 %360
  %364 = load i64, ptr %363, align 8
  %365 = icmp eq i64 %362, %364
  br i1 %365, label %366, label %394

366:
  %367 = icmp sgt i64 %359, 0
  br i1 %367, label %368, label %387

368:
  %369 = phi i64 [ %384, %368 ], [ 0, %366 ]
  %370 = load ptr, ptr %42, align 8
  %371 = shl i64 %369, 6
  %372 = getelementptr i8, ptr %370, i64 %371
  %373 = getelementptr i64, ptr %372, i64 %360
  %374 = getelementptr i8, ptr %373, i64 -8
  %375 = load i64, ptr %374, align 8
  %376 = load i64, ptr %363, align 8
  %377 = load i64, ptr %373, align 8
  %378 = mul nsw i64 %377, %376
  %379 = sub nsw i64 %375, %378
  %380 = load ptr, ptr %46, align 8
  %381 = getelementptr inbounds nuw ptr, ptr %380, i64 %369
  %382 = load ptr, ptr %381, align 8
  %383 = getelementptr inbounds i8, ptr %382, i64 %379
  store ptr %383, ptr %381, align 8
  %384 = add nuw nsw i64 %369, 1
  %385 = load i64, ptr %17, align 8
  %386 = icmp slt i64 %384, %385
  br i1 %386, label %368, label %387

387:
  %388 = phi i64 [ %359, %366 ], [ %385, %368 ]
  store i64 0, ptr %361, align 8
  %389 = getelementptr i8, ptr %361, i64 -8
  %390 = load i64, ptr %389, align 8
  %391 = add nsw i64 %390, 1
  store i64 %391, ptr %389, align 8
  %392 = add nsw i64 %360, -1
  %393 = icmp sgt i64 %360, 1
  br i1 %393, label %358, label %394

394:
  %395 = phi i64 [ %342, %341 ], [ %388, %387 ], [ %359, %358 ]
  %396 = add nsw i64 %87, %8
  %397 = load i64, ptr %37, align 8
  %398 = icmp slt i64 %396, %397
  br i1 %398, label %85, label %399

399:
  %400 = phi i1 [ false, %194 ], [ true, %35 ], [ false, %335 ], [ true, %394 ]
  ret i1 %400
}

declare void @llvm.memset.p0.i64(ptr, i8, i64, i1 immarg)

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

declare i64 @llvm.smin.i64(i64, i64)

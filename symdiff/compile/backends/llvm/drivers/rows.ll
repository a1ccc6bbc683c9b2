; made of rows.c by generate.py: 86761d4887674be7ff045d18f25becae3d4b95a90109bd00a5a2f3ee6c1b1c18

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
  br i1 %39, label %378, label %40

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
  %86 = phi i64 [ %36, %40 ], [ %374, %373 ]
  %87 = phi i64 [ 0, %40 ], [ %375, %373 ]
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
  br i1 %200, label %201, label %378

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
  br i1 %223, label %315, label %224

224:
  %225 = load i64, ptr %47, align 8
  %226 = sub nsw i64 %8, %225
  %227 = load i64, ptr %17, align 8
  %228 = icmp sgt i64 %227, 0
  br i1 %228, label %232, label %229

229:
  %230 = load i64, ptr %9, align 8
  %231 = icmp sgt i64 %230, 0
  br i1 %231, label %257, label %270

232:
  %233 = phi i64 [ %254, %250 ], [ 0, %224 ]
  %234 = load ptr, ptr %41, align 8
  %235 = getelementptr inbounds nuw i64, ptr %234, i64 %233
  %236 = load i64, ptr %235, align 8
  %237 = icmp eq i64 %236, 0
  br i1 %237, label %245, label %238

238:
  %239 = load ptr, ptr %46, align 8
  %240 = getelementptr inbounds nuw ptr, ptr %239, i64 %233
  %241 = load ptr, ptr %240, align 8
  %242 = load i64, ptr %43, align 8
  %243 = mul nsw i64 %242, %226
  %244 = getelementptr inbounds i8, ptr %241, i64 %243
  br label %250

245:
  %246 = load ptr, ptr %44, align 8
  %247 = load i64, ptr %45, align 8
  %248 = mul nsw i64 %247, %233
  %249 = getelementptr inbounds i8, ptr %246, i64 %248
  br label %250

250:
  %251 = phi ptr [ %244, %238 ], [ %249, %245 ]
  %252 = load ptr, ptr %48, align 8
  %253 = getelementptr inbounds nuw ptr, ptr %252, i64 %233
  store ptr %251, ptr %253, align 8
  %254 = add nuw nsw i64 %233, 1
  %255 = load i64, ptr %17, align 8
  %256 = icmp slt i64 %254, %255
  br i1 %256, label %232, label %229

257:
  %258 = phi i64 [ %267, %257 ], [ 0, %229 ]
  %259 = load ptr, ptr %44, align 8
  %260 = load i64, ptr %17, align 8
  %261 = add nsw i64 %260, %258
  %262 = load i64, ptr %45, align 8
  %263 = mul nsw i64 %261, %262
  %264 = getelementptr inbounds i8, ptr %259, i64 %263
  %265 = load ptr, ptr %52, align 8
  %266 = getelementptr inbounds nuw ptr, ptr %265, i64 %258
  store ptr %264, ptr %266, align 8
  %267 = add nuw nsw i64 %258, 1
  %268 = load i64, ptr %9, align 8
  %269 = icmp slt i64 %267, %268
  br i1 %269, label %257, label %270

270:
  %271 = load ptr, ptr %0, align 8
  %272 = load ptr, ptr %53, align 8
  %273 = load ptr, ptr %48, align 8
  %274 = load ptr, ptr %41, align 8
  %275 = load ptr, ptr %52, align 8
  %276 = tail call i1 %271(ptr %272, i64 1, ptr %273, ptr %274, ptr %275)
  br i1 %276, label %277, label %378

277:
  %278 = load i64, ptr %9, align 8
  %279 = icmp sgt i64 %278, 0
  br i1 %279, label %280, label %315

280:
  %281 = add nsw i64 %124, %87
  br label %282

282:
  %283 = phi i64 [ 0, %280 ], [ %312, %311 ]
  %284 = load i64, ptr %47, align 8
  %285 = sub nsw i64 %284, %123
  %286 = load ptr, ptr %51, align 8
  %287 = getelementptr inbounds nuw i64, ptr %286, i64 %283
  %288 = load i64, ptr %287, align 8
  %289 = mul nsw i64 %288, %285
  %290 = load ptr, ptr %52, align 8
  %291 = getelementptr inbounds nuw ptr, ptr %290, i64 %283
  %292 = load ptr, ptr %291, align 8
  %293 = getelementptr inbounds i8, ptr %292, i64 %289
  store ptr %293, ptr %291, align 8
  %294 = load ptr, ptr %49, align 8
  %295 = getelementptr inbounds nuw i64, ptr %294, i64 %283
  %296 = load i64, ptr %295, align 8
  %297 = icmp eq i64 %296, 0
  br i1 %297, label %299, label %298

298:
  tail call fastcc void @fold(ptr %0, ptr %1, i64 %283, i64 %281, i64 %123)
  br label %311

299:
  %300 = load ptr, ptr %51, align 8
  %301 = getelementptr inbounds nuw i64, ptr %300, i64 %283
  %302 = load i64, ptr %301, align 8
  %303 = load ptr, ptr %50, align 8
  %304 = getelementptr inbounds nuw ptr, ptr %303, i64 %283
  %305 = load ptr, ptr %304, align 8
  %306 = mul nsw i64 %302, %281
  %307 = getelementptr inbounds i8, ptr %305, i64 %306
  %308 = load ptr, ptr %52, align 8
  %309 = getelementptr inbounds nuw ptr, ptr %308, i64 %283
  %310 = load ptr, ptr %309, align 8
  tail call fastcc void @copy(i64 %302, ptr %307, i64 %302, ptr %310, i64 %302, i64 %123)
  br label %311

311:
  %312 = add nuw nsw i64 %283, 1
  %313 = load i64, ptr %9, align 8
  %314 = icmp slt i64 %312, %313
  br i1 %314, label %282, label %315

315:
  %316 = load i64, ptr %55, align 8
  %317 = add nsw i64 %316, 1
  store i64 %317, ptr %55, align 8
  %318 = load i64, ptr %17, align 8
  %319 = icmp sgt i64 %318, 0
  br i1 %319, label %322, label %320

320:
  %321 = phi i64 [ %318, %315 ], [ %335, %322 ]
  br i1 %56, label %337, label %373

322:
  %323 = phi i64 [ %334, %322 ], [ 0, %315 ]
  %324 = load ptr, ptr %42, align 8
  %325 = shl i64 %323, 6
  %326 = getelementptr i8, ptr %324, i64 %325
  %327 = getelementptr i64, ptr %326, i64 %5
  %328 = getelementptr i8, ptr %327, i64 -8
  %329 = load i64, ptr %328, align 8
  %330 = load ptr, ptr %46, align 8
  %331 = getelementptr inbounds nuw ptr, ptr %330, i64 %323
  %332 = load ptr, ptr %331, align 8
  %333 = getelementptr inbounds i8, ptr %332, i64 %329
  store ptr %333, ptr %331, align 8
  %334 = add nuw nsw i64 %323, 1
  %335 = load i64, ptr %17, align 8
  %336 = icmp slt i64 %334, %335
  br i1 %336, label %322, label %320

337:
  %338 = phi i64 [ %367, %366 ], [ %321, %320 ]
  %339 = phi i64 [ %371, %366 ], [ %54, %320 ]
  %340 = getelementptr inbounds nuw i64, ptr %3, i64 %339
  %341 = load i64, ptr %340, align 8
  %342 = getelementptr inbounds nuw i64, ptr %6, i64 %339
  %343 = load i64, ptr %342, align 8
  %344 = icmp eq i64 %341, %343
  br i1 %344, label %345, label %373

345:
  %346 = icmp sgt i64 %338, 0
  br i1 %346, label %347, label %366

347:
  %348 = phi i64 [ %363, %347 ], [ 0, %345 ]
  %349 = load ptr, ptr %42, align 8
  %350 = shl i64 %348, 6
  %351 = getelementptr i8, ptr %349, i64 %350
  %352 = getelementptr i64, ptr %351, i64 %339
  %353 = getelementptr i8, ptr %352, i64 -8
  %354 = load i64, ptr %353, align 8
  %355 = load i64, ptr %342, align 8
  %356 = load i64, ptr %352, align 8
  %357 = mul nsw i64 %356, %355
  %358 = sub nsw i64 %354, %357
  %359 = load ptr, ptr %46, align 8
  %360 = getelementptr inbounds nuw ptr, ptr %359, i64 %348
  %361 = load ptr, ptr %360, align 8
  %362 = getelementptr inbounds i8, ptr %361, i64 %358
  store ptr %362, ptr %360, align 8
  %363 = add nuw nsw i64 %348, 1
  %364 = load i64, ptr %17, align 8
  %365 = icmp slt i64 %363, %364
  br i1 %365, label %347, label %366

366:
  %367 = phi i64 [ %338, %345 ], [ %364, %347 ]
  store i64 0, ptr %340, align 8
  %368 = getelementptr i8, ptr %340, i64 -8
  %369 = load i64, ptr %368, align 8
  %370 = add nsw i64 %369, 1
  store i64 %370, ptr %368, align 8
  %371 = add nsw i64 %339, -1
  %372 = icmp sgt i64 %339, 1
  br i1 %372, label %337, label %373

373:
  %374 = phi i64 [ %321, %320 ], [ %367, %366 ], [ %338, %337 ]
  %375 = add nsw i64 %87, %8
  %376 = load i64, ptr %37, align 8
  %377 = icmp slt i64 %375, %376
  br i1 %377, label %85, label %378

378:
  %379 = phi i1 [ false, %194 ], [ true, %35 ], [ true, %373 ], [ false, %270 ]
  ret i1 %379
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

; made of folds.c by generate.py: 63fc5006e8f0dc970c507d55a0073c4ca42a5c79573776b341272e6bf65b1e43

define void @take(ptr %0, i64 %1, ptr %2, i64 %3, i64 %4) {
  %6 = icmp sgt i64 %1, 2
  %7 = icmp eq i64 %3, 4
  br i1 %6, label %8, label %134

8:
  %9 = load double, ptr %0, align 8
  br i1 %7, label %10, label %12

10:
  %11 = tail call fastcc double @largest(double %9, ptr %2, i64 4, i64 %4)
  br label %361

12:
  %13 = insertelement <8 x double> poison, double %9, i64 0
  %14 = shufflevector <8 x double> %13, <8 x double> poison, <8 x i32> zeroinitializer
  %15 = icmp slt i64 %4, 8
  br i1 %15, label %16, label %102

16:
  %17 = phi <8 x double> [ %14, %12 ], [ %113, %102 ]
  %18 = phi <8 x i64> [ zeroinitializer, %12 ], [ %111, %102 ]
  %19 = phi i64 [ 0, %12 ], [ %103, %102 ]
  %20 = extractelement <8 x i64> %18, i64 0
  %21 = icmp eq i64 %20, 0
  %22 = extractelement <8 x double> %17, i64 0
  %23 = select i1 %21, double %22, double 0x7FF8000000000000
  %24 = fcmp ord double %9, 0.000000e+00
  %25 = fcmp ugt double %23, %9
  %26 = and i1 %24, %25
  %27 = select i1 %26, double %23, double %9
  %28 = extractelement <8 x i64> %18, i64 1
  %29 = icmp eq i64 %28, 0
  %30 = extractelement <8 x double> %17, i64 1
  %31 = select i1 %29, double %30, double 0x7FF8000000000000
  %32 = fcmp ord double %27, 0.000000e+00
  %33 = fcmp ugt double %31, %27
  %34 = and i1 %32, %33
  %35 = select i1 %34, double %31, double %27
  %36 = extractelement <8 x i64> %18, i64 2
  %37 = icmp eq i64 %36, 0
  %38 = extractelement <8 x double> %17, i64 2
  %39 = select i1 %37, double %38, double 0x7FF8000000000000
  %40 = fcmp ord double %35, 0.000000e+00
  %41 = fcmp ugt double %39, %35
  %42 = and i1 %40, %41
  %43 = select i1 %42, double %39, double %35
  %44 = extractelement <8 x i64> %18, i64 3
  %45 = icmp eq i64 %44, 0
  %46 = extractelement <8 x double> %17, i64 3
  %47 = select i1 %45, double %46, double 0x7FF8000000000000
  %48 = fcmp ord double %43, 0.000000e+00
  %49 = fcmp ugt double %47, %43
  %50 = and i1 %48, %49
  %51 = select i1 %50, double %47, double %43
  %52 = extractelement <8 x i64> %18, i64 4
  %53 = icmp eq i64 %52, 0
  %54 = extractelement <8 x double> %17, i64 4
  %55 = select i1 %53, double %54, double 0x7FF8000000000000
  %56 = fcmp ord double %51, 0.000000e+00
  %57 = fcmp ugt double %55, %51
  %58 = and i1 %56, %57
  %59 = select i1 %58, double %55, double %51
  %60 = extractelement <8 x i64> %18, i64 5
  %61 = icmp eq i64 %60, 0
  %62 = extractelement <8 x double> %17, i64 5
  %63 = select i1 %61, double %62, double 0x7FF8000000000000
  %64 = fcmp ord double %59, 0.000000e+00
  %65 = fcmp ugt double %63, %59
  %66 = and i1 %64, %65
  %67 = select i1 %66, double %63, double %59
  %68 = extractelement <8 x i64> %18, i64 6
  %69 = icmp eq i64 %68, 0
  %70 = extractelement <8 x double> %17, i64 6
  %71 = select i1 %69, double %70, double 0x7FF8000000000000
  %72 = fcmp ord double %67, 0.000000e+00
  %73 = fcmp ugt double %71, %67
  %74 = and i1 %72, %73
  %75 = select i1 %74, double %71, double %67
  %76 = extractelement <8 x i64> %18, i64 7
  %77 = icmp eq i64 %76, 0
  %78 = extractelement <8 x double> %17, i64 7
  %79 = select i1 %77, double %78, double 0x7FF8000000000000
  %80 = fcmp ord double %75, 0.000000e+00
  %81 = fcmp ugt double %79, %75
  %82 = and i1 %80, %81
  %83 = select i1 %82, double %79, double %75
  %84 = icmp slt i64 %19, %4
  br i1 %84, label %85, label %361

85:
  %86 = or disjoint i64 %19, 1
  %87 = and i64 %4, 1
  %88 = icmp eq i64 %87, 0
  br i1 %88, label %97, label %89

89:
  %90 = getelementptr inbounds nuw double, ptr %2, i64 %19
  %91 = load double, ptr %90, align 8
  %92 = fcmp ord double %83, 0.000000e+00
  %93 = fcmp ugt double %91, %83
  %94 = and i1 %92, %93
  %95 = select i1 %94, double %91, double %83
  %96 = or disjoint i64 %19, 1
  br label %97

97:
  %98 = phi double [ poison, %85 ], [ %95, %89 ]
  %99 = phi double [ %83, %85 ], [ %95, %89 ]
  %100 = phi i64 [ %19, %85 ], [ %96, %89 ]
  %101 = icmp eq i64 %4, %86
  br i1 %101, label %361, label %116

102:
  %103 = phi i64 [ %114, %102 ], [ 8, %12 ]
  %104 = phi i64 [ %103, %102 ], [ 0, %12 ]
  %105 = phi <8 x i64> [ %111, %102 ], [ zeroinitializer, %12 ]
  %106 = phi <8 x double> [ %113, %102 ], [ %14, %12 ]
  %107 = shl nsw i64 %104, 3
  %108 = getelementptr inbounds nuw i8, ptr %2, i64 %107
  %109 = load <8 x double>, ptr %108, align 8
  %110 = fcmp uno <8 x double> %109, zeroinitializer
  %111 = select <8 x i1> %110, <8 x i64> splat (i64 -1), <8 x i64> %105
  %112 = fcmp ogt <8 x double> %109, %106
  %113 = select <8 x i1> %112, <8 x double> %109, <8 x double> %106
  %114 = add nuw nsw i64 %103, 8
  %115 = icmp sgt i64 %114, %4
  br i1 %115, label %16, label %102

116:
  %117 = phi double [ %131, %116 ], [ %99, %97 ]
  %118 = phi i64 [ %132, %116 ], [ %100, %97 ]
  %119 = getelementptr inbounds nuw double, ptr %2, i64 %118
  %120 = load double, ptr %119, align 8
  %121 = fcmp ord double %117, 0.000000e+00
  %122 = fcmp ugt double %120, %117
  %123 = and i1 %121, %122
  %124 = select i1 %123, double %120, double %117
  %125 = getelementptr inbounds nuw double, ptr %2, i64 %118
  %126 = getelementptr inbounds nuw i8, ptr %125, i64 8
  %127 = load double, ptr %126, align 8
  %128 = fcmp ord double %124, 0.000000e+00
  %129 = fcmp ugt double %127, %124
  %130 = and i1 %128, %129
  %131 = select i1 %130, double %127, double %124
  %132 = add nuw nsw i64 %118, 2
  %133 = icmp eq i64 %132, %4
  br i1 %133, label %361, label %116

134:
  %135 = icmp slt i64 %4, 16
  br i1 %7, label %136, label %218

136:
  br i1 %135, label %155, label %137

137:
  %138 = phi i64 [ %151, %137 ], [ 16, %136 ]
  %139 = phi i64 [ %138, %137 ], [ 0, %136 ]
  %140 = phi <8 x double> [ %150, %137 ], [ zeroinitializer, %136 ]
  %141 = phi <8 x double> [ %149, %137 ], [ zeroinitializer, %136 ]
  %142 = shl i64 %139, 2
  %143 = getelementptr i8, ptr %2, i64 %142
  %144 = load <8 x float>, ptr %143, align 4
  %145 = fpext <8 x float> %144 to <8 x double>
  %146 = getelementptr i8, ptr %143, i64 32
  %147 = load <8 x float>, ptr %146, align 4
  %148 = fpext <8 x float> %147 to <8 x double>
  %149 = fadd <8 x double> %141, %145
  %150 = fadd <8 x double> %140, %148
  %151 = add nuw nsw i64 %138, 16
  %152 = icmp sgt i64 %151, %4
  br i1 %152, label %153, label %137

153:
  %154 = fadd <8 x double> %149, %150
  br label %155

155:
  %156 = phi i64 [ 0, %136 ], [ %138, %153 ]
  %157 = phi <8 x double> [ zeroinitializer, %136 ], [ %154, %153 ]
  %158 = extractelement <8 x double> %157, i64 0
  %159 = extractelement <8 x double> %157, i64 1
  %160 = fadd double %158, %159
  %161 = extractelement <8 x double> %157, i64 2
  %162 = extractelement <8 x double> %157, i64 3
  %163 = fadd double %161, %162
  %164 = fadd double %160, %163
  %165 = extractelement <8 x double> %157, i64 4
  %166 = extractelement <8 x double> %157, i64 5
  %167 = fadd double %165, %166
  %168 = extractelement <8 x double> %157, i64 6
  %169 = extractelement <8 x double> %157, i64 7
  %170 = fadd double %168, %169
  %171 = fadd double %167, %170
  %172 = fadd double %164, %171
  %173 = icmp slt i64 %156, %4
  br i1 %173, label %174, label %346

174:
  %175 = and i64 %4, 3
  %176 = icmp eq i64 %175, 0
  br i1 %176, label %188, label %177

177:
  %178 = phi double [ %184, %177 ], [ %172, %174 ]
  %179 = phi i64 [ %185, %177 ], [ %156, %174 ]
  %180 = phi i64 [ %186, %177 ], [ 0, %174 ]
  %181 = getelementptr inbounds nuw float, ptr %2, i64 %179
  %182 = load float, ptr %181, align 4
  %183 = fpext float %182 to double
  %184 = fadd double %178, %183
  %185 = add nuw nsw i64 %179, 1
  %186 = add i64 %180, 1
  %187 = icmp eq i64 %186, %175
  br i1 %187, label %188, label %177

188:
  %189 = phi double [ poison, %174 ], [ %184, %177 ]
  %190 = phi double [ %172, %174 ], [ %184, %177 ]
  %191 = phi i64 [ %156, %174 ], [ %185, %177 ]
  %192 = sub i64 %156, %4
  %193 = icmp ugt i64 %192, -4
  br i1 %193, label %346, label %194

194:
  %195 = phi double [ %215, %194 ], [ %190, %188 ]
  %196 = phi i64 [ %216, %194 ], [ %191, %188 ]
  %197 = getelementptr inbounds nuw float, ptr %2, i64 %196
  %198 = load float, ptr %197, align 4
  %199 = fpext float %198 to double
  %200 = fadd double %195, %199
  %201 = getelementptr inbounds nuw float, ptr %2, i64 %196
  %202 = getelementptr inbounds nuw i8, ptr %201, i64 4
  %203 = load float, ptr %202, align 4
  %204 = fpext float %203 to double
  %205 = fadd double %200, %204
  %206 = getelementptr inbounds nuw float, ptr %2, i64 %196
  %207 = getelementptr inbounds nuw i8, ptr %206, i64 8
  %208 = load float, ptr %207, align 4
  %209 = fpext float %208 to double
  %210 = fadd double %205, %209
  %211 = getelementptr inbounds nuw float, ptr %2, i64 %196
  %212 = getelementptr inbounds nuw i8, ptr %211, i64 12
  %213 = load float, ptr %212, align 4
  %214 = fpext float %213 to double
  %215 = fadd double %210, %214
  %216 = add nuw nsw i64 %196, 4
  %217 = icmp eq i64 %216, %4
  br i1 %217, label %346, label %194

218:
  br i1 %135, label %271, label %219

219:
  %220 = add nsw i64 %4, -16
  %221 = lshr i64 %220, 4
  %222 = add nuw nsw i64 %221, 1
  %223 = and i64 %222, 1
  %224 = icmp eq i64 %221, 0
  br i1 %224, label %253, label %225

225:
  %226 = and i64 %222, 2305843009213693950
  br label %227

227:
  %228 = phi i64 [ 16, %225 ], [ %248, %227 ]
  %229 = phi i64 [ 0, %225 ], [ %240, %227 ]
  %230 = phi <8 x double> [ zeroinitializer, %225 ], [ %247, %227 ]
  %231 = phi <8 x double> [ zeroinitializer, %225 ], [ %246, %227 ]
  %232 = phi i64 [ 0, %225 ], [ %249, %227 ]
  %233 = shl i64 %229, 3
  %234 = getelementptr i8, ptr %2, i64 %233
  %235 = load <8 x double>, ptr %234, align 8
  %236 = getelementptr i8, ptr %234, i64 64
  %237 = load <8 x double>, ptr %236, align 8
  %238 = fadd <8 x double> %231, %235
  %239 = fadd <8 x double> %230, %237
  %240 = add nuw nsw i64 %228, 16
  %241 = shl i64 %228, 3
  %242 = getelementptr i8, ptr %2, i64 %241
  %243 = load <8 x double>, ptr %242, align 8
  %244 = getelementptr i8, ptr %242, i64 64
  %245 = load <8 x double>, ptr %244, align 8
  %246 = fadd <8 x double> %238, %243
  %247 = fadd <8 x double> %239, %245
  %248 = add nuw nsw i64 %228, 32
  %249 = add i64 %232, 2
  %250 = icmp eq i64 %249, %226
  br i1 %250, label %251, label %227

251:
  %252 = icmp eq i64 %223, 0
  br i1 %252, label %266, label %253

253:
  %254 = phi i64 [ 16, %219 ], [ %248, %251 ]
  %255 = phi i64 [ 0, %219 ], [ %240, %251 ]
  %256 = phi <8 x double> [ zeroinitializer, %219 ], [ %247, %251 ]
  %257 = phi <8 x double> [ zeroinitializer, %219 ], [ %246, %251 ]
  %258 = icmp ne i64 %223, 0
  tail call void @llvm.assume(i1 %258)
  %259 = shl i64 %255, 3
  %260 = getelementptr i8, ptr %2, i64 %259
  %261 = load <8 x double>, ptr %260, align 8
  %262 = getelementptr i8, ptr %260, i64 64
  %263 = load <8 x double>, ptr %262, align 8
  %264 = fadd <8 x double> %257, %261
  %265 = fadd <8 x double> %256, %263
  br label %266

266:
  %267 = phi i64 [ %240, %251 ], [ %254, %253 ]
  %268 = phi <8 x double> [ %246, %251 ], [ %264, %253 ]
  %269 = phi <8 x double> [ %247, %251 ], [ %265, %253 ]
  %270 = fadd <8 x double> %268, %269
  br label %271

271:
  %272 = phi i64 [ 0, %218 ], [ %267, %266 ]
  %273 = phi <8 x double> [ zeroinitializer, %218 ], [ %270, %266 ]
  %274 = extractelement <8 x double> %273, i64 0
  %275 = extractelement <8 x double> %273, i64 1
  %276 = fadd double %274, %275
  %277 = extractelement <8 x double> %273, i64 2
  %278 = extractelement <8 x double> %273, i64 3
  %279 = fadd double %277, %278
  %280 = fadd double %276, %279
  %281 = extractelement <8 x double> %273, i64 4
  %282 = extractelement <8 x double> %273, i64 5
  %283 = fadd double %281, %282
  %284 = extractelement <8 x double> %273, i64 6
  %285 = extractelement <8 x double> %273, i64 7
  %286 = fadd double %284, %285
  %287 = fadd double %283, %286
  %288 = fadd double %280, %287
  %289 = icmp slt i64 %272, %4
  br i1 %289, label %290, label %346

290:
  %291 = sub i64 %4, %272
  %292 = and i64 %291, 7
  %293 = icmp eq i64 %292, 0
  br i1 %293, label %304, label %294

294:
  %295 = phi double [ %300, %294 ], [ %288, %290 ]
  %296 = phi i64 [ %301, %294 ], [ %272, %290 ]
  %297 = phi i64 [ %302, %294 ], [ 0, %290 ]
  %298 = getelementptr inbounds nuw double, ptr %2, i64 %296
  %299 = load double, ptr %298, align 8
  %300 = fadd double %295, %299
  %301 = add nuw nsw i64 %296, 1
  %302 = add i64 %297, 1
  %303 = icmp eq i64 %302, %292
  br i1 %303, label %304, label %294

304:
  %305 = phi double [ poison, %290 ], [ %300, %294 ]
  %306 = phi double [ %288, %290 ], [ %300, %294 ]
  %307 = phi i64 [ %272, %290 ], [ %301, %294 ]
  %308 = sub i64 %272, %4
  %309 = icmp ugt i64 %308, -8
  br i1 %309, label %346, label %310

310:
  %311 = phi double [ %343, %310 ], [ %306, %304 ]
  %312 = phi i64 [ %344, %310 ], [ %307, %304 ]
  %313 = getelementptr inbounds nuw double, ptr %2, i64 %312
  %314 = load double, ptr %313, align 8
  %315 = fadd double %311, %314
  %316 = getelementptr inbounds nuw double, ptr %2, i64 %312
  %317 = getelementptr inbounds nuw i8, ptr %316, i64 8
  %318 = load double, ptr %317, align 8
  %319 = fadd double %315, %318
  %320 = getelementptr inbounds nuw double, ptr %2, i64 %312
  %321 = getelementptr inbounds nuw i8, ptr %320, i64 16
  %322 = load double, ptr %321, align 8
  %323 = fadd double %319, %322
  %324 = getelementptr inbounds nuw double, ptr %2, i64 %312
  %325 = getelementptr inbounds nuw i8, ptr %324, i64 24
  %326 = load double, ptr %325, align 8
  %327 = fadd double %323, %326
  %328 = getelementptr inbounds nuw double, ptr %2, i64 %312
  %329 = getelementptr inbounds nuw i8, ptr %328, i64 32
  %330 = load double, ptr %329, align 8
  %331 = fadd double %327, %330
  %332 = getelementptr inbounds nuw double, ptr %2, i64 %312
  %333 = getelementptr inbounds nuw i8, ptr %332, i64 40
  %334 = load double, ptr %333, align 8
  %335 = fadd double %331, %334
  %336 = getelementptr inbounds nuw double, ptr %2, i64 %312
  %337 = getelementptr inbounds nuw i8, ptr %336, i64 48
  %338 = load double, ptr %337, align 8
  %339 = fadd double %335, %338
  %340 = getelementptr inbounds nuw double, ptr %2, i64 %312
  %341 = getelementptr inbounds nuw i8, ptr %340, i64 56
  %342 = load double, ptr %341, align 8
  %343 = fadd double %339, %342
  %344 = add nuw nsw i64 %312, 8
  %345 = icmp eq i64 %344, %4
  br i1 %345, label %346, label %310

346:
  %347 = phi double [ %215, %194 ], [ %172, %155 ], [ %288, %271 ], [ %189, %188 ], [ %305, %304 ], [ %343, %310 ]
  %348 = load double, ptr %0, align 8
  %349 = fadd double %347, %348
  %350 = tail call double @llvm.fabs.f64(double %348)
  %351 = tail call double @llvm.fabs.f64(double %347)
  %352 = fcmp ult double %350, %351
  %353 = fsub double %348, %349
  %354 = fadd double %347, %353
  %355 = fsub double %347, %349
  %356 = fadd double %348, %355
  %357 = select i1 %352, double %356, double %354
  %358 = getelementptr inbounds nuw i8, ptr %0, i64 8
  %359 = load double, ptr %358, align 8
  %360 = fadd double %359, %357
  store double %360, ptr %358, align 8
  br label %361

361:
  %362 = phi double [ %349, %346 ], [ %11, %10 ], [ %83, %16 ], [ %98, %97 ], [ %131, %116 ]
  store double %362, ptr %0, align 8
  ret void
}

define internal fastcc double @largest(double %0, ptr %1, i64 %2, i64 %3) {
  %5 = insertelement <8 x double> poison, double %0, i64 0
  %6 = shufflevector <8 x double> %5, <8 x double> poison, <8 x i32> zeroinitializer
  %7 = icmp slt i64 %3, 8
  br i1 %7, label %10, label %8

8:
  %9 = icmp eq i64 %2, 4
  br label %79

10:
  %11 = phi <8 x double> [ %6, %4 ], [ %98, %93 ]
  %12 = phi <8 x i64> [ zeroinitializer, %4 ], [ %96, %93 ]
  %13 = phi i64 [ 0, %4 ], [ %80, %93 ]
  %14 = extractelement <8 x i64> %12, i64 0
  %15 = icmp eq i64 %14, 0
  %16 = extractelement <8 x double> %11, i64 0
  %17 = select i1 %15, double %16, double 0x7FF8000000000000
  %18 = fcmp ord double %0, 0.000000e+00
  %19 = fcmp ugt double %17, %0
  %20 = and i1 %18, %19
  %21 = select i1 %20, double %17, double %0
  %22 = extractelement <8 x i64> %12, i64 1
  %23 = icmp eq i64 %22, 0
  %24 = extractelement <8 x double> %11, i64 1
  %25 = select i1 %23, double %24, double 0x7FF8000000000000
  %26 = fcmp ord double %21, 0.000000e+00
  %27 = fcmp ugt double %25, %21
  %28 = and i1 %26, %27
  %29 = select i1 %28, double %25, double %21
  %30 = extractelement <8 x i64> %12, i64 2
  %31 = icmp eq i64 %30, 0
  %32 = extractelement <8 x double> %11, i64 2
  %33 = select i1 %31, double %32, double 0x7FF8000000000000
  %34 = fcmp ord double %29, 0.000000e+00
  %35 = fcmp ugt double %33, %29
  %36 = and i1 %34, %35
  %37 = select i1 %36, double %33, double %29
  %38 = extractelement <8 x i64> %12, i64 3
  %39 = icmp eq i64 %38, 0
  %40 = extractelement <8 x double> %11, i64 3
  %41 = select i1 %39, double %40, double 0x7FF8000000000000
  %42 = fcmp ord double %37, 0.000000e+00
  %43 = fcmp ugt double %41, %37
  %44 = and i1 %42, %43
  %45 = select i1 %44, double %41, double %37
  %46 = extractelement <8 x i64> %12, i64 4
  %47 = icmp eq i64 %46, 0
  %48 = extractelement <8 x double> %11, i64 4
  %49 = select i1 %47, double %48, double 0x7FF8000000000000
  %50 = fcmp ord double %45, 0.000000e+00
  %51 = fcmp ugt double %49, %45
  %52 = and i1 %50, %51
  %53 = select i1 %52, double %49, double %45
  %54 = extractelement <8 x i64> %12, i64 5
  %55 = icmp eq i64 %54, 0
  %56 = extractelement <8 x double> %11, i64 5
  %57 = select i1 %55, double %56, double 0x7FF8000000000000
  %58 = fcmp ord double %53, 0.000000e+00
  %59 = fcmp ugt double %57, %53
  %60 = and i1 %58, %59
  %61 = select i1 %60, double %57, double %53
  %62 = extractelement <8 x i64> %12, i64 6
  %63 = icmp eq i64 %62, 0
  %64 = extractelement <8 x double> %11, i64 6
  %65 = select i1 %63, double %64, double 0x7FF8000000000000
  %66 = fcmp ord double %61, 0.000000e+00
  %67 = fcmp ugt double %65, %61
  %68 = and i1 %66, %67
  %69 = select i1 %68, double %65, double %61
  %70 = extractelement <8 x i64> %12, i64 7
  %71 = icmp eq i64 %70, 0
  %72 = extractelement <8 x double> %11, i64 7
  %73 = select i1 %71, double %72, double 0x7FF8000000000000
  %74 = fcmp ord double %69, 0.000000e+00
  %75 = fcmp ugt double %73, %69
  %76 = and i1 %74, %75
  %77 = select i1 %76, double %73, double %69
  %78 = icmp slt i64 %13, %3
  br i1 %78, label %101, label %158

79:
  %80 = phi i64 [ 8, %8 ], [ %99, %93 ]
  %81 = phi i64 [ 0, %8 ], [ %80, %93 ]
  %82 = phi <8 x i64> [ zeroinitializer, %8 ], [ %96, %93 ]
  %83 = phi <8 x double> [ %6, %8 ], [ %98, %93 ]
  br i1 %9, label %84, label %89

84:
  %85 = shl nsw i64 %81, 2
  %86 = getelementptr inbounds nuw i8, ptr %1, i64 %85
  %87 = load <8 x float>, ptr %86, align 4
  %88 = fpext <8 x float> %87 to <8 x double>
  br label %93

89:
  %90 = shl nsw i64 %81, 3
  %91 = getelementptr inbounds nuw i8, ptr %1, i64 %90
  %92 = load <8 x double>, ptr %91, align 8
  br label %93

93:
  %94 = phi <8 x double> [ %88, %84 ], [ %92, %89 ]
  %95 = fcmp uno <8 x double> %94, zeroinitializer
  %96 = select <8 x i1> %95, <8 x i64> splat (i64 -1), <8 x i64> %82
  %97 = fcmp ogt <8 x double> %94, %83
  %98 = select <8 x i1> %97, <8 x double> %94, <8 x double> %83
  %99 = add nuw nsw i64 %80, 8
  %100 = icmp sgt i64 %99, %3
  br i1 %100, label %10, label %79

101:
  %102 = icmp eq i64 %2, 4
  %103 = or disjoint i64 %13, 1
  %104 = and i64 %3, 1
  %105 = icmp eq i64 %104, 0
  br i1 %105, label %121, label %106

106:
  br i1 %102, label %110, label %107

107:
  %108 = getelementptr inbounds nuw double, ptr %1, i64 %13
  %109 = load double, ptr %108, align 8
  br label %114

110:
  %111 = getelementptr inbounds nuw float, ptr %1, i64 %13
  %112 = load float, ptr %111, align 4
  %113 = fpext float %112 to double
  br label %114

114:
  %115 = phi double [ %113, %110 ], [ %109, %107 ]
  %116 = fcmp ord double %77, 0.000000e+00
  %117 = fcmp ugt double %115, %77
  %118 = and i1 %116, %117
  %119 = select i1 %118, double %115, double %77
  %120 = or disjoint i64 %13, 1
  br label %121

121:
  %122 = phi double [ poison, %101 ], [ %119, %114 ]
  %123 = phi double [ %77, %101 ], [ %119, %114 ]
  %124 = phi i64 [ %13, %101 ], [ %120, %114 ]
  %125 = icmp eq i64 %3, %103
  br i1 %125, label %158, label %126

126:
  %127 = phi double [ %155, %150 ], [ %123, %121 ]
  %128 = phi i64 [ %156, %150 ], [ %124, %121 ]
  br i1 %102, label %129, label %133

129:
  %130 = getelementptr inbounds nuw float, ptr %1, i64 %128
  %131 = load float, ptr %130, align 4
  %132 = fpext float %131 to double
  br label %136

133:
  %134 = getelementptr inbounds nuw double, ptr %1, i64 %128
  %135 = load double, ptr %134, align 8
  br label %136

136:
  %137 = phi double [ %132, %129 ], [ %135, %133 ]
  %138 = fcmp ord double %127, 0.000000e+00
  %139 = fcmp ugt double %137, %127
  %140 = and i1 %138, %139
  %141 = select i1 %140, double %137, double %127
  %142 = add nuw nsw i64 %128, 1
  br i1 %102, label %146, label %143

143:
  %144 = getelementptr inbounds nuw double, ptr %1, i64 %142
  %145 = load double, ptr %144, align 8
  br label %150

146:
  %147 = getelementptr inbounds nuw float, ptr %1, i64 %142
  %148 = load float, ptr %147, align 4
  %149 = fpext float %148 to double
  br label %150

150:
  %151 = phi double [ %149, %146 ], [ %145, %143 ]
  %152 = fcmp ord double %141, 0.000000e+00
  %153 = fcmp ugt double %151, %141
  %154 = and i1 %152, %153
  %155 = select i1 %154, double %151, double %141
  %156 = add nuw nsw i64 %128, 2
  %157 = icmp eq i64 %156, %3
  br i1 %157, label %158, label %126

158:
  %159 = phi double [ %77, %10 ], [ %122, %121 ], [ %155, %150 ]
  ret double %159
}

declare double @llvm.fabs.f64(double)

declare void @llvm.assume(i1)

; made of nested.c by generate.py: 15569a4b278c2766c4c57e15ea1b86c9f558c1f5d262eff62bf45f0a6d5c0d11

%struct.Object = type opaque

@TYPE_OFFSET = external global i8, align 1
@SLOWLY = external global %struct.Object, align 1
@FLOAT_TYPE = external global %struct.Object, align 1
@DOUBLE = external global %struct.Object, align 1
@ARRAY_TYPE = external global %struct.Object, align 1

define ptr @nested(ptr %0, ptr %1, i64 %2, ptr %3) {
  %5 = alloca [64 x double], align 16
  %6 = getelementptr inbounds i8, ptr %0, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %7 = load ptr, ptr %6, align 8
  %8 = icmp eq ptr %7, null
  %9 = icmp ne ptr %3, null
  %10 = or i1 %9, %8
  br i1 %10, label %18, label %11

11:
  %12 = tail call ptr @PyCapsule_GetPointer(ptr %7, ptr null)
  %13 = icmp eq ptr %12, null
  br i1 %13, label %18, label %14

14:
  %15 = getelementptr inbounds nuw i8, ptr %12, i64 8
  %16 = load i64, ptr %15, align 8
  %17 = icmp eq i64 %2, %16
  br i1 %17, label %20, label %18

18:
  %19 = tail call fastcc ptr @slowly(ptr %0, ptr %1, i64 %2, ptr %3)
  br label %248

20:
  %21 = load ptr, ptr %12, align 8
  %22 = getelementptr inbounds nuw i8, ptr %12, i64 24
  %23 = load i64, ptr %22, align 8
  %24 = icmp eq i64 %23, 0
  br i1 %24, label %28, label %25

25:
  %26 = getelementptr inbounds nuw i8, ptr %21, i64 16
  %27 = load i64, ptr %26, align 8
  br label %35

28:
  %29 = getelementptr inbounds nuw i8, ptr %12, i64 40
  %30 = load ptr, ptr %29, align 8
  %31 = load i64, ptr %30, align 8
  %32 = icmp sgt i64 %31, -1
  %33 = getelementptr inbounds nuw i8, ptr %21, i64 16
  %34 = load i64, ptr %33, align 8
  br i1 %32, label %40, label %35

35:
  %36 = phi i64 [ %27, %25 ], [ %34, %28 ]
  %37 = phi ptr [ %26, %25 ], [ %33, %28 ]
  %38 = getelementptr inbounds nuw i8, ptr %21, i64 24
  %39 = load i64, ptr %38, align 8
  br label %40

40:
  %41 = phi i64 [ %36, %35 ], [ %34, %28 ]
  %42 = phi ptr [ %37, %35 ], [ %33, %28 ]
  %43 = phi i1 [ false, %35 ], [ true, %28 ]
  %44 = phi i64 [ %39, %35 ], [ 0, %28 ]
  %45 = add nsw i64 %44, %41
  %46 = icmp slt i64 %45, 65
  br i1 %46, label %56, label %47

47:
  %48 = shl i64 %45, 3
  %49 = tail call ptr @PyMem_RawMalloc(i64 %48)
  %50 = icmp eq ptr %49, null
  br i1 %50, label %54, label %51

51:
  %52 = load i64, ptr %42, align 8
  %53 = load i64, ptr %15, align 8
  br label %56

54:
  %55 = tail call ptr @PyErr_NoMemory()
  br label %248

56:
  %57 = phi i64 [ %2, %40 ], [ %53, %51 ]
  %58 = phi i64 [ %41, %40 ], [ %52, %51 ]
  %59 = phi ptr [ %5, %40 ], [ %49, %51 ]
  %60 = getelementptr inbounds double, ptr %59, i64 %58
  %61 = icmp slt i64 %57, 1
  br i1 %61, label %110, label %62

62:
  %63 = getelementptr inbounds nuw i8, ptr %12, i64 32
  br label %64

64:
  %65 = phi ptr [ %59, %62 ], [ %106, %105 ]
  %66 = phi i64 [ 0, %62 ], [ %107, %105 ]
  %67 = load ptr, ptr %63, align 8
  %68 = getelementptr inbounds nuw i64, ptr %67, i64 %66
  %69 = load i64, ptr %68, align 8
  %70 = icmp slt i64 %69, 0
  %71 = getelementptr inbounds nuw ptr, ptr %1, i64 %66
  %72 = load ptr, ptr %71, align 8
  %73 = getelementptr inbounds i8, ptr %72, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %74 = load ptr, ptr %73, align 8
  br i1 %70, label %75, label %80

75:
  %76 = icmp eq ptr %74, @FLOAT_TYPE
  br i1 %76, label %77, label %240

77:
  %78 = tail call double @PyFloat_AsDouble(ptr %72)
  %79 = getelementptr inbounds nuw i8, ptr %65, i64 8
  store double %78, ptr %65, align 8
  br label %105

80:
  %81 = icmp eq ptr %74, @ARRAY_TYPE
  br i1 %81, label %82, label %240

82:
  %83 = getelementptr inbounds i8, ptr %72, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 16)
  %84 = load i32, ptr %83, align 8
  %85 = icmp eq i32 %84, 1
  br i1 %85, label %86, label %240

86:
  %87 = getelementptr inbounds i8, ptr %72, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 48)
  %88 = load ptr, ptr %87, align 8
  %89 = icmp eq ptr %88, @DOUBLE
  br i1 %89, label %90, label %240

90:
  %91 = getelementptr inbounds i8, ptr %72, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 24)
  %92 = load ptr, ptr %91, align 8
  %93 = load i64, ptr %92, align 8
  %94 = icmp eq i64 %93, %69
  br i1 %94, label %95, label %240

95:
  %96 = getelementptr inbounds i8, ptr %72, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 32)
  %97 = load ptr, ptr %96, align 8
  %98 = load i64, ptr %97, align 8
  %99 = icmp eq i64 %98, 8
  br i1 %99, label %100, label %240

100:
  %101 = getelementptr inbounds i8, ptr %72, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %102 = load ptr, ptr %101, align 8
  %103 = shl i64 %69, 3
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %65, ptr align 1 %102, i64 %103, i1 false)
  %104 = getelementptr inbounds nuw double, ptr %65, i64 %69
  br label %105

105:
  %106 = phi ptr [ %79, %77 ], [ %104, %100 ]
  %107 = add nuw nsw i64 %66, 1
  %108 = load i64, ptr %15, align 8
  %109 = icmp slt i64 %107, %108
  br i1 %109, label %64, label %110

110:
  br i1 %43, label %111, label %128

111:
  %112 = getelementptr inbounds nuw i8, ptr %12, i64 48
  %113 = load ptr, ptr %112, align 8
  %114 = load ptr, ptr %113, align 8
  %115 = tail call ptr @PyObject_CallNoArgs(ptr %114)
  %116 = icmp eq ptr %115, null
  br i1 %116, label %240, label %117

117:
  %118 = load ptr, ptr %12, align 8
  %119 = getelementptr inbounds i8, ptr %115, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %120 = load ptr, ptr %119, align 8
  %121 = getelementptr inbounds nuw i8, ptr %118, i64 56
  %122 = load ptr, ptr %121, align 8
  %123 = getelementptr inbounds nuw i8, ptr %118, i64 8
  %124 = load ptr, ptr %123, align 8
  %125 = call i1 %122(ptr %124, ptr %59, ptr %120)
  br i1 %125, label %240, label %126

126:
  %127 = call ptr @PyErr_NoMemory()
  call void @Py_DecRef(ptr %115)
  br label %240

128:
  %129 = getelementptr inbounds nuw i8, ptr %21, i64 56
  %130 = load ptr, ptr %129, align 8
  %131 = getelementptr inbounds nuw i8, ptr %21, i64 8
  %132 = load ptr, ptr %131, align 8
  %133 = call i1 %130(ptr %132, ptr %59, ptr %60)
  br i1 %133, label %136, label %134

134:
  %135 = call ptr @PyErr_NoMemory()
  br label %240

136:
  %137 = load i64, ptr %22, align 8
  %138 = icmp eq i64 %137, 0
  br i1 %138, label %139, label %169

139:
  %140 = getelementptr inbounds nuw i8, ptr %12, i64 40
  %141 = load ptr, ptr %140, align 8
  %142 = load i64, ptr %141, align 8
  %143 = icmp slt i64 %142, 0
  br i1 %143, label %144, label %157

144:
  %145 = load ptr, ptr %12, align 8
  %146 = load double, ptr %60, align 8
  %147 = getelementptr inbounds nuw i8, ptr %145, i64 48
  %148 = load ptr, ptr %147, align 8
  %149 = load i64, ptr %148, align 8
  %150 = icmp eq i64 %149, 1
  br i1 %150, label %151, label %155

151:
  %152 = fcmp une double %146, 0.000000e+00
  %153 = zext i1 %152 to i64
  %154 = call ptr @PyBool_FromLong(i64 %153)
  br label %240

155:
  %156 = call ptr @PyFloat_FromDouble(double %146)
  br label %240

157:
  %158 = getelementptr inbounds nuw i8, ptr %12, i64 48
  %159 = load ptr, ptr %158, align 8
  %160 = load ptr, ptr %159, align 8
  %161 = call ptr @PyObject_CallNoArgs(ptr %160)
  %162 = icmp eq ptr %161, null
  br i1 %162, label %240, label %163

163:
  %164 = getelementptr inbounds i8, ptr %161, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %165 = load ptr, ptr %164, align 8
  %166 = load ptr, ptr %140, align 8
  %167 = load i64, ptr %166, align 8
  %168 = shl i64 %167, 3
  call void @llvm.memcpy.p0.p0.i64(ptr align 1 %165, ptr align 8 %60, i64 %168, i1 false)
  br label %240

169:
  %170 = icmp eq i64 %137, 1
  %171 = getelementptr inbounds nuw i8, ptr %12, i64 16
  %172 = load i64, ptr %171, align 8
  br i1 %170, label %173, label %175

173:
  %174 = call ptr @PyList_New(i64 %172)
  br label %177

175:
  %176 = call ptr @PyTuple_New(i64 %172)
  br label %177

177:
  %178 = phi ptr [ %174, %173 ], [ %176, %175 ]
  %179 = icmp eq ptr %178, null
  br i1 %179, label %240, label %180

180:
  %181 = getelementptr inbounds nuw i8, ptr %12, i64 40
  %182 = getelementptr inbounds nuw i8, ptr %12, i64 48
  %183 = select i1 %170, ptr @PyList_SetItem, ptr @PyTuple_SetItem
  %184 = load i64, ptr %171, align 8
  %185 = icmp sgt i64 %184, 0
  br i1 %185, label %186, label %240

186:
  %187 = load ptr, ptr %181, align 8
  br label %188

188:
  %189 = phi ptr [ %231, %228 ], [ %187, %186 ]
  %190 = phi i64 [ %236, %228 ], [ 0, %186 ]
  %191 = phi i64 [ %237, %228 ], [ 0, %186 ]
  %192 = getelementptr inbounds nuw i64, ptr %189, i64 %191
  %193 = load i64, ptr %192, align 8
  %194 = icmp slt i64 %193, 0
  br i1 %194, label %195, label %210

195:
  %196 = load ptr, ptr %12, align 8
  %197 = getelementptr inbounds nuw double, ptr %60, i64 %190
  %198 = load double, ptr %197, align 8
  %199 = getelementptr inbounds nuw i8, ptr %196, i64 48
  %200 = load ptr, ptr %199, align 8
  %201 = getelementptr inbounds nuw i64, ptr %200, i64 %190
  %202 = load i64, ptr %201, align 8
  %203 = icmp eq i64 %202, 1
  br i1 %203, label %204, label %208

204:
  %205 = fcmp une double %198, 0.000000e+00
  %206 = zext i1 %205 to i64
  %207 = call ptr @PyBool_FromLong(i64 %206)
  br label %224

208:
  %209 = call ptr @PyFloat_FromDouble(double %198)
  br label %224

210:
  %211 = load ptr, ptr %182, align 8
  %212 = getelementptr inbounds nuw ptr, ptr %211, i64 %191
  %213 = load ptr, ptr %212, align 8
  %214 = call ptr @PyObject_CallNoArgs(ptr %213)
  %215 = icmp eq ptr %214, null
  br i1 %215, label %227, label %216

216:
  %217 = getelementptr inbounds i8, ptr %214, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %218 = load ptr, ptr %217, align 8
  %219 = getelementptr inbounds nuw double, ptr %60, i64 %190
  %220 = load ptr, ptr %181, align 8
  %221 = getelementptr inbounds nuw i64, ptr %220, i64 %191
  %222 = load i64, ptr %221, align 8
  %223 = shl i64 %222, 3
  call void @llvm.memcpy.p0.p0.i64(ptr align 1 %218, ptr align 8 %219, i64 %223, i1 false)
  br label %228

224:
  %225 = phi ptr [ %209, %208 ], [ %207, %204 ]
  %226 = icmp eq ptr %225, null
  br i1 %226, label %227, label %228

227:
  call void @Py_DecRef(ptr %178)
  br label %240

228:
  %229 = phi ptr [ %214, %216 ], [ %225, %224 ]
  %230 = call i32 %183(ptr %178, i64 %191, ptr %229)
  %231 = load ptr, ptr %181, align 8
  %232 = getelementptr inbounds nuw i64, ptr %231, i64 %191
  %233 = load i64, ptr %232, align 8
  %234 = icmp slt i64 %233, 0
  %235 = select i1 %234, i64 1, i64 %233
  %236 = add nuw nsw i64 %235, %190
  %237 = add nuw nsw i64 %191, 1
  %238 = load i64, ptr %171, align 8
  %239 = icmp slt i64 %237, %238
  br i1 %239, label %188, label %240

240:
  %241 = phi i1 [ true, %126 ], [ true, %155 ], [ true, %134 ], [ true, %111 ], [ true, %117 ], [ true, %157 ], [ true, %163 ], [ true, %177 ], [ true, %227 ], [ true, %180 ], [ true, %151 ], [ true, %228 ], [ false, %82 ], [ false, %80 ], [ false, %86 ], [ false, %90 ], [ false, %95 ], [ false, %75 ]
  %242 = phi ptr [ null, %126 ], [ %156, %155 ], [ null, %134 ], [ null, %111 ], [ %115, %117 ], [ null, %157 ], [ %161, %163 ], [ null, %177 ], [ null, %227 ], [ %178, %180 ], [ %154, %151 ], [ %178, %228 ], [ null, %82 ], [ null, %80 ], [ null, %86 ], [ null, %90 ], [ null, %95 ], [ null, %75 ]
  %243 = icmp eq ptr %59, %5
  br i1 %243, label %245, label %244

244:
  call void @PyMem_RawFree(ptr %59)
  br label %245

245:
  br i1 %241, label %248, label %246

246:
  %247 = call fastcc ptr @slowly(ptr %0, ptr %1, i64 %2, ptr null)
  br label %248

248:
  %249 = phi ptr [ %19, %18 ], [ null, %54 ], [ %247, %246 ], [ %242, %245 ]
  ret ptr %249
}

declare ptr @PyCapsule_GetPointer(ptr, ptr)

define internal fastcc ptr @slowly(ptr %0, ptr %1, i64 %2, ptr %3) {
  %5 = alloca [64 x ptr], align 16
  %6 = add nsw i64 %2, 1
  %7 = icmp eq ptr %3, null
  br i1 %7, label %10, label %8

8:
  %9 = tail call i64 @PyTuple_Size(ptr %3)
  br label %10

10:
  %11 = phi i64 [ %9, %8 ], [ 0, %4 ]
  %12 = add nsw i64 %11, %6
  %13 = icmp slt i64 %12, 65
  br i1 %13, label %21, label %14

14:
  %15 = shl i64 %12, 3
  %16 = tail call ptr @PyMem_RawMalloc(i64 %15)
  %17 = icmp eq ptr %16, null
  br i1 %17, label %19, label %18

18:
  store ptr %0, ptr %16, align 8
  br label %25

19:
  %20 = tail call ptr @PyErr_NoMemory()
  br label %39

21:
  store ptr %0, ptr %5, align 16
  %22 = icmp sgt i64 %12, 1
  br i1 %22, label %25, label %23

23:
  %24 = call ptr @PyObject_VectorcallMethod(ptr @SLOWLY, ptr %5, i64 %6, ptr %3)
  br label %39

25:
  %26 = phi ptr [ %16, %18 ], [ %5, %21 ]
  br label %27

27:
  %28 = phi i64 [ %33, %27 ], [ 1, %25 ]
  %29 = getelementptr ptr, ptr %1, i64 %28
  %30 = getelementptr i8, ptr %29, i64 -8
  %31 = load ptr, ptr %30, align 8
  %32 = getelementptr inbounds nuw ptr, ptr %26, i64 %28
  store ptr %31, ptr %32, align 8
  %33 = add nuw nsw i64 %28, 1
  %34 = icmp eq i64 %33, %12
  br i1 %34, label %35, label %27

35:
  %36 = call ptr @PyObject_VectorcallMethod(ptr @SLOWLY, ptr %26, i64 %6, ptr %3)
  %37 = icmp eq ptr %26, %5
  br i1 %37, label %39, label %38

38:
  call void @PyMem_RawFree(ptr %26)
  br label %39

39:
  %40 = phi ptr [ %20, %19 ], [ %36, %38 ], [ %36, %35 ], [ %24, %23 ]
  ret ptr %40
}

declare i64 @PyTuple_Size(ptr)

declare ptr @PyMem_RawMalloc(i64)

declare ptr @PyErr_NoMemory()

declare ptr @PyObject_VectorcallMethod(ptr, ptr, i64, ptr)

declare void @PyMem_RawFree(ptr)

declare double @PyFloat_AsDouble(ptr)

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1 immarg)

declare ptr @PyObject_CallNoArgs(ptr)

declare void @Py_DecRef(ptr)

declare ptr @PyList_New(i64)

declare ptr @PyTuple_New(i64)

declare i32 @PyList_SetItem(ptr, i64, ptr)

declare i32 @PyTuple_SetItem(ptr, i64, ptr)

declare ptr @PyBool_FromLong(i64)

declare ptr @PyFloat_FromDouble(double)

; made of point.c by generate.py: 5b451ba3c952897bf3ca8b48938a7f130e6ac95fc7d224c262fc4a45c7cb990d

%struct.Object = type opaque

@FLOAT_TYPE = external global %struct.Object, align 1
@TYPE_ERROR = external global %struct.Object, align 1
@.str = private constant [26 x i8] c"wrong number of arguments\00", align 1
@TYPE_OFFSET = external global i8, align 1
@ARRAY_TYPE = external global %struct.Object, align 1
@.str.1 = private constant [55 x i8] c"not arrays of one dimension and of the expected length\00", align 1
@NONE = external global %struct.Object, align 1
@SLOWLY = external global %struct.Object, align 1

define ptr @scalar(ptr %0, ptr %1, i64 %2) {
  %4 = alloca [64 x double], align 16
  %5 = tail call ptr @PyCapsule_GetPointer(ptr %0, ptr null)
  %6 = getelementptr inbounds nuw i8, ptr %5, i64 16
  %7 = load i64, ptr %6, align 8
  %8 = icmp eq i64 %2, %7
  br i1 %8, label %10, label %9

9:
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str)
  br label %84

10:
  %11 = getelementptr inbounds nuw i8, ptr %5, i64 24
  %12 = load i64, ptr %11, align 8
  %13 = add nsw i64 %12, %2
  %14 = icmp slt i64 %13, 65
  br i1 %14, label %23, label %15

15:
  %16 = shl i64 %13, 3
  %17 = tail call ptr @PyMem_RawMalloc(i64 %16)
  %18 = icmp eq ptr %17, null
  br i1 %18, label %21, label %19

19:
  %20 = load i64, ptr %6, align 8
  br label %23

21:
  %22 = tail call ptr @PyErr_NoMemory()
  br label %84

23:
  %24 = phi i64 [ %2, %10 ], [ %20, %19 ]
  %25 = phi ptr [ %4, %10 ], [ %17, %19 ]
  %26 = getelementptr inbounds double, ptr %25, i64 %24
  %27 = icmp slt i64 %24, 1
  br i1 %27, label %41, label %28

28:
  %29 = phi i64 [ %39, %38 ], [ 0, %23 ]
  %30 = getelementptr inbounds nuw ptr, ptr %1, i64 %29
  %31 = load ptr, ptr %30, align 8
  %32 = tail call double @PyFloat_AsDouble(ptr %31)
  %33 = getelementptr inbounds nuw double, ptr %25, i64 %29
  store double %32, ptr %33, align 8
  %34 = fcmp oeq double %32, -1.000000e+00
  br i1 %34, label %35, label %38

35:
  %36 = tail call ptr @PyErr_Occurred()
  %37 = icmp eq ptr %36, null
  br i1 %37, label %38, label %80

38:
  %39 = add nuw nsw i64 %29, 1
  %40 = icmp eq i64 %39, %24
  br i1 %40, label %41, label %28

41:
  %42 = getelementptr inbounds nuw i8, ptr %5, i64 56
  %43 = load ptr, ptr %42, align 8
  %44 = getelementptr inbounds nuw i8, ptr %5, i64 8
  %45 = load ptr, ptr %44, align 8
  %46 = call i1 %43(ptr %45, ptr %25, ptr %26)
  br i1 %46, label %49, label %47

47:
  %48 = call ptr @PyErr_NoMemory()
  br label %80

49:
  %50 = load i64, ptr %11, align 8
  %51 = call ptr @PyTuple_New(i64 %50)
  %52 = icmp eq ptr %51, null
  br i1 %52, label %80, label %53

53:
  %54 = getelementptr inbounds nuw i8, ptr %5, i64 48
  %55 = load i64, ptr %11, align 8
  %56 = icmp sgt i64 %55, 0
  br i1 %56, label %57, label %80

57:
  %58 = phi i64 [ %77, %75 ], [ 0, %53 ]
  %59 = getelementptr inbounds nuw double, ptr %26, i64 %58
  %60 = load double, ptr %59, align 8
  %61 = load ptr, ptr %54, align 8
  %62 = getelementptr inbounds nuw i64, ptr %61, i64 %58
  %63 = load i64, ptr %62, align 8
  %64 = icmp eq i64 %63, 1
  br i1 %64, label %65, label %69

65:
  %66 = fcmp une double %60, 0.000000e+00
  %67 = zext i1 %66 to i64
  %68 = call ptr @PyBool_FromLong(i64 %67)
  br label %71

69:
  %70 = call ptr @PyFloat_FromDouble(double %60)
  br label %71

71:
  %72 = phi ptr [ %68, %65 ], [ %70, %69 ]
  %73 = icmp eq ptr %72, null
  br i1 %73, label %74, label %75

74:
  call void @Py_DecRef(ptr %51)
  br label %80

75:
  %76 = call i32 @PyTuple_SetItem(ptr %51, i64 %58, ptr %72)
  %77 = add nuw nsw i64 %58, 1
  %78 = load i64, ptr %11, align 8
  %79 = icmp slt i64 %77, %78
  br i1 %79, label %57, label %80

80:
  %81 = phi ptr [ %51, %53 ], [ null, %47 ], [ null, %74 ], [ null, %49 ], [ %51, %75 ], [ null, %35 ]
  %82 = icmp eq ptr %25, %4
  br i1 %82, label %84, label %83

83:
  call void @PyMem_RawFree(ptr %25)
  br label %84

84:
  %85 = phi ptr [ null, %9 ], [ null, %21 ], [ %81, %80 ], [ %81, %83 ]
  ret ptr %85
}

define ptr @point(ptr %0, ptr %1, i64 %2) {
  %4 = alloca [64 x double], align 16
  %5 = tail call ptr @PyCapsule_GetPointer(ptr %0, ptr null)
  %6 = getelementptr inbounds nuw i8, ptr %5, i64 16
  %7 = load i64, ptr %6, align 8
  %8 = add nsw i64 %7, 1
  %9 = icmp eq i64 %2, %8
  br i1 %9, label %11, label %10

10:
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str)
  br label %102

11:
  %12 = load ptr, ptr %1, align 8
  %13 = getelementptr inbounds i8, ptr %12, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %14 = load ptr, ptr %13, align 8
  %15 = icmp eq ptr %14, @ARRAY_TYPE
  br i1 %15, label %16, label %34

16:
  %17 = getelementptr inbounds i8, ptr %12, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 16)
  %18 = load i32, ptr %17, align 8
  %19 = icmp eq i32 %18, 1
  br i1 %19, label %20, label %34

20:
  %21 = getelementptr inbounds i8, ptr %12, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 24)
  %22 = load ptr, ptr %21, align 8
  %23 = load i64, ptr %22, align 8
  %24 = getelementptr inbounds nuw i8, ptr %5, i64 24
  %25 = load i64, ptr %24, align 8
  %26 = icmp eq i64 %23, %25
  br i1 %26, label %27, label %34

27:
  %28 = getelementptr inbounds i8, ptr %12, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 32)
  %29 = load ptr, ptr %28, align 8
  %30 = load i64, ptr %29, align 8
  %31 = getelementptr inbounds nuw i8, ptr %5, i64 40
  %32 = load i64, ptr %31, align 8
  %33 = icmp eq i64 %30, %32
  br i1 %33, label %35, label %34

34:
  tail call void @PyErr_SetString(ptr @TYPE_ERROR, ptr @.str.1)
  br label %102

35:
  %36 = icmp eq i64 %30, 4
  %37 = select i1 %36, i64 %23, i64 0
  %38 = add nsw i64 %37, %7
  %39 = icmp slt i64 %38, 65
  br i1 %39, label %46, label %40

40:
  %41 = shl i64 %38, 3
  %42 = tail call ptr @PyMem_RawMalloc(i64 %41)
  %43 = icmp eq ptr %42, null
  br i1 %43, label %44, label %46

44:
  %45 = tail call ptr @PyErr_NoMemory()
  br label %102

46:
  %47 = phi ptr [ %4, %35 ], [ %42, %40 ]
  br i1 %36, label %48, label %51

48:
  %49 = load i64, ptr %6, align 8
  %50 = getelementptr inbounds double, ptr %47, i64 %49
  br label %55

51:
  %52 = getelementptr inbounds i8, ptr %12, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %53 = load ptr, ptr %52, align 8
  %54 = load i64, ptr %6, align 8
  br label %55

55:
  %56 = phi i64 [ %54, %51 ], [ %49, %48 ]
  %57 = phi ptr [ %53, %51 ], [ %50, %48 ]
  %58 = getelementptr inbounds nuw i8, ptr %1, i64 8
  %59 = icmp slt i64 %56, 1
  br i1 %59, label %73, label %60

60:
  %61 = phi i64 [ %71, %70 ], [ 0, %55 ]
  %62 = getelementptr inbounds nuw ptr, ptr %58, i64 %61
  %63 = load ptr, ptr %62, align 8
  %64 = tail call double @PyFloat_AsDouble(ptr %63)
  %65 = getelementptr inbounds nuw double, ptr %47, i64 %61
  store double %64, ptr %65, align 8
  %66 = fcmp oeq double %64, -1.000000e+00
  br i1 %66, label %67, label %70

67:
  %68 = tail call ptr @PyErr_Occurred()
  %69 = icmp eq ptr %68, null
  br i1 %69, label %70, label %96

70:
  %71 = add nuw nsw i64 %61, 1
  %72 = icmp eq i64 %71, %56
  br i1 %72, label %73, label %60

73:
  %74 = getelementptr inbounds nuw i8, ptr %5, i64 56
  %75 = load ptr, ptr %74, align 8
  %76 = getelementptr inbounds nuw i8, ptr %5, i64 8
  %77 = load ptr, ptr %76, align 8
  %78 = call i1 %75(ptr %77, ptr %47, ptr %57)
  br i1 %78, label %81, label %79

79:
  %80 = call ptr @PyErr_NoMemory()
  br label %96

81:
  br i1 %36, label %82, label %96

82:
  %83 = getelementptr inbounds i8, ptr %12, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %84 = load i64, ptr %24, align 8
  %85 = icmp sgt i64 %84, 0
  br i1 %85, label %86, label %96

86:
  %87 = phi i64 [ %93, %86 ], [ 0, %82 ]
  %88 = getelementptr inbounds nuw double, ptr %57, i64 %87
  %89 = load double, ptr %88, align 8
  %90 = fptrunc double %89 to float
  %91 = load ptr, ptr %83, align 8
  %92 = getelementptr inbounds nuw float, ptr %91, i64 %87
  store float %90, ptr %92, align 4
  %93 = add nuw nsw i64 %87, 1
  %94 = load i64, ptr %24, align 8
  %95 = icmp slt i64 %93, %94
  br i1 %95, label %86, label %96

96:
  %97 = phi i1 [ true, %82 ], [ true, %81 ], [ false, %79 ], [ true, %86 ], [ false, %67 ]
  %98 = icmp eq ptr %47, %4
  br i1 %98, label %100, label %99

99:
  call void @PyMem_RawFree(ptr %47)
  br label %100

100:
  br i1 %97, label %101, label %102

101:
  call void @Py_IncRef(ptr @NONE)
  br label %102

102:
  %103 = phi ptr [ null, %10 ], [ null, %34 ], [ null, %44 ], [ @NONE, %101 ], [ null, %100 ]
  ret ptr %103
}

define ptr @number(ptr %0, ptr %1, i64 %2, ptr %3) {
  %5 = alloca [64 x double], align 16
  %6 = alloca double, align 8
  %7 = getelementptr inbounds i8, ptr %0, i64 add (i64 ptrtoint (ptr @TYPE_OFFSET to i64), i64 8)
  %8 = load ptr, ptr %7, align 8
  %9 = icmp ne ptr %8, null
  %10 = icmp eq ptr %3, null
  %11 = and i1 %10, %9
  %12 = icmp slt i64 %2, 65
  %13 = and i1 %12, %11
  br i1 %13, label %14, label %23

14:
  %15 = tail call ptr @PyCapsule_GetPointer(ptr %8, ptr null)
  %16 = icmp eq ptr %15, null
  br i1 %16, label %23, label %17

17:
  %18 = getelementptr inbounds nuw i8, ptr %15, i64 16
  %19 = load i64, ptr %18, align 8
  %20 = icmp eq i64 %2, %19
  br i1 %20, label %21, label %23

21:
  %22 = icmp sgt i64 %2, 0
  br i1 %22, label %25, label %39

23:
  %24 = tail call fastcc ptr @slowly(ptr %0, ptr %1, i64 %2, ptr %3)
  br label %59

25:
  %26 = phi i64 [ %37, %34 ], [ 0, %21 ]
  %27 = getelementptr inbounds nuw ptr, ptr %1, i64 %26
  %28 = load ptr, ptr %27, align 8
  %29 = getelementptr inbounds i8, ptr %28, i64 ptrtoint (ptr @TYPE_OFFSET to i64)
  %30 = load ptr, ptr %29, align 8
  %31 = icmp eq ptr %30, @FLOAT_TYPE
  br i1 %31, label %34, label %32

32:
  %33 = tail call fastcc ptr @slowly(ptr %0, ptr %1, i64 %2, ptr null)
  br label %59

34:
  %35 = tail call double @PyFloat_AsDouble(ptr %28)
  %36 = getelementptr inbounds nuw double, ptr %5, i64 %26
  store double %35, ptr %36, align 8
  %37 = add nuw nsw i64 %26, 1
  %38 = icmp eq i64 %37, %2
  br i1 %38, label %39, label %25

39:
  %40 = getelementptr inbounds nuw i8, ptr %15, i64 56
  %41 = load ptr, ptr %40, align 8
  %42 = getelementptr inbounds nuw i8, ptr %15, i64 8
  %43 = load ptr, ptr %42, align 8
  %44 = call i1 %41(ptr %43, ptr %5, ptr %6)
  br i1 %44, label %47, label %45

45:
  %46 = call ptr @PyErr_NoMemory()
  br label %59

47:
  %48 = load double, ptr %6, align 8
  %49 = getelementptr inbounds nuw i8, ptr %15, i64 48
  %50 = load ptr, ptr %49, align 8
  %51 = load i64, ptr %50, align 8
  %52 = icmp eq i64 %51, 1
  br i1 %52, label %53, label %57

53:
  %54 = fcmp une double %48, 0.000000e+00
  %55 = zext i1 %54 to i64
  %56 = call ptr @PyBool_FromLong(i64 %55)
  br label %59

57:
  %58 = call ptr @PyFloat_FromDouble(double %48)
  br label %59

59:
  %60 = phi ptr [ %24, %23 ], [ %33, %32 ], [ null, %45 ], [ %56, %53 ], [ %58, %57 ]
  ret ptr %60
}

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

declare double @PyFloat_AsDouble(ptr)

declare ptr @PyCapsule_GetPointer(ptr, ptr)

declare void @PyErr_SetString(ptr, ptr)

declare ptr @PyMem_RawMalloc(i64)

declare ptr @PyErr_NoMemory()

declare ptr @PyErr_Occurred()

declare ptr @PyTuple_New(i64)

declare void @Py_DecRef(ptr)

declare i32 @PyTuple_SetItem(ptr, i64, ptr)

declare void @PyMem_RawFree(ptr)

declare void @Py_IncRef(ptr)

declare i64 @PyTuple_Size(ptr)

declare ptr @PyObject_VectorcallMethod(ptr, ptr, i64, ptr)

declare ptr @PyBool_FromLong(i64)

declare ptr @PyFloat_FromDouble(double)

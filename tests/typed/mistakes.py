"""Mistakes that type checkers find: `test_typing.py` looks for an error on each line that says so, and on no other."""

import symdiff as sd

x, y = sd.variables("x y")
t = sd.variables("t")
f = x**2 * y + sd.sin(x)
X = sd.Var("X", shape=(3, 2))

f.gradeint(x)  # error
sd.sin(x).gradeint(x)  # error
(x + 1).gradeint(x)  # error
t.gradeint(x)  # error
sd.maximum(x, 0).gradeint(x)  # error
f.gradient(x).gradeint(y)  # error
f.gradient([x, y]).gradeint(x)  # error
f.diff(x, 2).evalute(x=3)  # error
sd.where(x > 0, x, y).subs({x: 1})  # error
print(sd.Add(x, y).lft)  # error
sd.Sin(x, y)  # error
sd.gradeint(f, x)  # error
f.evaluate(x=3, y=4).gradient(x)  # error
X.gradeint(x)  # error
(X + x).trasnpose()  # error
sd.variables(["x", "y"])  # error
sd.Var(3)  # error
print(x + "1")  # error
print(x.nam)  # error
sd.norm(x, y).gradeint(x)  # error
sd.prod([x, y]).gradeint(x)  # error
sd.dot([x, y], [1, 2]).gradeint(x)  # error
sd.logsumexp(x, y).gradeint(x)  # error
sd.softmax(X, axis=1).trasnpose()  # error
sd.softmax([x, y]).gradeint(x)  # error

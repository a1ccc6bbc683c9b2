"""Generated code: expressions as source text of other languages, one file a language."""

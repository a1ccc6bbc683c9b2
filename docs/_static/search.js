// Finds sd.where, symdiff.where and np.where as where: the index has names without their module.
if (typeof Search !== "undefined") {
  const search = Search.performSearch;
  Search.performSearch = (query) => search(query.replace(/\b(sd|symdiff|np)\./g, "").replace(/\(.*/, ""));
}

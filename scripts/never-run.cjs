// Stands in the bundles for a package that a library imports and Dispatcher never runs; `bundle.ts` lists them. Reading from
// it returns it again, so that the imports of the library work. Calling it throws.
const neverRun = new Proxy(function neverRun() {}, {
  get: (_, key) => (key === '__esModule' ? undefined : neverRun),
  apply: fail,
  construct: fail,
});

function fail() {
  throw new Error('A package that the bundle leaves out was called. Remove it from the list in scripts/bundle.ts.');
}

module.exports = neverRun;

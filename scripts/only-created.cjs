// Stands in the bundles for a package of which a library creates something that Dispatcher never uses; `bundle.ts` lists
// them. Calling it, or creating one of its classes, returns what `never-run.cjs` stands for.
const neverRun = require('./never-run.cjs');

const onlyCreated = new Proxy(function onlyCreated() {}, {
  get: (_, key) => (key === '__esModule' ? undefined : onlyCreated),
  apply: () => neverRun,
  construct: () => neverRun,
});

module.exports = onlyCreated;

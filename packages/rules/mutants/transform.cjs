// A jest transform that compiles like @swc/jest, except that it mutates checks.ts: one check is never unsatisfied.
// CommonJS, because jest loads an ES module as a transformer only through a default export.
const swcJest = require('@swc/jest');

// The expression of `unsatisfied` that every effect and code depends on.
const original = '.filter(({ satisfied }) => !satisfied)';

/** @param {{ drop: string, swc: object }} options */
exports.createTransformer = ({ drop, swc }) => {
  const compiler = swcJest.createTransformer(swc);
  return {
    ...compiler,
    // The name is part of the key: otherwise jest would reuse the file compiled for another mutant.
    getCacheKey: (source, path, options) => `${drop}-${compiler.getCacheKey(source, path, options)}`,
    process: (source, path, options) => compiler.process(mutate(source, path, drop), path, options),
    processAsync: (source, path, options) => compiler.processAsync(mutate(source, path, drop), path, options),
  };
};

function mutate(source, path, drop) {
  if (!path.endsWith('packages/rules/src/checks/checks.ts')) return source;
  if (source.split(original).length !== 2) throw new Error(`checks.ts must contain \`${original}\` exactly once.`);
  return source.replace(original, `.filter(({ name, satisfied }) => !satisfied && name !== ${JSON.stringify(drop)})`);
}

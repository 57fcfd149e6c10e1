// A jest transform that compiles as always, but for one file: in checks.ts it takes one check out of those that count.
// CommonJS, because jest takes an ES module as a transformer only by its default export.
const swcJest = require('@swc/jest');

const whole = 'return checks;';

/** @param {{ drop: string, swc: object }} options */
exports.createTransformer = ({ drop, swc }) => {
  const compiler = swcJest.createTransformer(swc);
  return {
    ...compiler,
    // Without the name in the key, jest would hand out the file as compiled for another mutant.
    getCacheKey: (source, path, options) => `${drop}-${compiler.getCacheKey(source, path, options)}`,
    process: (source, path, options) => compiler.process(mutate(source, path, drop), path, options),
    processAsync: (source, path, options) => compiler.processAsync(mutate(source, path, drop), path, options),
  };
};

function mutate(source, path, drop) {
  if (!path.endsWith('packages/rules/src/checks/checks.ts')) return source;
  if (source.split(whole).length !== 2) throw new Error(`checks.ts has not exactly one \`${whole}\`.`);
  return source.replace(whole, `return checks.filter(({ name }) => name !== ${JSON.stringify(drop)});`);
}

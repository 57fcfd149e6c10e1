// A jest transform that compiles like @swc/jest, except that it mutates one file.
// CommonJS, because jest loads an ES module as a transformer only through a default export.
const swcJest = require('@swc/jest');

/** @param {{ mutant?: { name: string, file: string, original: string, replacement: string }, swc: object }} options */
exports.createTransformer = ({ mutant, swc }) => {
  const compiler = swcJest.createTransformer(swc);
  // The mutant is part of the key: otherwise jest would reuse the file compiled for another mutant.
  const key = JSON.stringify(mutant ?? null);
  return {
    ...compiler,
    getCacheKey: (source, path, options) => `${key}-${compiler.getCacheKey(source, path, options)}`,
    process: (source, path, options) => compiler.process(mutate(source, path, mutant), path, options),
    processAsync: (source, path, options) => compiler.processAsync(mutate(source, path, mutant), path, options),
  };
};

function mutate(source, path, mutant) {
  if (mutant === undefined || !path.endsWith(mutant.file)) return source;
  const { file, original, replacement } = mutant;
  if (source.split(original).length !== 2) throw new Error(`${file} must contain \`${original}\` exactly once.`);
  return source.replace(original, () => replacement);
}

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { configurationOf, markSchemas, plugins } from './bundle-plugins.ts';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));

interface Yaml {
  parseDocument(text: string): {
    readonly errors: readonly { readonly code: string; readonly message: string }[];
    toJS(): unknown;
  };
}

/** Returns the texts of all YAML files of the repository, and each of them broken in a few places. */
function documents(): string[] {
  const files = ['.github', 'docs', 'packages', 'actions', 'infrastructure'].flatMap((directory) =>
    readdirSync(path.join(root, directory), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name) && !/node_modules|dist/.test(name))
      .map((name) => readFileSync(path.join(root, directory, name), 'utf8')),
  );
  const broken = files.flatMap((text) =>
    [1, 2, 3].map((third) => {
      const at = Math.floor((text.length * third) / 4);
      return `${text.slice(0, at)}${['"', '\t[', ': &a *b'][third - 1]}${text.slice(at + 1)}`;
    }),
  );
  return [...files, ...broken];
}

test('the build of yaml that is bundled reads every document as the one of the tests does', async () => {
  const own = require('yaml') as Yaml;
  const bundled = (await import(path.join(root, 'node_modules/yaml/browser/index.js'))) as Yaml;
  const read = (yaml: Yaml, text: string) => {
    const document = yaml.parseDocument(text);
    const errors = document.errors.map(({ code, message }) => [code, message]);
    return errors.length > 0 ? errors : document.toJS();
  };
  const texts = documents();
  expect(texts.length).toBeGreaterThan(50);
  for (const text of texts) expect(read(bundled, text)).toEqual(read(own, text));
});

test.each([
  {},
  { bodyLimit: 5, routerOptions: { maxParamLength: 9 } },
  { exposeHeadRoutes: false, unknown: 1, logger: undefined },
])('what the bundle runs in place of Fastify’s validator makes the same configuration of %j', (options) => {
  const validate = require('fastify/lib/config-validator.js') as Parameters<typeof configurationOf>[0];
  const module: { exports?: typeof validate } = {};
  runInNewContext(configurationOf(validate), { module, Object });
  const [expected, actual] = [{ ...options }, { ...options }];
  expect([validate(expected), module.exports?.(actual)]).toEqual([true, true]);
  expect(actual).toEqual(expected);
  expect(module.exports?.defaultInitOptions).toEqual(validate.defaultInitOptions);
});

test('a bundle contains no schema that it does not use', async () => {
  const bundle = async (name: string) => {
    const contents = `export { ${name} } from './index.ts';`;
    const stdin = { contents, loader: 'ts' as const, resolveDir: path.join(root, 'packages/contracts/src') };
    const mainFields = ['module', 'main'];
    const built = await build({ stdin, bundle: true, format: 'esm', write: false, mainFields, plugins: [...plugins] });
    return built.outputFiles[0]?.text ?? '';
  };
  expect(await bundle('Fact')).toContain('schedule.missed');
  expect(await bundle('maxInputs')).not.toContain('schedule.missed');
});

test('a call that checks a value is not marked: it throws, also where nothing reads its result', () => {
  const text =
    'z.parse(Schema, value); z.safeParse(Schema, value); const Id = z\n  .object({ time: z.iso.datetime() });';
  expect(markSchemas(text)).toBe(
    'z.parse(Schema, value); z.safeParse(Schema, value); const Id = /* @__PURE__ */ z\n  .object({ time: /* @__PURE__ */ z.iso.datetime() });',
  );
});

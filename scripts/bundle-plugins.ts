// What `bundle.ts` leaves out of the bundles of the functions, and why. The end-to-end tests and the images run the bundles.
import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

// Packages of which no function runs anything.
const neverRun = [
  // Fastify's own validation, serialization and log: the admin API sets its validator and serializer, and logs itself.
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'pino',
  // Lists of directories: the admin API sends only the files of the dashboard that it found at its start.
  'glob',
  // Webhooks and OAuth of an App: ingress verifies deliveries, and nobody signs in with GitHub.
  '@octokit/webhooks',
  '@octokit/oauth-app',
  '@octokit/auth-oauth-user',
  // Paths into the event that is made idempotent: the whole payload is.
  '@aws-lambda-powertools/jmespath',
  // No operation of SQS, DynamoDB, EventBridge or Secrets Manager has an event stream.
  '@smithy/core/event-streams',
  // The name of a browser.
  'bowser',
  // Fastify's `trustProxy`: nothing reads the address of the caller from a header.
  '@fastify/proxy-addr',
];
// Packages of which a library creates one thing at its start and never uses it.
const onlyCreated: Readonly<Record<string, string>> = {
  // The functions of those paths.
  '@aws-lambda-powertools/jmespath/functions': 'PowertoolsFunctions',
  // Authentication as an OAuth app, beside that as an App.
  '@octokit/auth-oauth-app': 'createOAuthAppAuth',
  // Endpoints of DynamoDB by account, which are off by default.
  '@aws-sdk/endpoint-cache': 'EndpointCache',
};
// Packages that only check what is the same in every test, where they run.
const onlyChecks: Readonly<Record<string, string>> = {
  // The version of Fastify that a plugin needs.
  semver: 'exports.satisfies = () => true;',
  // The patterns in the paths of routes.
  'safe-regex2': 'module.exports = () => true;',
};
const leaveOut: Plugin = {
  name: 'leave-out',
  setup: (bundle) => {
    const namespace = 'only-created';
    bundle.onResolve({ filter: nameOfOneOf(Object.keys(onlyCreated)) }, ({ path: file }) => ({
      path: file,
      namespace,
    }));
    bundle.onLoad({ filter: /^/, namespace }, ({ path: file }) => ({
      contents: `export function ${onlyCreated[file]}() {}`,
    }));
    const checks = 'only-checks';
    bundle.onResolve({ filter: nameOfOneOf(Object.keys(onlyChecks)) }, ({ path: file }) => ({
      path: file,
      namespace: checks,
    }));
    bundle.onLoad({ filter: /^/, namespace: checks }, ({ path: file }) => ({ contents: onlyChecks[file] ?? '' }));
    const neverRunFile = fileURLToPath(new URL('never-run.cjs', import.meta.url));
    bundle.onResolve({ filter: nameOfOneOf(neverRun) }, () => ({ path: neverRunFile }));
  },
};

function nameOfOneOf(packages: readonly string[]): RegExp {
  return new RegExp(`^(${packages.join('|')})(/|$)`);
}

// The build for browsers consists of ES modules, of which esbuild leaves out what nothing imports.
const treeShakeYaml: Plugin = {
  name: 'yaml',
  setup: (bundle) => {
    const directory = path.join(path.dirname(require.resolve('yaml/package.json')), 'browser');
    bundle.onResolve({ filter: /^yaml$/ }, () => ({ path: path.join(directory, 'index.js'), sideEffects: false }));
    bundle.onResolve({ filter: /^\./ }, ({ path: file, importer, resolveDir }) =>
      importer.startsWith(directory) ? { path: path.join(resolveDir, file), sideEffects: false } : null,
    );
  },
};

// An `import` of a built-in module reads all its exports, and reading some loads others: `WebSocket` of `http` loads undici,
// `stdin` of `process` opens it. `require` reads only what is used, and saves a third of a start.
const requireBuiltIns: Plugin = {
  name: 'require-built-ins',
  setup: (bundle) => {
    const namespace = 'built-in';
    bundle.onResolve({ filter: nameOfOneOf(['node:.*', ...builtinModules]) }, ({ path: name, kind }) =>
      kind === 'require-call' ? null : { path: name, namespace },
    );
    bundle.onLoad({ filter: /^/, namespace }, ({ path: name }) => ({
      contents: `module.exports = require(${JSON.stringify(name)});`,
    }));
  },
};

// esbuild does not know that a function of another file has no side effects, so it would keep every schema, and each start
// would create it. The functions of Zod that create a schema have none.
const createsSchema = /\bz\s*\.(?!\w*(?:parse|encode|decode)\w*\()(?=[\w.]+\()/gi;
const dropUnusedSchemas: Plugin = {
  name: 'drop-unused-schemas',
  setup: (bundle) => {
    const ownCode = /[\\/](?:packages|functions)[\\/][^\\/]+[\\/]src[\\/].*\.ts$/;
    bundle.onLoad({ filter: ownCode }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      return /from 'zod(?:\/mini)?'/.test(text) ? { contents: markSchemas(text), loader: 'ts' } : null;
    });
  },
};

/** Marks each call that creates a schema as one without side effects. */
export function markSchemas(text: string): string {
  return text.replace(createsSchema, '/* @__PURE__ */ $&');
}

// Files of which less suffices.
const shorten: Plugin = {
  name: 'shorten',
  setup: (bundle) => {
    // A client of the SDK sends its version, and would contain its whole package.json.
    bundle.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path: file }) => {
      const { version } = JSON.parse(await readFile(file, 'utf8')) as { readonly version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    // The options of the server and of each request to it are the same in every test, where they are validated.
    bundle.onLoad({ filter: /[\\/]fastify[\\/]lib[\\/]config-validator\.js$/ }, ({ path: file }) => ({
      contents: configurationOf(require(file) as FastifyValidator),
    }));
    bundle.onLoad({ filter: /[\\/]light-my-request[\\/]lib[\\/]config-validator\.js$/ }, () => ({
      contents: 'module.exports = () => true;',
    }));
  },
};

interface FastifyValidator {
  (options: object): boolean;
  readonly defaultInitOptions: { readonly routerOptions: object };
}

/** Returns a module that does what Fastify's validator does to valid options: removes unknown ones, and adds the defaults. */
export function configurationOf(validate: FastifyValidator): string {
  const defaults = {};
  validate(defaults);
  const { defaultInitOptions } = validate;
  return `
const defaults = ${JSON.stringify(defaults)};
module.exports = (options) => {
  const { routerOptions } = options;
  const known = Object.entries(options).filter(([name, value]) => name in defaults && value !== undefined);
  for (const name of Object.keys(options)) delete options[name];
  Object.assign(options, defaults, Object.fromEntries(known));
  const routerDefaults = ${JSON.stringify(defaultInitOptions.routerOptions)};
  if (routerOptions !== undefined) options.routerOptions = { ...routerDefaults, ...routerOptions };
  return true;
};
module.exports.defaultInitOptions = ${JSON.stringify(defaultInitOptions)};`;
}

export const plugins: readonly Plugin[] = [leaveOut, requireBuiltIns, treeShakeYaml, dropUnusedSchemas, shorten];

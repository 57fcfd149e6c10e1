// Bundles one function as it is deployed: one ESM file without node_modules. What lies in `dist/image` becomes the image.
import { build } from 'esbuild';
import { chmod, copyFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { plugins } from './bundle-plugins.ts';

const name = process.argv[2];
if (!name) throw new Error('usage: node scripts/bundle.ts FUNCTION');
const directory = fileURLToPath(new URL(`../functions/${name}/`, import.meta.url));

const credentials = fileURLToPath(
  new URL('../packages/lambda/src/configuration/environment-credentials.ts', import.meta.url),
);

const result = await build({
  entryPoints: [`${directory}src/handler.ts`],
  outfile: `${directory}dist/image/handler.mjs`,
  bundle: true,
  minify: true,
  sourcemap: 'external',
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // 'module' before 'main': esbuild cannot tree-shake the CommonJS builds of 'main', which add about 150 KB.
  mainFields: ['module', 'main'],
  plugins: [...plugins],
  alias: {
    '@aws-sdk/credential-provider-node': credentials,
    // The files of the dashboard have types of the standard list.
    mime: 'mime/lite',
  },
  // CommonJS packages in the ESM bundle call require for Node's built-in modules.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  metafile: true,
  logLevel: 'warning',
});
// Lambda runs the function as an unprivileged user, who must be able to read the bundle whatever the umask is.
await chmod(`${directory}dist/image/handler.mjs`, 0o644);
await copyFile(new URL('images/start.mjs', import.meta.url), `${directory}dist/image/start.mjs`);
await chmod(`${directory}dist/image/start.mjs`, 0o644);
await rename(`${directory}dist/image/handler.mjs.map`, `${directory}dist/handler.mjs.map`);
await writeFile(`${directory}dist/meta.json`, JSON.stringify(result.metafile));

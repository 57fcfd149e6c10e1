// Bundles one function as it is deployed: ESM files without node_modules. `handler.mjs` and what it imports are loaded at every
// start; what the code imports with `import()` is a chunk of its own. What lies in `dist/image` becomes the image.
import { build } from 'esbuild';
import { chmod, copyFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plugins } from './bundle-plugins.ts';

const name = process.argv[2];
if (!name) throw new Error('usage: node scripts/bundle.ts FUNCTION');
const directory = fileURLToPath(new URL(`../functions/${name}/`, import.meta.url));
const image = `${directory}dist/image/`;

const credentials = fileURLToPath(
  new URL('../packages/lambda/src/configuration/environment-credentials.ts', import.meta.url),
);

const result = await build({
  entryPoints: [`${directory}src/handler.ts`],
  outdir: image,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunk-[hash]',
  bundle: true,
  splitting: true,
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
await copyFile(new URL('images/start.mjs', import.meta.url), `${image}start.mjs`);
const built = new Set(Object.keys(result.metafile.outputs).map((file) => basename(file)));
for (const file of await readdir(image)) {
  if (file.endsWith('.map')) await rename(image + file, `${directory}dist/${file}`);
  // The name of a chunk changes with its content.
  else if (/^chunk-.*\.mjs$/.test(file) && !built.has(file)) await rm(image + file);
  // Lambda runs the function as an unprivileged user, who must be able to read the code whatever the umask is.
  else if (file.endsWith('.mjs')) await chmod(image + file, 0o644);
}
await writeFile(`${directory}dist/meta.json`, JSON.stringify(result.metafile));

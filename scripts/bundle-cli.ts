// Bundles the command line as one ESM file without node_modules, so that a deployment runs what the release attests and
// installs nothing: node scripts/bundle-cli.ts FILE.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const outfile = process.argv[2];
if (!outfile) throw new Error('usage: node scripts/bundle-cli.ts FILE');

await build({
  entryPoints: [fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url))],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  // CommonJS packages in the ESM bundle call require for Node's built-in modules.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
});

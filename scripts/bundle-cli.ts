// Bundles the command line as one ESM file without node_modules, so that it runs wherever Node is, and a deployment runs
// what the release attests and installs nothing: node scripts/bundle-cli.ts FILE.
import { build, type Metafile } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { argv } from 'node:process';

// What Node 20 lacks of what the sources use. Each is a few lines, and only used where Node has none.
const additions = [
  'Promise.withResolvers??=function(){let resolve,reject;const promise=new this((a,b)=>{resolve=a;reject=b});return{promise,resolve,reject}};',
  'URL.parse??=(url,base)=>{try{return new URL(url,base)}catch{return null}};',
];

/** Bundles the command line into `outfile`. @returns what the bundle consists of */
export async function bundleCli(outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: [fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url))],
    outfile,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    // The sources find .env beside the repository, the published file in the current directory.
    define: { 'globalThis.isPublished': 'true' },
    banner: {
      // CommonJS packages in the ESM bundle call require for Node's built-in modules.
      js: `import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);${additions.join('')}`,
    },
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const outfile = argv[2];
  if (!outfile) throw new Error('usage: node scripts/bundle-cli.ts FILE');
  await bundleCli(outfile);
}

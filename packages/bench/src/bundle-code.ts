import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const credentials = fileURLToPath(
  new URL('../../lambda/src/configuration/environment-credentials.ts', import.meta.url),
);
const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Bundles code as `scripts/bundle.ts` bundles the functions, but without its plugins, calls `work` with the path of each
 * bundle, and deletes them.
 */
export async function withBundles<T>(
  codes: readonly string[],
  work: (bundles: readonly string[]) => Promise<T>,
): Promise<T> {
  // In the repository, so that what is not bundled is found.
  const directory = await mkdtemp(join(repositoryRoot, 'packages/bench/dist/bundle-'));
  try {
    return await work(await Promise.all(codes.map((code, index) => bundle(code, join(directory, `${index}.mjs`)))));
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function bundle(code: string, outfile: string): Promise<string> {
  await build({
    stdin: { contents: code, resolveDir: join(repositoryRoot, 'functions/ingress/src'), loader: 'ts' },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': credentials },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { sourceFile } from './child-process.ts';
import { functionNames } from './functions.ts';

const program = sourceFile('../../../scripts/bundle.ts');

/**
 * Bundles the functions in parallel: `npm run build` does it one after another, which is too slow for every start. esbuild
 * prints its errors itself.
 * @throws Error that names the functions whose bundling failed
 */
export async function bundleFunctions(): Promise<void> {
  const codes = await Promise.all(
    functionNames.map(async (name) => {
      const bundling = spawn(process.execPath, [program, name], { stdio: ['ignore', 'inherit', 'inherit'] });
      const [code] = (await once(bundling, 'exit')) as [number | null];
      return code;
    }),
  );
  const failed = functionNames.filter((_, index) => codes[index] !== 0);
  if (failed.length > 0) throw new Error(`Could not bundle ${failed.join(', ')}; see the errors above.`);
}

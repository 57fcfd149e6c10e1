import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { sourceFile } from './child-process.ts';
import { functionNames } from './functions.ts';

const builds = [
  ...functionNames.map((name) => ({ name, command: [sourceFile('../../../scripts/bundle.ts'), name] })),
  // Takes some seconds, so only where something has changed since the last build: in practice at the first start.
  { name: 'the dashboard', command: [sourceFile('../../dashboard/build/build.ts'), '--if-changed'] },
];

/**
 * Bundles the functions and builds the dashboard in parallel: `npm run build` does it one after another, which is too slow
 * for every start. esbuild and Vite print their errors themselves.
 * @throws Error that names what could not be built
 */
export async function bundleFunctions(): Promise<void> {
  const codes = await Promise.all(
    builds.map(async ({ command }) => {
      const build = spawn(process.execPath, command, { stdio: ['ignore', 'inherit', 'inherit'] });
      const [code] = (await once(build, 'exit')) as [number | null];
      return code;
    }),
  );
  const failed = builds.filter((_, index) => codes[index] !== 0).map(({ name }) => name);
  if (failed.length > 0) throw new Error(`Could not bundle ${failed.join(', ')}; see the errors above.`);
}

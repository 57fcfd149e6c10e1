// Bundles the five functions in parallel: `npm run build` does it one after another, which is too slow for every start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { requireNode24, repositoryRoot } from '../../../scripts/node-24.mjs';

const names = ['ingress', 'planning', 'dispatch', 'facts', 'admin'];

const codes = await Promise.all(
  names.map(async (name) => {
    const bundling = spawn(requireNode24(), ['scripts/bundle.ts', name], { cwd: repositoryRoot, stdio: 'inherit' });
    const [code] = await once(bundling, 'exit');
    return code;
  }),
);
const failed = names.filter((_, index) => codes[index] !== 0);
if (failed.length > 0) {
  console.error(`Could not bundle ${failed.join(', ')}; see the errors above. Nothing was started.`);
  process.exitCode = 1;
}

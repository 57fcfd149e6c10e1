// What `npm start` begins with runs on the machine's own Node; everything else on the one that is installed here. This
// says where that one is.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url));

const binary = process.platform === 'win32' ? 'node.exe' : 'node';
export const node24 = join(repositoryRoot, 'node_modules', 'node', 'bin', binary);

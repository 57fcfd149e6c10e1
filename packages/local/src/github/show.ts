import type { CheckRun, EmulatorApi, Fault, Issue, Repository, Run } from './emulator-api.ts';

type Print = (line: string) => void;

const MAX_RUNS = 10;
const MAX_CHECKS = 10;

/** Prints all repositories, the newest runs and checks, the open issues and the faults. */
export async function showAll(api: EmulatorApi, print: Print): Promise<void> {
  const repositories = await api.call<Repository[]>('GET', '/repositories');
  const width = Math.max(...repositories.map(({ repository }) => repository.length), 0);
  print('Repositories');
  for (const { repository, visibility, archived, htmlUrl } of repositories) {
    print(`  ${repository.padEnd(width)}  ${visibility}${archived ? ', archived' : ''}  ${htmlUrl}`);
  }
  await showActivity(api, () => true, print);
  const faults = await api.call<Fault[]>('GET', '/faults');
  if (faults.length > 0) print('\nFaults');
  for (const fault of faults) print(`  ${describeFault(fault)}`);
}

/** Prints the refs, the files, the newest runs and checks, and the open issues of a repository. */
export async function showRepository(api: EmulatorApi, name: string, ref: string | undefined, print: Print) {
  const files = await filesOf(api, name, ref);
  const all = await api.call<Repository[]>('GET', '/repositories');
  const isThis = ({ repository }: { readonly repository: string }) => repository.toLowerCase() === name.toLowerCase();
  const { repository, visibility, archived, defaultBranch, branches, tags, htmlUrl } = all.find(isThis) as Repository;
  print(`${repository}  ${visibility}${archived ? ', archived' : ''}  ${htmlUrl}`);
  print(`Branches  ${branches.join(', ') || 'none'} (default: ${defaultBranch})`);
  print(`Tags      ${tags.join(', ') || 'none'}`);
  print(`\nFiles of ${ref ?? defaultBranch}`);
  for (const path of Object.keys(files).sort()) print(`  ${path}`);
  await showActivity(api, isThis, print);
}

/** Prints the content of a file. */
export async function showFile(api: EmulatorApi, name: string, path: string, ref: string | undefined, print: Print) {
  const files = await filesOf(api, name, ref);
  const content = files[path];
  if (content === undefined) {
    throw new Error(`${name} has no file ${path}. It has: ${Object.keys(files).sort().join(', ') || 'no files'}.`);
  }
  print(typeof content === 'string' ? content.replace(/\n$/, '') : JSON.stringify(content));
}

function filesOf(api: EmulatorApi, name: string, ref: string | undefined): Promise<Record<string, unknown>> {
  const query = ref === undefined ? '' : `?ref=${encodeURIComponent(ref)}`;
  return api.call('GET', `/repositories/${name}/files${query}`);
}

async function showActivity(
  api: EmulatorApi,
  isShown: (subject: { readonly repository: string }) => boolean,
  print: Print,
): Promise<void> {
  const runs = (await api.call<Run[]>('GET', '/runs')).filter(isShown).toReversed();
  print(`\n${runs.length > MAX_RUNS ? `Runs (the newest ${MAX_RUNS} of ${runs.length})` : 'Runs'}`);
  if (runs.length === 0) print('  none');
  for (const run of runs.slice(0, MAX_RUNS)) {
    print(`  ${run.id}  ${(run.conclusion ?? run.status).padEnd(9)}  ${run.repository} ${run.workflow} (${run.event})`);
  }
  const checks = (await api.call<CheckRun[]>('GET', '/check-runs')).filter(isShown).toReversed();
  if (checks.length > 0) print('\nNewest checks');
  for (const { id, repository, name, title, conclusion, status } of checks.slice(0, MAX_CHECKS)) {
    print(`  ${(conclusion ?? status).padEnd(9)}  ${api.url}/${repository}/runs/${id}  ${name}: ${title ?? ''}`);
  }
  const issues = (await api.call<Issue[]>('GET', '/issues')).filter(
    (issue) => isShown(issue) && issue.state === 'open',
  );
  if (issues.length > 0) print('\nOpen issues');
  for (const { repository, number, title } of issues) print(`  ${api.url}/${repository}/issues/${number}  ${title}`);
}

export function describeRun(run: Run, print: Print): void {
  print(`Run ${run.id} of ${run.repository} ${run.workflow}: ${run.conclusion ?? run.status}`);
  print(`Event ${run.event}, on ${run.headBranch ?? 'no branch'}, created at ${run.createdAt}`);
  print(run.htmlUrl);
}

export function describeFault({ match, fault, seen, met }: Fault): string {
  const { operation = 'every request', path, nth = 1, times = 1 } = match as Readonly<Record<string, string | number>>;
  const where = path === undefined ? '' : ` to ${path}`;
  const which =
    times === 0 ? `all from number ${nth} on` : times === 1 ? `number ${nth}` : `${times} from number ${nth} on`;
  return `${kindOf(fault)} for ${operation}${where}, ${which}: ${seen} seen, ${met} failed`;
}

/** Returns the kind of a fault as the command `fault` accepts it. */
function kindOf(fault: unknown): string {
  if (typeof fault === 'string') return fault;
  const { status, delayMs } = fault as { readonly status?: number; readonly delayMs?: number };
  if (status !== undefined) return `status=${status}`;
  return delayMs === undefined ? JSON.stringify(fault) : `delay=${delayMs / 1000}s`;
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { ParseArgsOptionsConfig } from 'node:util';
import type { CheckRun, CompletedRun, EmulatorApi, Fault, Repository, Run, StartedJob } from './emulator-api.ts';
import { parseFault } from './parse-fault.ts';
import { describeFault, describeRun, showAll, showFile, showRepository } from './show.ts';

/** The arguments of a command are wrong: the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface CommandInput {
  readonly api: EmulatorApi;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** The directory in which the command was called. */
  readonly directory: string;
  readonly print: (line: string) => void;
}

export interface Command {
  /** Positional arguments, as the help shows them. */
  readonly usage: string;
  readonly summary: string;
  readonly min: number;
  readonly max: number;
  readonly options: ParseArgsOptionsConfig;
  /** One line of help for each option. */
  readonly help: readonly string[];
  readonly run: (input: CommandInput) => Promise<void>;
}

const branch = { type: 'string' } as const;
const conclusions = [
  'success',
  'failure',
  'cancelled',
  'timed_out',
  'neutral',
  'skipped',
  'stale',
  'action_required',
  'startup_failure',
];
const conclusionHelp = `--conclusion WORD  ${conclusions.join(', ').replace('success', 'success (default)')}`;

/** @throws UsageError if the conclusion is not one of GitHub's */
function checkConclusion({ conclusion }: CommandInput['options']): void {
  if (conclusion === undefined || conclusions.includes(String(conclusion))) return;
  throw new UsageError(`${String(conclusion)} is not a conclusion. Write one of: ${conclusions.join(', ')}.`);
}

export const commands: Readonly<Record<string, Command>> = {
  show: {
    usage: '[OWNER/REPO [FILE] | RUN]',
    summary: 'shows all repositories, one of them, a file, or a run',
    min: 0,
    max: 2,
    options: { ref: { type: 'string' } },
    help: [
      '--ref REF          branch, tag or commit of the files (default: the default branch)',
      '',
      'To save a file, write npm run --silent: otherwise npm prints its own lines before the content.',
    ],
    async run({ api, args: [subject, file], options, print }) {
      const ref = options['ref'] as string | undefined;
      if (subject === undefined) await showAll(api, print);
      else if (isRun(subject)) describeRun(await findRun(api, subject), print);
      else if (file === undefined) await showRepository(api, fullName(subject), ref, print);
      else await showFile(api, fullName(subject), file, ref, print);
    },
  },
  push: {
    usage: 'OWNER/REPO FILE…',
    summary: 'commits files of this machine to a branch. FILE can be - for the standard input',
    min: 2,
    max: Infinity,
    options: { branch, message: { type: 'string' }, path: { type: 'string' }, tag: { type: 'string' } },
    help: [
      '--branch NAME      branch (default: the default branch); a new one starts at the default branch',
      '--path PATH        path in the repository, for one FILE (default: FILE, relative to this directory)',
      '--message TEXT     message of the commit',
      '--tag NAME         sets this tag to the commit',
    ],
    async run({ api, args: [repository = '', ...files], options, directory, print }) {
      const { path, ...rest } = options;
      if (path !== undefined && files.length !== 1) throw new UsageError('--path needs exactly one FILE.');
      const contents: Record<string, unknown> = {};
      for (const file of files) {
        contents[(path as string | undefined) ?? pathInRepository(file, directory)] = await contentOf(file, directory);
      }
      const { sha } = await api.call<{ sha: string }>('POST', `/repositories/${fullName(repository)}/push`, {
        message: `Update ${Object.keys(contents).join(', ')}`,
        ...rest,
        files: contents,
      });
      print(`Pushed ${Object.keys(contents).join(', ')} to ${repository}: ${api.url}/${repository}/commit/${sha}`);
    },
  },
  delete: {
    usage: 'OWNER/REPO PATH…',
    summary: 'commits the deletion of files',
    min: 2,
    max: Infinity,
    options: { branch },
    help: ['--branch NAME      branch (default: the default branch)'],
    async run({ api, args: [repository = '', ...paths], options, print }) {
      const ref = options['branch'] as string | undefined;
      const name = fullName(repository);
      const query = ref === undefined ? '' : `?ref=${encodeURIComponent(ref)}`;
      const present = await api.call<Record<string, unknown>>('GET', `/repositories/${name}/files${query}`);
      const missing = paths.filter((path) => !(path in present));
      if (missing.length > 0) {
        throw new Error(
          `${name} has no ${missing.join(', ')}. It has: ${Object.keys(present).join(', ') || 'no files'}.`,
        );
      }
      const files = Object.fromEntries(paths.map((path) => [path, null]));
      const body = { message: `Delete ${paths.join(', ')}`, ...options, files };
      const { sha } = await api.call<{ sha: string }>('POST', `/repositories/${name}/push`, body);
      print(`Deleted ${paths.join(', ')} from ${name}: ${api.url}/${name}/commit/${sha}`);
    },
  },
  branch: refCommand('branch', 'heads'),
  tag: refCommand('tag', 'tags'),
  'delete-ref': {
    usage: 'OWNER/REPO REF',
    summary: 'deletes a branch or tag; REF is refs/heads/NAME or refs/tags/NAME',
    min: 2,
    max: 2,
    options: {},
    help: [],
    async run({ api, args: [repository = '', ref = ''], print }) {
      await api.call('DELETE', `/repositories/${fullName(repository)}/refs?ref=${encodeURIComponent(ref)}`);
      print(`Deleted ${ref} of ${repository}.`);
    },
  },
  create: {
    usage: 'OWNER/REPO',
    summary: 'creates an empty repository; the App is installed on all repositories of its owner',
    min: 1,
    max: 1,
    options: { visibility: { type: 'string' } },
    help: ['--visibility WORD  private (default), internal or public'],
    async run({ api, args: [repository = ''], options, print }) {
      const [owner, name] = fullName(repository).split('/');
      const known = await api.call<Repository[]>('GET', '/repositories');
      if (known.some((one) => one.repository.toLowerCase() === repository.toLowerCase())) {
        throw new Error(`${repository} exists already. Push to it, or delete it with delete-repository first.`);
      }
      await api.call('POST', '/repositories', { owner, name, ...options });
      print(`Created ${repository}: ${api.url}/${repository}`);
    },
  },
  'delete-repository': {
    usage: 'OWNER/REPO',
    summary: 'deletes a repository',
    min: 1,
    max: 1,
    options: {},
    help: [],
    async run({ api, args: [repository = ''], print }) {
      await api.call('DELETE', `/repositories/${fullName(repository)}`);
      print(`Deleted ${repository}.`);
    },
  },
  archive: {
    usage: 'OWNER/REPO',
    summary: 'archives a repository: GitHub refuses every write to it',
    min: 1,
    max: 1,
    options: { undo: { type: 'boolean' } },
    help: ['--undo             makes it writable again'],
    async run({ api, args: [repository = ''], options, print }) {
      const archived = options['undo'] !== true;
      await api.call('PATCH', `/repositories/${fullName(repository)}`, { archived });
      print(`${repository} is ${archived ? 'archived' : 'writable again'}.`);
    },
  },
  start: {
    usage: 'OWNER/REPO WORKFLOW',
    summary: 'starts a run that stays in progress, and prints the variables of its first job for a shell',
    min: 2,
    max: 2,
    options: { branch, event: { type: 'string' }, job: { type: 'string' } },
    help: [
      '--branch NAME      branch, or refs/tags/NAME (default: the default branch)',
      '--event NAME       what triggered the run (default: push)',
      '--job ID           the job (default: the first of the workflow file)',
      '',
      'With the variables the job requests OIDC tokens: eval "$(npm run --silent github -- start OWNER/REPO WORKFLOW)".',
      'npm run github -- complete RUN ends the run.',
    ],
    async run({ api, args: [repository = '', workflow = ''], options: { job, ...options }, print }) {
      const request = { ...options, repository: fullName(repository), workflow };
      const run = await api.call<Run>('POST', '/runs/start', request);
      const { variables } = await api.call<StartedJob>(
        'POST',
        `/runs/${run.id}/jobs`,
        job === undefined ? {} : { job },
      );
      print(`# Run ${run.id} of ${run.repository} ${run.workflow} is in progress: ${run.htmlUrl}`);
      if (Object.keys(variables).length === 0) print('# The job may request no tokens: it lacks id-token: write.');
      for (const [name, value] of Object.entries(variables)) print(`export ${name}='${value}'`);
    },
  },
  complete: {
    usage: 'RUN',
    summary: 'completes a run that a dispatch or start started; RUN is its number or its URL',
    min: 1,
    max: 1,
    options: { conclusion: { type: 'string', default: 'success' } },
    help: [conclusionHelp],
    async run({ api, args: [run = ''], options, print }) {
      checkConclusion(options);
      const { id, conclusion } = await findRun(api, run);
      if (conclusion !== null) {
        throw new Error(
          `Run ${id} is already completed with ${conclusion}. To run it again: npm run github -- rerun ${id}`,
        );
      }
      printCompleted(await api.call('POST', `/runs/${id}/complete`, options), print);
    },
  },
  rerun: {
    usage: 'RUN',
    summary: 'runs a completed run again, with the next attempt number',
    min: 1,
    max: 1,
    options: { conclusion: { type: 'string', default: 'success' } },
    help: [conclusionHelp],
    async run({ api, args: [run = ''], options, print }) {
      checkConclusion(options);
      const { id } = await findRun(api, run);
      printCompleted(await api.call('POST', `/runs/${id}/rerun`, options), print);
    },
  },
  'rerun-check': {
    usage: 'CHECK',
    summary: 'clicks "Re-run" at a check of Dispatcher; CHECK is its number or its URL',
    min: 1,
    max: 1,
    options: { all: { type: 'boolean' } },
    help: ['--all              clicks "Re-run all checks" of its commit'],
    async run({ api, args: [text = ''], options, print }) {
      const { id, suiteId, name, repository } = await findCheck(api, text);
      const [subject, path] =
        options['all'] === true
          ? ['all checks of its commit', `/check-suites/${suiteId}`]
          : [name, `/check-runs/${id}`];
      const delivery = await api.call<CompletedRun['delivery']>('POST', `${path}/rerequest`, {});
      if (delivery === null)
        throw new Error('The emulator sent no webhook: the App is not subscribed, or another App wrote the check.');
      print(
        `Clicked "Re-run" at ${subject} of ${repository}: delivery ${delivery.guid}, status ${delivery.statusCode}`,
      );
    },
  },
  'generate-key': {
    usage: 'FILE',
    summary: 'generates another private key of the App, as its settings page does, and writes it to a new file',
    min: 1,
    max: 1,
    options: {},
    help: ['The App keeps its other keys until delete-old-keys.'],
    async run({ api, args: [file = ''], directory, print }) {
      const path = resolve(directory, file);
      if (existsSync(path)) throw new UsageError(`${file} exists already. Name a new file.`);
      const { pem, fingerprint } = await api.call<{ pem: string; fingerprint: string }>('POST', '/app/keys', {});
      writeFileSync(path, pem, { mode: 0o600, flag: 'wx' });
      print(`Generated a private key of the App, ${fingerprint}, in ${file}.`);
    },
  },
  'delete-old-keys': {
    usage: 'FILE',
    summary: 'deletes all private keys of the App but the one in this PEM file',
    min: 1,
    max: 1,
    options: {},
    help: ['A request that is signed with a deleted key gets 401 from then on.'],
    async run({ api, args: [file = ''], directory, print }) {
      await api.call('DELETE', '/app/keys', { keep: readFileSync(resolve(directory, file), 'utf8') });
      print(`The App has only the key in ${file} now.`);
    },
  },
  settings: {
    usage: '',
    summary: 'changes how long dispatched runs take, and how they end, until the next start',
    min: 0,
    max: 0,
    options: { 'run-seconds': { type: 'string' }, conclusion: { type: 'string' } },
    help: ['--run-seconds N    a number, or never: they wait for the command complete', conclusionHelp],
    async run({ api, options: { 'run-seconds': seconds, conclusion }, print }) {
      checkConclusion({ conclusion });
      const body = {
        ...(seconds === undefined ? {} : { runDurationMs: durationMs(String(seconds)) }),
        ...(conclusion === undefined ? {} : { runConclusion: conclusion }),
      };
      if (Object.keys(body).length === 0) throw new UsageError('Give --run-seconds, --conclusion or both.');
      await api.call('PATCH', '/settings', body);
      if (seconds === 'never') print('A run that a dispatch starts now waits for: npm run github -- complete RUN');
      else if (seconds !== undefined) print(`A run that a dispatch starts now completes after ${String(seconds)} s.`);
      if (conclusion !== undefined) print(`It completes with ${String(conclusion)}.`);
      print('The next start uses the defaults again.');
    },
  },
  fault: {
    usage: 'KIND',
    summary: 'lets requests of Dispatcher fail: KIND is status=503, delay=12s, reset-before, reset-after, … (--help)',
    min: 1,
    max: 1,
    options: {
      operation: { type: 'string' },
      repository: { type: 'string' },
      nth: { type: 'string' },
      times: { type: 'string' },
    },
    help: [
      '--operation NAME   token, graphql, dispatch, event, run-list, run-read, job-list, issue-create, comment-create, …',
      '                   (default: every request; webhook for the kinds that begin with webhook-)',
      '--repository O/R   only requests for this repository',
      '--nth N            the first of these requests that fails (default: 1)',
      '--times N          how many fail from then on (default: 1), or all',
      '',
      'Kinds: status=CODE            the response has this status, and nothing is done',
      '       delay=SECONDS          the response comes later',
      '       reset-before, reset-after   the connection breaks before or after the work was done',
      '       status-after           the work is done, and the response is 500',
      '       truncated-body, empty-body, graphql-502, graphql-partial, graphql-rate-limited, graphql-resource-limits,',
      '       token-revoked, repository-hidden, webhook-lost, webhook-twice, webhook-out-of-order',
    ],
    async run({ api, args: [kind = ''], options, print }) {
      const rule = parseFault(kind, options);
      const active = await api.call<Fault[]>('GET', '/faults');
      const rules = [...active.map(({ match, fault }) => ({ match, fault })), rule];
      await api.call('POST', '/faults', { rules });
      print(`Added: ${describeFault({ ...rule, seen: 0, met: 0 })}`);
      print('npm run github -- faults shows them, npm run github -- clear-faults ends them.');
    },
  },
  faults: {
    usage: '',
    summary: 'lists the faults, with how many requests met them',
    min: 0,
    max: 0,
    options: {},
    help: [],
    async run({ api, print }) {
      const faults = await api.call<Fault[]>('GET', '/faults');
      if (faults.length === 0) print('No faults.');
      for (const fault of faults) print(describeFault(fault));
    },
  },
  'clear-faults': {
    usage: '',
    summary: 'ends all faults',
    min: 0,
    max: 0,
    options: {},
    help: [],
    async run({ api, print }) {
      await api.call('DELETE', '/faults');
      print('All requests succeed again.');
    },
  },
};

function refCommand(kind: 'branch' | 'tag', folder: 'heads' | 'tags'): Command {
  return {
    usage: 'OWNER/REPO NAME',
    summary: `creates or moves a ${kind}`,
    min: 2,
    max: 2,
    options: { target: { type: 'string' }, ...(kind === 'tag' ? { message: { type: 'string' } as const } : {}) },
    help: [
      '--target REF       branch, tag or commit to point to (default: the default branch)',
      ...(kind === 'tag' ? ['--message TEXT     makes an annotated tag'] : []),
    ],
    async run({ api, args: [repository = '', name = ''], options, print }) {
      const known = await findRepository(api, fullName(repository));
      const body = { target: known.defaultBranch, ...options, ref: `refs/${folder}/${name}` };
      const { sha } = await api.call<{ sha: string }>('PUT', `/repositories/${known.repository}/refs`, body);
      print(`The ${kind} ${name} of ${known.repository} points to ${sha}.`);
    },
  };
}

async function findRepository(api: EmulatorApi, name: string): Promise<Repository> {
  const all = await api.call<Repository[]>('GET', '/repositories');
  const found = all.find(({ repository }) => repository.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new Error(
    `The emulator has no repository ${name}. It has: ${all.map(({ repository }) => repository).join(', ')}.`,
  );
}

async function findRun(api: EmulatorApi, text: string): Promise<Run> {
  const id = /(?:^|\/runs\/)(\d+)(?:$|[/?#])/.exec(text)?.[1];
  if (id === undefined) throw new UsageError(`${text} is not a run: give its number or its URL.`);
  const run = (await api.call<Run[]>('GET', '/runs')).find((one) => String(one.id) === id);
  if (run === undefined) throw new Error(`The emulator has no run ${id}. npm run github -- show lists the runs.`);
  return run;
}

async function findCheck(api: EmulatorApi, text: string): Promise<CheckRun> {
  const id = /(?:^|\/runs\/)(\d+)$/.exec(text)?.[1];
  if (id === undefined) throw new UsageError(`${text} is not a check: give its number or its URL.`);
  const check = (await api.call<CheckRun[]>('GET', '/check-runs')).find((one) => String(one.id) === id);
  if (check === undefined)
    throw new Error(`The emulator has no check ${id}. The page of a commit links to its checks.`);
  return check;
}

const isRun = (text: string) => /^\d+$|\/runs\/\d+/.test(text);

function fullName(text: string): string {
  if (/^[^/\s]+\/[^/\s]+$/.test(text)) return text;
  throw new UsageError(`${text} is not a repository: write OWNER/REPO, for example octo-org/app.`);
}

function pathInRepository(file: string, directory: string): string {
  if (file === '-') throw new UsageError('The standard input has no name: give --path PATH.');
  const path = relative(directory, resolve(directory, file)).replaceAll('\\', '/');
  return isAbsolute(file) || path.startsWith('../') ? basename(file) : path;
}

async function contentOf(file: string, directory: string): Promise<string | { readonly base64: string }> {
  if (file === '-') return await readAll(process.stdin);
  const bytes = readBytes(resolve(directory, file));
  const content = bytes.toString('utf8');
  if (/^\s*> \S+@\S+ github\r?\n> node /.test(content)) {
    throw new Error(
      `${file} begins with the lines that npm prints before its output. Save the file again with: npm run --silent github -- show OWNER/REPO FILE`,
    );
  }
  return Buffer.from(content).equals(bytes) ? content : { base64: bytes.toString('base64') };
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'it does not exist' : code === 'EISDIR' ? 'it is a directory' : String(cause);
    throw new Error(`${file} cannot be read: ${reason}.`, { cause });
  }
}

function durationMs(text: string): number | null {
  if (text === 'never') return null;
  const seconds = Number(text);
  if (text !== '' && Number.isFinite(seconds) && seconds >= 0) return Math.round(seconds * 1000);
  throw new UsageError(`--run-seconds needs a number of seconds or never, not ${text}.`);
}

function printCompleted({ run, delivery, notDelivered }: CompletedRun, print: (line: string) => void): void {
  print(`Run ${run.id} of ${run.repository} ${run.workflow} completed with ${run.conclusion}: ${run.htmlUrl}`);
  print(
    delivery === null
      ? `No delivery was sent: ${notDelivered ?? 'no reason given'}`
      : `Delivery ${delivery.guid}: status ${delivery.statusCode} ${delivery.responseBody ?? ''}`,
  );
}

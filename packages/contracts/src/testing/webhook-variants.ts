import { conclusions } from '../run-completed.ts';
import { completedRunExample, part, type Payload, webhookExamples } from './webhook-examples.ts';

export interface Variant {
  /** How the variant differs from the example; unique. */
  readonly name: string;
  readonly event: string;
  readonly payload: Payload;
}

export interface VariantOptions {
  /** The current time: GitHub's examples are from 2020, and Dispatcher rejects a run older than 30 days. */
  readonly now: Date;
  readonly installationId: number;
  /** A commit of the default branch. Absent: the commit of GitHub's example. */
  readonly headSha?: string;
  /** Login of the App's bot. */
  readonly botLogin: string;
}

const dayMs = 24 * 60 * 60 * 1000;

type Change = (payload: Payload) => void;

const run = (change: Payload): Change => {
  return (payload) => Object.assign(part(payload, 'workflow_run'), change);
};

/** Each change creates one variant of GitHub's example. All of them keep its repository and workflow. */
function changes(options: VariantOptions): Record<string, Change> {
  const after = (ms: number) => new Date(options.now.getTime() + ms).toISOString();
  const byConclusion = [...conclusions, null].map((conclusion): [string, Change] => [
    `conclusion ${conclusion ?? 'null'}`,
    run({ conclusion }),
  ]);
  return {
    ...Object.fromEntries(byConclusion),
    'GitHub’s unchanged example, from 2020': run({ updated_at: '2020-10-05T16:33:49Z' }),
    'a run of a fork, on a branch with the default branch’s name': run({ head_repository: { id: 999_999_001 } }),
    'a run whose head repository was deleted': run({ head_repository: null }),
    'a re-run: attempt 2': run({ run_attempt: 2 }),
    'a re-run of a run that was created 31 days ago': run({ run_attempt: 2, created_at: after(-31 * dayMs) }),
    'a run that is dated two hours in the future': run({ updated_at: after(2 * 60 * 60 * 1000) }),
    'a run of a commit that the branch does not contain': run({ head_sha: '0'.repeat(40), created_at: after(-dayMs) }),
    'a run of a release': run({ head_branch: 'v1.2.3', event: 'release' }),
    'a run of a merge queue': run({ head_branch: 'gh-readonly-queue/master/pr-7-c0ffee', event: 'merge_group' }),
    'a run without a branch': run({ head_branch: null }),
    'a run of another branch': run({ head_branch: 'feature/x' }),
    'a run of a pull request': run({ event: 'pull_request' }),
    'a pull_request_target run on the default branch': run({ event: 'pull_request_target' }),
    'an issue_comment run on the default branch': run({ event: 'issue_comment' }),
    'a path with a trailing @ref': run({ path: '.github/workflows/test.yml@refs/heads/master' }),
    'a managed workflow: dynamic/…': run({ path: 'dynamic/github-code-scanning/codeql' }),
    'a start-up failure: BuildFailed': run({ path: 'BuildFailed', conclusion: 'startup_failure' }),
    'a workflow whose file name only ends like the rule’s': run({ path: '.github/workflows/evil-test.yml' }),
    'a run with a custom run-name': run({ name: 'Deploy of everything', display_title: 'Deploy of everything' }),
    'workflow: null': (payload) => Object.assign(payload, { workflow: null }),
    'no installation': (payload) => Reflect.deleteProperty(payload, 'installation'),
    'unknown fields': (payload) => {
      Object.assign(payload, { brand_new: { deep: [1, 2, 3] } });
      run({ brand_new: true })(payload);
    },
    'the App’s bot as the actor of an unknown workflow_dispatch run': run({
      actor: { login: options.botLogin, id: 1 },
      event: 'workflow_dispatch',
    }),
    'the App’s bot as the actor of a repository_dispatch run': run({
      actor: { login: options.botLogin, id: 1 },
      event: 'repository_dispatch',
    }),
    'no actor': run({ actor: null }),
    'a commit message of 1 MB': run({ head_commit: { id: 'x', message: 'm'.repeat(1_000_000) } }),
    'no organisation': (payload) => Reflect.deleteProperty(payload, 'organization'),
    'unicode everywhere': (payload) => {
      run({ name: '構築 🚀', head_branch: 'función/ñ-🌱', display_title: '‮evil' })(payload);
      Object.assign(part(payload, 'sender'), { login: 'žluťoučký' });
    },
    'a branch name with Markdown and a mention': run({ head_branch: '`@octocat`-[x](https://evil.example)' }),
    'an id above 2^31': run({ id: 9_007_199_254_000 }),
    'times with an offset': run({ updated_at: options.now.toISOString().replace('Z', '+00:00') }),
    'requested, not completed': (payload) => Object.assign(payload, { action: 'requested' }),
    'a run without an id': run({ id: null }),
    'a repository without an owner': (payload) => Reflect.deleteProperty(part(payload, 'repository'), 'owner'),
    'an id that is a string': run({ id: '289782451' }),
    'an invalid updated_at': run({ updated_at: 'yesterday' }),
    'no workflow_run': (payload) => Reflect.deleteProperty(payload, 'workflow_run'),
  };
}

/** Returns variants of a completed run, each with its own run id, followed by every example of every other event. */
export function webhookVariants(options: VariantOptions): Variant[] {
  const fresh = options.now.toISOString();
  const derived = Object.entries(changes(options)).map(([name, change], index): Variant => {
    const payload: Payload = {
      ...structuredClone(completedRunExample()),
      installation: { id: options.installationId, node_id: 'x' },
    };
    run({ id: 700_000_000 + index, created_at: fresh, run_started_at: fresh, updated_at: fresh })(payload);
    if (options.headSha !== undefined) run({ head_sha: options.headSha })(payload);
    change(payload);
    return { name, event: 'workflow_run', payload };
  });
  const others = webhookExamples()
    .filter(({ event }) => event !== 'workflow_run')
    .map(({ event, payload }, index): Variant => ({ name: `${event} #${index}`, event, payload }));
  return [...derived, ...others];
}

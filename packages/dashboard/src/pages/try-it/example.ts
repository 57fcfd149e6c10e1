// What is tried: a trigger, the dispatching.yml of both sides, the policies of their owners, and the workflow that would start.
import { type TriggerKind, triggerKinds } from '@dispatcher/contracts';

export interface Example {
  readonly trigger: TriggerKind;
  /** `owner/name` of the repository whose run completed, or whose job requests a dispatch. */
  readonly source: string;
  readonly workflow: string;
  readonly event: string;
  /** The branch; for the event `release` the tag. */
  readonly branch: string;
  readonly conclusion: string;
  /** The environment of the job; empty if it has none. */
  readonly environment: string;
  /** The name of the key, schedule or webhook that requests a dispatch. */
  readonly requester: string;
  /** `owner/name` of the repository whose workflow would start. */
  readonly target: string;
  /** `workflow`, or `event` for a `repository_dispatch`, which a key, schedule or webhook may request. */
  readonly requested: string;
  /** The workflow that is requested. A run starts the one that its rule names. */
  readonly targetWorkflow: string;
  /** The type of the requested event. */
  readonly eventType: string;
  /** The `id` of the outbound target that a job requests; empty if it has none. */
  readonly targetId: string;
  /** The requested branch or tag; empty for the default branch. */
  readonly ref: string;
  /** The requested inputs, one `name=value` a line. */
  readonly inputs: string;
  readonly sourceFile: string;
  readonly targetFile: string;
  /** The dispatching-policy.yml of the target's owner; empty if there is none. */
  readonly targetPolicy: string;
  /** That of the source's owner, where it is another one. */
  readonly sourcePolicy: string;
  /** The text of the workflow that would start. */
  readonly workflowFile: string;
}

/** Returns whether an example has a source with a file: a request of a key, schedule or webhook belongs to no repository. */
export const hasSource = ({ trigger }: Pick<Example, 'trigger'>): boolean => trigger === 'run' || trigger === 'job';

/** Returns whether an example requests a `repository_dispatch` event instead of a workflow. */
export const requestsEvent = (example: Pick<Example, 'requested' | 'trigger'>): boolean =>
  !hasSource(example) && example.requested === 'event';

const sourceFile = `outbound:
  - source: { workflow: ci.yml, branches: [main] }
    targets:
      - repository: acme/deploy
        workflow: cd.yml
        inputs:
          version: "\${{ source.head_sha }}"
`;
const targetFile = `inbound:
  - source: { repository: acme/app, workflow: ci.yml }
    targets:
      - workflow: cd.yml
        inputs: [version]
`;
const jobFile = `outbound:
  - source: { job: ci.yml, branches: [main] }
    targets:
      - repository: acme/deploy
        workflow: cd.yml
        inputs:
          version: "\${{ job.inputs.version }}"
`;
const workflowFile = `name: Deploy
on:
  workflow_dispatch:
    inputs:
      version:
        type: string
        required: true
`;
const eventFile = `inbound:
  - source: { key: release-bot }
    targets:
      - event-type: release
`;
const policy = `# The policy of all repositories of acme, in acme/.github
sources: ['*', '!app']
cross-owner: deny
`;

const agreed: Example = {
  trigger: 'run',
  source: 'acme/app',
  workflow: 'ci.yml',
  event: 'push',
  branch: 'main',
  conclusion: 'success',
  environment: '',
  requester: 'nightly',
  target: 'acme/deploy',
  requested: 'workflow',
  targetWorkflow: 'cd.yml',
  eventType: 'release',
  targetId: '',
  ref: '',
  inputs: 'version=1.2.0',
  sourceFile,
  targetFile,
  sourcePolicy: '',
  targetPolicy: '',
  workflowFile,
};

/** Examples to start from, by the name that the URL has. */
export const examples = {
  agreed: { title: 'Both sides agree', example: agreed },
  'no-inbound': {
    title: 'The target does not agree',
    example: { ...agreed, targetFile: targetFile.replace('acme/app', 'acme/website') },
  },
  branch: { title: 'The run is of another branch', example: { ...agreed, branch: 'feature/login' } },
  failed: {
    title: 'Start something after a failure',
    example: {
      ...agreed,
      conclusion: 'failure',
      sourceFile: sourceFile.replace('branches: [main]', 'branches: [main], conclusions: [failure]'),
      targetFile: targetFile.replace('workflow: ci.yml }', 'workflow: ci.yml, conclusions: [failure] }'),
    },
  },
  input: {
    title: 'The target does not accept the input',
    example: { ...agreed, sourceFile: sourceFile.replace('version:', 'environment:') },
  },
  schedule: {
    title: 'A schedule requests a workflow',
    example: {
      ...agreed,
      trigger: 'schedule',
      targetFile: targetFile.replace('{ repository: acme/app, workflow: ci.yml }', '{ schedule: nightly }'),
    },
  },
  event: {
    title: 'A key sends an event',
    example: {
      ...agreed,
      trigger: 'key',
      requester: 'release-bot',
      requested: 'event',
      targetFile: eventFile,
    },
  },
  job: {
    title: 'A job requests a workflow',
    example: {
      ...agreed,
      trigger: 'job',
      sourceFile: jobFile,
      targetFile: targetFile.replace('workflow: ci.yml }', 'job: ci.yml }'),
    },
  },
  policy: { title: 'A policy refuses it', example: { ...agreed, targetPolicy: policy } },
  typo: { title: 'A mistake in a file', example: { ...agreed, sourceFile: sourceFile.replace('branches', 'brances') } },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly example: Example }>>;
export type ExampleName = keyof typeof examples;

export const isExampleName = (text: string | undefined): text is ExampleName => text !== undefined && text in examples;

/** What links of earlier versions lack, as they meant it. */
const addedLater = {
  trigger: 'run',
  environment: '',
  requester: '',
  requested: 'workflow',
  targetWorkflow: '',
  eventType: '',
  targetId: '',
  ref: '',
  inputs: '',
  sourcePolicy: '',
  targetPolicy: '',
} satisfies Partial<Example>;

const fields = Object.keys(agreed) as readonly (keyof Example)[];

/** Returns an example that was read from elsewhere; null if it is none. */
export function toExample(value: unknown): Example | null {
  if (typeof value !== 'object' || value === null) return null;
  const record: Readonly<Record<string, unknown>> = { ...addedLater, ...value };
  if (!fields.every((field) => typeof record[field] === 'string')) return null;
  if (!triggerKinds.some((kind) => kind === record['trigger'])) return null;
  return Object.fromEntries(fields.map((field) => [field, record[field]])) as unknown as Example;
}

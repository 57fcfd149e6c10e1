// What is tried: a run, the dispatching.yml of both sides, and the workflow that would start.

export interface Example {
  /** `owner/name` of the repository whose run completed. */
  readonly source: string;
  readonly workflow: string;
  readonly event: string;
  /** The branch; for the event `release` the tag. */
  readonly branch: string;
  readonly conclusion: string;
  /** `owner/name` of the repository whose workflow would start. */
  readonly target: string;
  readonly sourceFile: string;
  readonly targetFile: string;
  /** The text of the workflow that would start. */
  readonly workflowFile: string;
}

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
const workflowFile = `name: Deploy
on:
  workflow_dispatch:
    inputs:
      version:
        type: string
        required: true
`;

const agreed: Example = {
  source: 'acme/app',
  workflow: 'ci.yml',
  event: 'push',
  branch: 'main',
  conclusion: 'success',
  target: 'acme/deploy',
  sourceFile,
  targetFile,
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
  typo: { title: 'A mistake in a file', example: { ...agreed, sourceFile: sourceFile.replace('branches', 'brances') } },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly example: Example }>>;
export type ExampleName = keyof typeof examples;

export const isExampleName = (text: string | undefined): text is ExampleName => text !== undefined && text in examples;

const fields = Object.keys(agreed) as readonly (keyof Example)[];

/** Returns an example that was read from elsewhere; null if it is none. */
export function toExample(value: unknown): Example | null {
  if (typeof value !== 'object' || value === null) return null;
  const record = value as Readonly<Record<string, unknown>>;
  if (!fields.every((field) => typeof record[field] === 'string')) return null;
  return Object.fromEntries(fields.map((field) => [field, record[field]])) as unknown as Example;
}

import { createHash } from 'node:crypto';
import { dataRepositories, demoRoutes, libraries, organization, ownerOf, partner, services } from './demo-routes.ts';
import { dispatchingFile } from './write-file.ts';

/** A repository of the demonstration, with the files of its default branch. */
export interface DemoRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly visibility: 'public' | 'private' | 'internal';
  readonly isArchived: boolean;
  readonly installationId: number;
  /** Null: the repository has none. */
  readonly dispatching: string | null;
  /** By name below `.github/workflows/`. */
  readonly workflows: Readonly<Record<string, string>>;
}

export const installations: Readonly<Record<string, number>> = { [organization]: 51_000_001, [partner]: 51_000_002 };

const others = [
  'base-images',
  'deploy',
  'docs',
  'event-schemas',
  'infrastructure',
  'integration-tests',
  'legacy-shop',
  'load-tests',
  'mobile-app',
  'release-notes',
  'sandbox',
  'sandbox-target',
] as const;
const names = [...services, ...libraries, ...dataRepositories, ...others];
/** `status-page` and `website` are public, as their kind is. */
const publicNames = ['status-page', 'website'];

/** What `deploy` allows programs with an API key to start: the end of its inbound rules. */
const acceptedKeys = `  - source: { key: chatops }
    targets:
      - { workflow: staging.yml, inputs: [service, sha] }
      - { event-type: rollback }
`;

const firstId = 700_000_001;

/** Creates the repositories: 40 of one organization, and one of a partner. */
export function demoRepositories(): readonly DemoRepository[] {
  const routes = demoRoutes();
  return [...names, ...publicNames, 'carriers'].map((name, index) => {
    const owner = ownerOf(name);
    const workflows = new Set([
      ...routes.filter(({ source }) => source === name).map(({ workflow }) => workflow),
      ...routes.filter(({ target }) => target === name).map(({ targetWorkflow }) => targetWorkflow),
      'ci.yml',
    ]);
    return {
      id: firstId + index,
      owner,
      name,
      visibility: publicNames.includes(name) ? 'public' : 'private',
      isArchived: name === 'legacy-shop',
      installationId: installations[owner] ?? 0,
      dispatching:
        name === 'deploy' ? `${dispatchingFile(name, routes)}${acceptedKeys}` : dispatchingFile(name, routes),
      workflows: Object.fromEntries([...workflows].map((file) => [file, workflowText(file, name)])),
    };
  });
}

const inputsOf: Readonly<Record<string, readonly string[]>> = {
  'staging.yml': ['service', 'sha'],
  'production.yml': ['service', 'version'],
  'e2e.yml': ['service', 'sha'],
  'smoke.yml': ['service', 'sha'],
  'update.yml': ['library', 'sha'],
  'contract-tests.yml': ['sha'],
};

function workflowText(file: string, name: string): string {
  const title = file.replace('.yml', '').replaceAll('-', ' ');
  const inputs = inputsOf[file] ?? [];
  const declared = inputs.map((input) => `      ${input}: { type: string, default: '' }\n`).join('');
  return (
    `name: ${title[0]?.toUpperCase()}${title.slice(1)}\non:\n` +
    `  push: { branches: [main] }\n  workflow_dispatch:\n${inputs.length === 0 ? '' : `    inputs:\n${declared}`}` +
    `jobs:\n  ${file.replace('.yml', '')}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make ${name}\n`
  );
}

/** Returns Git's id of a file with this content. */
export function blobId(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

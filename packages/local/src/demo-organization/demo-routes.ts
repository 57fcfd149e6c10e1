// The routes of the demonstration: who wants to start what, and whether both sides agree. The files are written from them.

export const organization = 'octo-org';
export const partner = 'octo-partner';

/** Returns the owner of a repository of the demonstration. */
export function ownerOf(name: string): string {
  return name === 'carriers' ? partner : organization;
}

/** `both`: the source requests and the target allows it. The others stand in one of the two files only. */
export type Agreement = 'both' | 'requested' | 'offered';

export interface DemoRoute {
  readonly source: string;
  readonly workflow: string;
  readonly target: string;
  readonly targetWorkflow: string;
  readonly agreement: Agreement;
  /** Written into both files. Default: the source's default branch. */
  readonly branches?: readonly string[];
  readonly tags?: readonly string[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly id?: string;
}

export const libraries = ['ui-kit', 'auth-lib', 'logging', 'http-client', 'feature-flags', 'money'] as const;

export const services = [
  'app',
  'accounts',
  'api-gateway',
  'billing',
  'catalog',
  'checkout',
  'inventory',
  'notifications',
  'orders',
  'payments',
  'pricing',
  'recommendations',
  'reviews',
  'search',
  'shipping',
] as const;

export const dataRepositories = ['ingest', 'warehouse-models', 'reports', 'ml-ranking', 'forecasts'] as const;

/** The first library is used by all services, the last by few. */
function usersOf(index: number): readonly string[] {
  return services.filter((_, position) => (position + index) % (1 + Math.floor(index / 5)) === 0);
}

/** What the target has not agreed to yet: a rule that was forgotten, as everywhere. */
const forgotten = new Set(['app>docs', 'forecasts>reports', 'shipping>docs', 'money>billing', 'logging>legacy-shop']);
/** What the target offers, and nobody requests. */
const unused = new Set(['payments>load-tests', 'search>load-tests', 'money>app', 'pricing>load-tests']);

function agreementOf(source: string, target: string): Agreement {
  if (forgotten.has(`${source}>${target}`)) return 'requested';
  return unused.has(`${source}>${target}`) ? 'offered' : 'both';
}

function route(
  source: string,
  workflow: string,
  target: string,
  targetWorkflow: string,
  more: Partial<DemoRoute> = {},
): DemoRoute {
  return { source, workflow, target, targetWorkflow, agreement: agreementOf(source, target), ...more };
}

const commit = { sha: '${{ source.head_sha }}' };

function routesOfService(name: string, index: number): DemoRoute[] {
  const service = { service: name, ...commit };
  return [
    route(name, 'ci.yml', 'deploy', 'staging.yml', { id: name, inputs: service }),
    route(name, 'release.yml', 'deploy', 'production.yml', {
      id: name,
      tags: ['v*'],
      inputs: { service: name, version: '${{ source.head_branch }}' },
    }),
    route(name, 'ci.yml', 'integration-tests', 'e2e.yml', { id: name, inputs: service }),
    route(name, 'release.yml', 'release-notes', 'collect.yml', { tags: ['v*'] }),
    route(name, 'release.yml', 'status-page', 'announce.yml', { tags: ['v*'] }),
    route('infrastructure', 'drift.yml', name, 'configure.yml'),
    route(name, 'ci.yml', 'docs', 'publish.yml', { branches: ['main', 'release/**'] }),
    ...(index % 2 === 0 ? [route(name, 'ci.yml', 'load-tests', 'smoke.yml', { inputs: service })] : []),
    ...(index % 3 === 0 ? [route(name, 'ci.yml', 'status-page', 'refresh.yml')] : []),
  ];
}

function routesOfLibrary(name: string, index: number): DemoRoute[] {
  const update = { inputs: { library: name, ...commit } };
  return [
    ...usersOf(index).map((user) => route(name, 'ci.yml', user, 'update.yml', update)),
    ...(name === 'logging' ? [route(name, 'ci.yml', 'legacy-shop', 'update.yml', update)] : []),
    route(name, 'ci.yml', 'docs', 'publish.yml'),
    route(name, 'release.yml', 'release-notes', 'collect.yml', { tags: ['v*'] }),
  ];
}

/** A chain that is longer than MAX_DISPATCH_DEPTH allows, so that its last step is denied. */
const chain = ['ingest', 'warehouse-models', 'forecasts', 'ml-ranking', 'reports', 'recommendations', 'search'];

/** Returns all routes of the demonstration. */
export function demoRoutes(): readonly DemoRoute[] {
  const everyone = [...services, ...libraries, ...dataRepositories];
  return [
    ...services.flatMap(routesOfService),
    ...libraries.flatMap(routesOfLibrary),
    // More targets than MAX_TARGETS_PER_RUN: the last ones are denied.
    ...everyone.map((target) => route('base-images', 'build.yml', target, 'rebuild.yml')),
    ...[...services, 'warehouse-models', 'ingest'].map((target) =>
      route('event-schemas', 'ci.yml', target, 'contract-tests.yml', { inputs: commit }),
    ),
    ...chain.slice(1).map((target, index) => route(chain[index] ?? '', 'nightly.yml', target, 'nightly.yml')),
    route('forecasts', 'nightly.yml', 'reports', 'weekly.yml'),
    // A cycle: website → docs → website.
    route('website', 'build.yml', 'docs', 'publish.yml'),
    route('docs', 'publish.yml', 'website', 'build.yml'),
    // What follows a deployment.
    route('deploy', 'staging.yml', 'integration-tests', 'e2e.yml', { id: 'after-staging' }),
    route('deploy', 'production.yml', 'status-page', 'refresh.yml'),
    route('deploy', 'production.yml', 'release-notes', 'collect.yml'),
    route('integration-tests', 'e2e.yml', 'status-page', 'refresh.yml', { id: 'tests' }),
    ...['staging', 'production'].map((stage) =>
      route('infrastructure', 'apply.yml', 'deploy', `${stage}.yml`, { id: `infrastructure-${stage}` }),
    ),
    route('infrastructure', 'apply.yml', 'status-page', 'refresh.yml'),
    ...['ios', 'android'].map((id) => route('mobile-app', 'ci.yml', 'integration-tests', 'mobile.yml', { id })),
    route('carriers', 'ci.yml', 'shipping', 'contract-tests.yml'),
    route('shipping', 'ci.yml', 'carriers', 'contract-tests.yml'),
    route('carriers', 'ci.yml', 'deploy', 'staging.yml', { id: 'carriers', agreement: 'requested' }),
  ];
}

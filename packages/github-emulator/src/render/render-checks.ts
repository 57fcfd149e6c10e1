import type { CheckApp, CheckRun, CheckSuite, Repository } from '../state/entities.ts';
import { runsOfSuite, suiteState } from '../state/checks.ts';
import { covers, type StateStore } from '../state/state-store.ts';
import { type Json, nodeId } from './json.ts';
import { renderOrganization, renderUser } from './render-accounts.ts';
import { renderAppSummary } from './render-app.ts';
import { htmlUrl, renderMinimalRepository, renderRepository, repositoryUrl } from './render-repositories.ts';

function renderCheckApp(store: StateStore, base: string, app: CheckApp): Json {
  const own = store.state.app;
  if (app.id === own.id) return renderAppSummary(own, base, store);
  const other = { ...own, id: app.id, slug: app.slug, name: app.slug, clientId: `Iv1.${app.id}`, events: [] };
  return renderAppSummary(other, base, store);
}

export function renderCheckRun(store: StateStore, base: string, repository: Repository, run: CheckRun): Json {
  const url = `${repositoryUrl(base, repository)}/check-runs/${run.id}`;
  const html = `${htmlUrl(base, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId('CheckRun', run.id),
    external_id: run.externalId,
    head_sha: run.headSha,
    name: run.name,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: renderCheckApp(store, base, run.app),
    pull_requests: [],
  };
}

export function renderAnnotations(base: string, repository: Repository, run: CheckRun): Json[] {
  return run.annotations.map((annotation) => ({
    title: null,
    raw_details: null,
    start_column: null,
    end_column: null,
    ...annotation,
    blob_href: `${repositoryUrl(base, repository)}/contents/${annotation.path}?ref=${run.headSha}`,
  }));
}

export function renderCheckSuite(store: StateStore, base: string, repository: Repository, suite: CheckSuite): Json {
  return {
    ...suiteFields(store, base, repository, suite),
    repository: renderMinimalRepository(store, base, repository),
  };
}

function suiteFields(store: StateStore, base: string, repository: Repository, suite: CheckSuite): Json {
  const url = `${repositoryUrl(base, repository)}/check-suites/${suite.id}`;
  const commit = repository.commits[suite.headSha];
  const branch = Object.entries(repository.branches).find(([, sha]) => sha === suite.headSha)?.[0] ?? null;
  const author = { name: 'Octo Cat', email: 'octocat@users.noreply.github.com' };
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: branch,
    head_sha: suite.headSha,
    ...suiteState(store, suite),
    url,
    before: commit?.parent ?? null,
    after: suite.headSha,
    pull_requests: [],
    app: renderCheckApp(store, base, suite.app),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    latest_check_runs_count: runsOfSuite(store, suite).length,
    check_runs_url: `${url}/check-runs`,
    head_commit: {
      id: suite.headSha,
      tree_id: commit?.treeOid ?? suite.headSha,
      message: commit?.message ?? '',
      timestamp: commit?.committedAt ?? suite.createdAt,
      author,
      committer: author,
    },
  };
}

/** Renders the webhook `check_run` with action `rerequested`: somebody clicked "Re-run". */
export function renderCheckRunRerequested(
  store: StateStore,
  base: string,
  repository: Repository,
  { run, suite, actor }: { readonly run: CheckRun; readonly suite: CheckSuite; readonly actor: string },
): Json {
  const check = renderCheckRun(store, base, repository, run);
  return {
    action: 'rerequested',
    check_run: { ...check, check_suite: suiteFields(store, base, repository, suite) },
    ...envelope(store, base, repository, actor),
  };
}

/** Renders the webhook `check_suite` with action `rerequested`: somebody clicked "Re-run all checks". */
export function renderCheckSuiteRerequested(
  store: StateStore,
  base: string,
  repository: Repository,
  { suite, actor }: { readonly suite: CheckSuite; readonly actor: string },
): Json {
  return {
    action: 'rerequested',
    check_suite: suiteFields(store, base, repository, suite),
    ...envelope(store, base, repository, actor),
  };
}

function envelope(store: StateStore, base: string, repository: Repository, actor: string): Json {
  const owner = store.owner(repository.owner);
  const installation = store.state.installations.find((one) => covers(one, repository));
  return {
    repository: renderRepository(store, base, repository),
    ...(owner?.type === 'Organization' ? { organization: renderOrganization(base, owner) } : {}),
    sender: renderUser(store, base, actor),
    ...(installation === undefined
      ? {}
      : { installation: { id: installation.id, node_id: nodeId('IntegrationInstallation', installation.id) } }),
  };
}

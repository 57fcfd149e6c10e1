import { createHash } from 'node:crypto';
import {
  type BranchComparison,
  type Candidates,
  type Code,
  codes,
  type CommitRuns,
  type HeadSnapshot,
  type JobRequested,
  type OwnerPolicies,
  type Plan,
  type PolicySnapshot,
  type RepositorySnapshot,
  requestIdOf,
  type RunCompleted,
  triggerLabel,
} from '@dispatcher/contracts';
import { decide, type DecideInput } from '@dispatcher/rules';
import { demoRepositories } from '../demo-organization/repositories.ts';
import type { RootRun } from './calendar.ts';
import type { Refusal } from './facts.ts';
import { timeOf } from './facts.ts';
import type { Twist } from './history.ts';
import type { RepositoryState } from './past-repositories.ts';

// What people try in `sandbox` and `sandbox-target`, one mistake after the other: every code has at least one example.

export interface SandboxCase {
  /** The code that the plan or its first decision has. */
  readonly code: Code;
  readonly source?: Partial<RepositoryState>;
  readonly target?: Partial<RepositoryState>;
  readonly root?: Partial<RootRun>;
  readonly twist?: Twist;
}

export const sandboxWorkflow = `name: Deploy
on:
  workflow_dispatch:
    inputs:
      sha: { type: string, default: '' }
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh
`;

const outbound = (target = '', source = ''): string => `outbound:
  - source: { workflow: ci.yml${source} }
    targets:
      - { repository: sandbox-target, workflow: deploy.yml${target} }
`;
const inbound = (target = '', source = ''): string => `inbound:
  - source: { repository: sandbox, workflow: ci.yml${source} }
    targets:
      - { workflow: deploy.yml${target} }
`;
export const sandboxFiles = { source: outbound(), target: inbound() };

/** A rule that needs two workflows. */
const needs = outbound(', id: all').replace('workflow: ci.yml', 'needs: [ci.yml, security.yml]');

/** Returns what planning knows of the commit of a run on which another workflow has succeeded. */
function succeeded({ run }: DecideInput, workflow: string): CommitRuns {
  const commit: CommitRuns = { runs: [], claims: {}, lineages: {} };
  if (run.type !== 'run.completed') return commit;
  return {
    ...commit,
    runs: [{ workflow, isCompleted: true, run: { ...run.run, id: run.run.id - 1, conclusion: 'success' } }],
  };
}

const sourceFile = (dispatching: string) => ({ source: { dispatching } });
const files = (source: string, target: string) => ({
  source: { dispatching: source },
  target: { dispatching: target },
});
const workflow = (text: string) => ({ target: { workflows: { 'deploy.yml': text } } });

function withSource(change: (source: Extract<RepositorySnapshot, { state: 'read' }>) => RepositorySnapshot): Twist {
  return {
    input: (input: DecideInput) => (input.source.state === 'read' ? { ...input, source: change(input.source) } : input),
  };
}

function withHead(change: (head: HeadSnapshot) => HeadSnapshot): Twist {
  return withSource((source) => ({ ...source, heads: (source.heads ?? []).map(change) }));
}

const withGuardRails = (change: Partial<DecideInput['guardRails']>): Twist => ({
  input: (input) => ({ ...input, guardRails: { ...input.guardRails, ...change } }),
});

/** Returns the request of a job of a run, while the run is in progress. */
function jobOf(message: RunCompleted, inputs: Readonly<Record<string, string>>): JobRequested {
  const { id, attempt } = message.run;
  const checkRunId = String(id * 100 + attempt);
  return {
    ...message,
    type: 'job.requested',
    requestId: requestIdOf('job', message.repository.id, id, attempt, checkRunId, 'sandbox'),
    run: { ...message.run, conclusion: null, refType: 'branch' },
    job: { checkRunId, environment: null },
    request: { repository: 'octo-org/sandbox-target', workflow: 'deploy.yml', id: null, inputs },
  };
}

/** The policy of the owner of both repositories, which lie in one organization. */
const withPolicy = (text: string): Twist => ({ input: (input) => ({ ...input, policies: ownerPolicies(text) }) });

/** Returns the policies as planning reads them. Null: the file is gone, and a policy was seen before. */
export function ownerPolicies(text: string | null): OwnerPolicies {
  const repositoryId = 700_000_001;
  const snapshot: PolicySnapshot =
    text === null
      ? { state: 'absent' }
      : {
          state: 'read',
          repositoryId,
          repository: 'octo-org/.github',
          sha: 'c'.repeat(40),
          file: {
            state: 'read',
            blobId: createHash('sha1').update(text).digest('hex'),
            byteSize: text.length,
            isBinary: false,
            isTruncated: false,
            text,
          },
        };
  return { 'octo-org': { snapshot, seenIn: repositoryId } };
}

export const invalidPolicy = 'cross-owner: perhaps\n';

const gone: BranchComparison = 'not-comparable';
const longValue = Array.from({ length: 24 }, () => '${{ source.html_url }}').join(' ');
const dayMs = 86_400_000;

/** Returns what the consent index lists for a source that only this repository allows. */
function allowing(name: string): Candidates {
  const listed = demoRepositories().filter((repository) => repository.name === name);
  const repositories = listed.map(({ id }) => ({ repositoryId: id, name, workflows: ['deploy.yml'] }));
  return { listedAt: timeOf(0), isComplete: true, repositories };
}

/** Returns the plan as planning stores it if it exceeds the size that can be stored. */
function tooLarge(plan: Plan): Plan {
  const { title, fix, responsible } = codes['plan-too-large'];
  const message = `The plan of ${triggerLabel(plan.trigger)} has ${plan.decisions.length} decisions. ${title}`;
  return {
    ...plan,
    outcome: 'plan-too-large',
    code: 'plan-too-large',
    message,
    fix,
    responsible,
    unmatched: [],
    decisions: [],
  };
}

export const sandboxCases: readonly SandboxCase[] = [
  { code: 'no-config', source: { dispatching: null } },
  { code: 'config-invalid', ...sourceFile('outbound:\n  - source: { workflow: ci.yml }\n    target: deploy\n') },
  { code: 'config-ambiguous', source: { secondFile: outbound() } },
  { code: 'config-unreadable', source: { unreadable: 'GitHub returned 502 Bad Gateway for the GraphQL request' } },
  { code: 'source-branch-unreadable', source: { isEmpty: true } },
  { code: 'source-not-visible', source: { isHidden: true } },
  { code: 'source-gone', twist: withSource((source) => ({ ...source, id: source.id + 5_000 })) },
  {
    code: 'source-ref-unreadable',
    twist: withHead((head) => ({ ...head, branch: { state: 'unknown', reason: 'GitHub returned 502 Bad Gateway' } })),
  },
  {
    code: 'source-ref-ambiguous',
    twist: withHead((head) => ({ ...head, tag: { state: 'read', sha: head.sha } })),
  },
  {
    code: 'source-commit-gone',
    twist: withHead((head) => ({ ...head, branch: { state: 'read', sha: 'e'.repeat(40), comparison: gone } })),
  },
  { code: 'fork-run', root: { fork: true, event: 'pull_request', ref: 'main' } },
  {
    code: 'run-too-old',
    twist: {
      run: (message) => {
        const updatedAt = timeOf(Date.parse(message.receivedAt) - 33 * dayMs);
        return { ...message, run: { ...message.run, createdAt: updatedAt, startedAt: updatedAt, updatedAt } };
      },
    },
  },
  {
    code: 'run-in-future',
    twist: {
      run: (message) => {
        const updatedAt = timeOf(Date.parse(message.receivedAt) + dayMs / 8);
        return { ...message, run: { ...message.run, updatedAt } };
      },
    },
  },
  { code: 'source-not-allowed', twist: withGuardRails({ sourceRepositories: ['octo-org/app', 'octo-org/orders'] }) },
  { code: 'source-workflow-not-allowed', twist: withGuardRails({ sourceWorkflows: ['release.yml'] }) },
  { code: 'target-not-allowed', twist: withGuardRails({ targetRepositories: ['octo-org/deploy'] }) },
  { code: 'paused', twist: withGuardRails({ paused: true }) },
  { code: 'plan-too-large', twist: { plan: tooLarge } },
  {
    code: 'duplicate-route',
    ...sourceFile(`${outbound()}      - { repository: octo-org/sandbox-target, workflow: deploy.yml }\n`),
  },
  {
    code: 'self-dispatch',
    ...sourceFile(outbound().replace('sandbox-target, workflow: deploy.yml', 'sandbox, workflow: ci.yml')),
  },
  {
    code: 'lineage-unknown',
    twist: { input: (input) => ({ ...input, lineage: { state: 'unknown' } }) },
  },
  {
    code: 'input-value-invalid',
    ...files(outbound(`, inputs: { sha: '${longValue}' }`), inbound(', inputs: [sha]')),
  },
  { code: 'target-not-visible', ...sourceFile(outbound().replace('sandbox-target', 'sandbox-copy')) },
  { code: 'target-unreadable', target: { unreadable: 'GitHub returned 502 Bad Gateway for the GraphQL request' } },
  { code: 'target-archived', target: { isArchived: true } },
  { code: 'target-branch-unreadable', target: { isEmpty: true } },
  { code: 'target-no-config', target: { dispatching: null } },
  { code: 'target-config-invalid', target: { dispatching: inbound().replace('targets:', 'target:') } },
  { code: 'target-config-ambiguous', target: { secondFile: inbound() } },
  { code: 'policy-refused', twist: withPolicy("sources: ['team-*']\n") },
  { code: 'policy-invalid', twist: withPolicy(invalidPolicy) },
  { code: 'policy-unreadable', twist: { input: (input) => ({ ...input, policies: ownerPolicies(null) }) } },
  { code: 'target-policy-refused', twist: withPolicy('targets: [deploy]\n') },
  {
    code: 'inbound-disabled',
    target: { dispatching: inbound().replace('    targets', '    enabled: false\n    targets') },
  },
  { code: 'dry-run', ...sourceFile(outbound(', enabled: dry-run')) },
  { code: 'source-replaced', target: { dispatching: inbound('', ', repository-id: 600123456') } },
  { code: 'target-replaced', ...sourceFile(outbound(', repository-id: 600123457')) },
  { code: 'inbound-branch', target: { dispatching: inbound('', ", branches: ['release/**']") } },
  { code: 'inbound-event', target: { dispatching: inbound('', ', events: [schedule]') } },
  {
    code: 'inbound-conclusion',
    root: { conclusion: 'failure' },
    ...sourceFile(outbound('', ', conclusions: [success, failure]')),
  },
  { code: 'inbound-attempt', root: { attempt: 2 }, target: { dispatching: inbound('', ', attempts: [1]') } },
  { code: 'inbound-ref', ...sourceFile(outbound(', ref: release/1')) },
  { code: 'inbound-input', ...sourceFile(outbound(", inputs: { sha: '${{ source.head_sha }}' }")) },
  { code: 'workflow-missing', target: { workflows: {} } },
  { code: 'workflow-invalid', ...workflow('- deploy\n- later\n') },
  { code: 'workflow-trigger-missing', ...workflow(sandboxWorkflow.replace('workflow_dispatch:', 'workflow_call:')) },
  { code: 'ref-missing', ...files(outbound(', ref: next'), inbound(', refs: [next]')) },
  { code: 'input-undeclared', ...files(outbound(', inputs: { commit: abc }'), inbound(', inputs: [commit]')) },
  {
    code: 'input-missing',
    ...workflow(sandboxWorkflow.replace("type: string, default: ''", 'type: string, required: true')),
  },
  {
    code: 'input-type',
    ...files(outbound(', inputs: { sha: newest }'), inbound(', inputs: [sha]')),
    target: {
      dispatching: inbound(', inputs: [sha]'),
      ...workflow(sandboxWorkflow.replace("type: string, default: ''", 'type: number')).target,
    },
  },
  {
    code: 'public-target',
    ...sourceFile(outbound().replace('sandbox-target', "'sandbox-*'")),
    target: { visibility: 'public' },
    twist: { candidates: allowing('sandbox-target') },
  },
  {
    code: 'job-input-unused',
    ...files(
      outbound().replace('workflow: ci.yml', 'job: ci.yml'),
      inbound().replace('workflow: ci.yml', 'job: ci.yml'),
    ),
    twist: { run: (message) => jobOf(message, { digest: 'sha256:0123' }) },
  },
  {
    code: 'inbound-environment',
    ...files(
      outbound().replace('workflow: ci.yml', 'job: ci.yml'),
      inbound('', ', environments: [production]').replace('workflow: ci.yml', 'job: ci.yml'),
    ),
    twist: { run: (message) => jobOf(message, {}) },
  },
  { code: 'waiting-for-needs', ...sourceFile(needs) },
  {
    code: 'already-dispatched',
    ...sourceFile(needs),
    twist: {
      input: (input) => {
        const commit = succeeded(input, 'security.yml');
        const { dispatchId = '' } = decide({ ...input, commit }).decisions[0] ?? {};
        const runUrl = 'https://github.com/octo-org/sandbox/actions/runs/30433641';
        return { ...input, commit: { ...commit, claims: { [dispatchId]: { runKey: 'earlier', runUrl } } } };
      },
    },
  },
  {
    code: 'source-runs-unreadable',
    ...sourceFile(needs),
    twist: {
      input: (input) => ({
        ...input,
        commit: { ...succeeded(input, 'security.yml'), unknown: { state: 'unknown', reason: '502 Bad Gateway' } },
      }),
    },
  },
  // The last one, so that the route ends with the most frequent refusal by a target.
  { code: 'inbound-no-match', target: { dispatching: inbound().replace('sandbox,', 'sandbox-old,') } },
];

/** How GitHub or Dispatcher refused an allowed dispatch, by the code of the failure. */
export const refusals: readonly Refusal[] = [
  { code: 'dispatch-not-found', message: 'Not Found', status: 404 },
  { code: 'dispatch-forbidden', message: 'Resource not accessible by integration', status: 403 },
  { code: 'dispatch-rejected', message: 'No ref found for: main', status: 422 },
  { code: 'dispatch-rejected', message: "Workflow does not have 'workflow_dispatch' trigger", status: 422 },
  { code: 'dispatch-gone', message: 'This resource is no longer available', status: 410 },
  { code: 'target-not-installed', message: 'The App is not installed on this repository.', status: 404 },
  {
    code: 'outcome-unknown',
    message: 'GitHub’s response was lost, and the runs of the target cannot be listed.',
    status: null,
  },
  {
    code: 'decision-outdated',
    message: 'The rules changed while the dispatch waited: it would now start on another ref.',
    status: null,
  },
  {
    code: 'patterns-off',
    message: 'The target is meant by a pattern of the outbound rule, and ALLOW_PATTERNS is not set any more.',
    status: null,
  },
];

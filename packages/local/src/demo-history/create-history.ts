import type { Fact, RunCompleted } from '@dispatcher/contracts';
import { type DemoRepository, demoRepositories } from '../demo-organization/repositories.ts';
import { createRandom } from '../demo-organization/random.ts';
import { dayMs } from './calendar.ts';
import { sandboxCases, sandboxFiles, sandboxWorkflow } from './cases.ts';
import type { DemoGitHub } from './demo-github.ts';
import { timeOf } from './facts.ts';
import { History, type HistoryOptions } from './history.ts';
import { fillWeek, guardRailsOf, type HistorySize } from './week.ts';
import { createPastRepositories, type RepositoryState } from './past-repositories.ts';

export interface CreateHistoryOptions {
  readonly seed: number;
  readonly size: HistorySize;
  readonly github: DemoGitHub;
  readonly bot: string;
  /** The end of the history, in milliseconds since the epoch. */
  readonly now: number;
  readonly record: (facts: readonly Fact[]) => Promise<void>;
  readonly storePlan: HistoryOptions['storePlan'];
}

export interface CreatedHistory {
  /** Runs that completed, and whose messages were given up: they belong into the dead-letter queue. */
  readonly givenUp: readonly RunCompleted[];
}

/** Since when the file of `reviews` is broken. */
const brokenMs = 26 * 60 * 60_000;
const brokenFile = (text: string): string => text.replace('    targets:', '    target:');

/** Commits the files of the demonstration to the emulator, lets a week pass there, and records its facts. */
export async function createHistory(options: CreateHistoryOptions): Promise<CreatedHistory> {
  const { seed, size, github, bot, now, record, storePlan } = options;
  const random = createRandom(seed);
  const from = now - size.days * dayMs;
  const sandboxCommits = await commitSandbox(github);
  const states = await commitFiles(github, demoRepositories());
  const repositories = createPastRepositories(states);
  const reviews = repositories.at('reviews', now);
  const repaired = states.find(({ name }) => name === 'reviews')?.dispatching ?? '';
  const sha = await github.push('octo-org/reviews', { 'dispatching.yml': brokenFile(repaired) }, 'Tidy the rules');
  repositories.add({
    repository: 'reviews',
    from: now - Math.min(brokenMs, (now - from) / 4),
    until: Number.POSITIVE_INFINITY,
    change: { ...reviews, dispatching: brokenFile(repaired), sha },
  });
  const history = new History({
    random,
    repositories,
    github,
    bot,
    now,
    guardRailsAt: guardRailsOf({ from, now }),
    record,
    storePlan,
  });
  fillWeek({ random, history, repositories, from, now, size, sandboxCommits });
  const givenUp: RunCompleted[] = [];
  for (const [index, name] of ['checkout', 'orders', 'search'].entries()) {
    const at = now - (5 + index) * 60 * 60_000;
    if (at < from) continue;
    history.schedule(at, async () => {
      const root = {
        at,
        repository: name,
        workflow: 'ci.yml',
        event: 'push',
        ref: 'main',
        isTag: false,
        conclusion: 'success',
        actor: 'octocat',
        durationMs: 120_000,
      };
      const state = repositories.at(name, at);
      const run = { ...root, repository: `octo-org/${name}`, branch: 'main', sha: state.sha, startedAt: at - 120_000 };
      givenUp.push(history.messageOf(state, root, await github.addRun(run)));
    });
  }
  const pages = { at: now - 3_600_000, workflow: 'dynamic/pages/pages-build-deployment' };
  history.schedule(pages.at, async () => {
    const root = {
      ...pages,
      repository: 'website',
      event: 'dynamic',
      ref: 'main',
      isTag: false,
      conclusion: 'success',
      actor: 'octocat',
      durationMs: 40_000,
    };
    const state = repositories.at('website', pages.at);
    const run = {
      ...root,
      repository: 'octo-org/website',
      branch: 'main',
      sha: state.sha,
      startedAt: pages.at - 40_000,
    };
    await history.ignored(state, root, await github.addRun(run));
  });
  await history.play();
  return { givenUp };
}

/** Commits the `dispatching.yml` of each repository, and returns the repositories with the commits. */
async function commitFiles(
  github: DemoGitHub,
  repositories: readonly DemoRepository[],
): Promise<readonly RepositoryState[]> {
  const states: RepositoryState[] = [];
  for (const repository of repositories) {
    const { owner, name, dispatching, workflows } = repository;
    const state = name === 'sandbox' || name === 'sandbox-target' ? sandboxOf(repository) : repository;
    const content = state.dispatching ?? dispatching;
    const files = {
      ...(content === null ? { 'CHANGELOG.md': `# ${timeOf(0)}\n` } : { 'dispatching.yml': content }),
      ...Object.fromEntries(
        Object.entries({ ...workflows, ...state.workflows }).map(([file, text]) => [`.github/workflows/${file}`, text]),
      ),
    };
    const message = content === null ? 'Add a change log' : 'Add the dispatching rules';
    states.push({ ...state, sha: await github.push(`${owner}/${name}`, files, message) });
  }
  return states;
}

function sandboxOf(repository: DemoRepository): DemoRepository {
  const isSource = repository.name === 'sandbox';
  const dispatching = isSource ? sandboxFiles.source : sandboxFiles.target;
  return isSource
    ? { ...repository, dispatching }
    : { ...repository, dispatching, workflows: { 'deploy.yml': sandboxWorkflow } };
}

/** Commits what somebody tried in the sandbox, one case after the other, so that the links to the files open. */
async function commitSandbox(github: DemoGitHub): Promise<{ source: string; target: string }[]> {
  const commits: { source: string; target: string }[] = [];
  for (const { source = {}, target = {}, code } of sandboxCases) {
    const message = `Try ${code}`;
    const workflows = Object.entries(target.workflows ?? { 'deploy.yml': sandboxWorkflow });
    commits.push({
      source: await github.push(
        'octo-org/sandbox',
        {
          'dispatching.yml': source.dispatching === undefined ? sandboxFiles.source : source.dispatching,
          '.github/dispatching.yml': source.secondFile ?? null,
        },
        message,
      ),
      target: await github.push(
        'octo-org/sandbox-target',
        {
          'dispatching.yml': target.dispatching === undefined ? sandboxFiles.target : target.dispatching,
          '.github/dispatching.yml': target.secondFile ?? null,
          ...Object.fromEntries(workflows.map(([file, text]) => [`.github/workflows/${file}`, text])),
        },
        message,
      ),
    });
  }
  return commits;
}

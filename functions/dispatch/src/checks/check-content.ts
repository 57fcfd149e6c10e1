import { codes, type Route, type RunCompleted, targetLabel } from '@dispatcher/contracts';
import type { CheckConclusion, CheckContent } from '@dispatcher/github';
import type { SourceView } from '@dispatcher/rules';
import type { StartedRunState } from '@dispatcher/store';
import { inBlock, inCode, link, responsibleLabels } from '../issues/issue-text.ts';
import type { ReportedDecision, RouteState } from './route-state.ts';

/** The name of the summary check, and the prefix of the checks that rules name. */
export const summaryName = 'Dispatcher';

/** Returns the name under which GitHub shows the check of a rule. */
export function checkNameOf(name: string): string {
  return `${summaryName} / ${name}`;
}

/** A check run as it should be. */
export interface DesiredCheck {
  readonly name: string;
  readonly content: CheckContent;
  /** Whether an existing check run may be updated up to a minute later, together with later changes. */
  readonly mayWait: boolean;
}

export interface ReportedRoute extends ReportedDecision {
  readonly state: RouteState;
}

export interface CheckSettings {
  /** `summary`: a summary where something was started or somebody must act. `all`: of every plan that has routes. */
  readonly createChecks: 'none' | 'summary' | 'all';
  /** The page that documents the codes, or null. */
  readonly docsUrl: string | null;
}

export interface CheckContext extends CheckSettings {
  readonly trigger: RunCompleted;
  /** The run's page in the dashboard, or null. */
  readonly runPage: string | null;
  /** Whether the checks are so old that GitHub would mark them as stale: what is open then is completed. */
  readonly isOverdue: boolean;
}

/** Returns the check runs of a plan as they should be now. */
export function desiredChecks(routes: readonly ReportedRoute[], context: CheckContext): DesiredCheck[] {
  const summary = summaryCheck(routes, context);
  return [
    ...(summary === null ? [] : [summary]),
    ...routes.flatMap((route) => {
      const { check } = route.decision;
      return check === undefined
        ? []
        : [{ name: checkNameOf(check), content: namedCheck(route, context), mayWait: false }];
    }),
  ];
}

/** Returns the summary, or null while a route is neither started nor refused, or if there is nothing to report. */
function summaryCheck(routes: readonly ReportedRoute[], context: CheckContext): DesiredCheck | null {
  if (routes.length === 0 || routes.some(({ state }) => state.state === 'waiting')) return null;
  const isForNobody = ({ state }: ReportedRoute) => state.state === 'refused' && state.view.responsible === 'nobody';
  const shown = context.createChecks === 'all' ? routes : routes.filter((route) => !isForNobody(route));
  if (shown.length === 0) return null;
  const started = shown.filter(({ state }) => state.state === 'started').length;
  const hasRefused = started < shown.length;
  return {
    name: summaryName,
    content: {
      status: 'completed',
      conclusion: hasRefused ? 'neutral' : 'success',
      title: hasRefused ? `Started ${started} of ${countOf(shown.length)}` : `Started ${countOf(started)}`,
      summary: summaryText(shown, context),
      detailsUrl: context.runPage ?? context.trigger.run.htmlUrl,
    },
    mayWait: true,
  };
}

function countOf(count: number): string {
  return `${count} workflow${count === 1 ? '' : 's'}`;
}

/** Returns the target of a route with its `id`, which distinguishes two targets with the same workflow. */
function labelOf({ target, id }: Route): string {
  return `${targetLabel(target)}${id === undefined ? '' : `#${id}`}`;
}

/** GitHub accepts 65,535 characters; the rest is left for what follows the details. */
const maxDetailsLength = 60_000;
/** Of a plan of very many targets, the table alone would be too long. */
const maxRows = 200;

function summaryText(routes: readonly ReportedRoute[], context: CheckContext): string {
  const { workflow, run } = context.trigger;
  const named = routes.filter(({ decision }) => decision.pattern === undefined);
  const subscribed = Map.groupBy(
    routes.filter(({ decision }) => decision.pattern !== undefined),
    patternLabelOf,
  );
  const rows = [
    ...named.slice(0, maxRows).map(({ decision, state }) => row(labelOf(decision.route), resultOf(state))),
    ...[...subscribed].map(([label, each]) => row(label, countsOf(each))),
  ];
  const more = named.length - maxRows;
  const parts = [
    `Run ${link(run.htmlUrl)} of ${inCode(workflow)} completed, and these workflows depend on it in \`dispatching.yml\`.`,
    ['| Workflow | Result |', '| --- | --- |', ...rows].join('\n'),
    ...(more > 0 ? [`${more} more are not listed.`] : []),
    ...(subscribed.size > 0 ? [notNamed] : []),
  ];
  let length = parts.join('\n\n').length;
  const refusals = [
    ...named.flatMap(({ decision, state }) => refusalIn(labelOf(decision.route), state)),
    ...[...subscribed].flatMap(([label, each]) => refusalsOfPattern(label, each)),
  ];
  for (const { label, view } of refusals) {
    const details = `### ${inCode(label)}\n\n${refusalText(view, context)}`;
    length += details.length + 2;
    if (length > maxDetailsLength) {
      parts.push('Further reasons are not listed: the text of a check is limited.');
      break;
    }
    parts.push(details);
  }
  return [...parts, explanation].join('\n\n');
}

function row(label: string, result: string): string {
  return `| ${inCode(label)} | ${result} |`;
}

/** Returns the pattern in the place of the repository that it means. */
function patternLabelOf({ decision: { route, pattern = '' } }: ReportedRoute): string {
  return labelOf({ ...route, target: { ...route.target, repository: pattern } });
}

function countsOf(routes: readonly ReportedRoute[]): string {
  const started = routes.filter(({ state }) => state.state === 'started').length;
  const counts = [`${started} started`, ...(started < routes.length ? [`${routes.length - started} not started`] : [])];
  return `${routes.length === 1 ? '1 repository' : `${routes.length} repositories`}: ${counts.join(', ')}`;
}

interface Refusal {
  readonly label: string;
  readonly view: SourceView;
}

function refusalIn(label: string, state: RouteState): Refusal[] {
  return state.state === 'refused' ? [{ label, view: state.view }] : [];
}

/** Returns each reason why a repository that a pattern means was refused, once. A message would name the repository. */
function refusalsOfPattern(label: string, routes: readonly ReportedRoute[]): Refusal[] {
  const refusals = routes.flatMap(({ state }) => refusalIn(label, state));
  return [...Map.groupBy(refusals, ({ view }) => view.code)].flatMap(([code, [first, ...others]]) =>
    first === undefined
      ? []
      : [{ label: `${label} (${others.length + 1})`, view: { ...first.view, message: codes[code].title } }],
  );
}

const notNamed =
  'A pattern means every repository that allows this workflow in its own `dispatching.yml`. Which ones they are is not shown here, because not everybody who reads this check may read them.';

const explanation =
  'Dispatcher is a GitHub App that starts workflows in other repositories, as configured in `dispatching.yml`. This check reports what it did and is not made to be required: GitHub counts `neutral` as passed. To require a started run, give its target a `check:` in `dispatching.yml`.';

function resultOf(state: RouteState): string {
  if (state.state === 'waiting') return 'waiting';
  if (state.state === 'refused') return `not started: ${inCode(state.view.code)}`;
  if (state.report === 'hidden') return 'started; the target does not report its run';
  if (state.report === 'unnamed' || state.url === null) return 'started; GitHub did not name the run';
  return `started ${link(state.url)}${endOf(state.run)}`;
}

function endOf(run: StartedRunState | null): string {
  return run === null || run.status !== 'completed' ? '' : `: ${inCode(run.conclusion ?? 'no conclusion')}`;
}

function refusalText({ code, message, fix, responsible }: SourceView, { docsUrl }: CheckContext): string {
  const documented = docsUrl === null ? inCode(code) : `[${inCode(code)}](${docsUrl}#${code})`;
  return [
    inBlock(message),
    '**What to do**',
    inBlock(fix),
    `**Responsible**: ${responsibleLabels[responsible]} · Code: ${documented}`,
  ].join('\n\n');
}

/** Conclusions of a run that a check run keeps. All others become `failure`: GitHub counts `neutral` and `skipped` as passed. */
const keptConclusions: ReadonlySet<string> = new Set([
  'success',
  'cancelled',
  'timed_out',
  'action_required',
  'failure',
] satisfies CheckConclusion[]);

function namedCheck(route: ReportedRoute, context: CheckContext): CheckContent {
  const content = stateContent(route, context);
  if (content.status === 'completed' || !context.isOverdue) return content;
  const [title, next] = content.status === 'queued' ? overdue.start : overdue.end;
  return { ...content, status: 'completed', conclusion: 'timed_out', title, summary: `${content.summary}\n\n${next}` };
}

const overdue = {
  start: [
    'The workflow was not started within 13 days',
    'Ask the operators of Dispatcher why. If it is started later, its end is still shown here.',
  ],
  end: [
    'The started run did not end within 13 days',
    'Cancel the started run, or let it end: its end is still shown here.',
  ],
} as const;

function stateContent({ decision, state }: ReportedRoute, context: CheckContext): CheckContent {
  const target = inCode(labelOf(decision.route));
  const source = `Source run: ${link(context.trigger.run.htmlUrl)}`;
  const page = context.runPage ?? context.trigger.run.htmlUrl;
  const completed = (conclusion: CheckConclusion, title: string, text: string, detailsUrl = page): CheckContent => ({
    status: 'completed',
    conclusion,
    title,
    summary: `${text}\n\n${source}`,
    detailsUrl,
  });
  if (state.state === 'waiting') {
    const summary = `Both sides allow ${target}, and it waits to be started.\n\n${source}`;
    return { status: 'queued', conclusion: null, title: 'Waiting to start', summary, detailsUrl: page };
  }
  if (state.state === 'refused') {
    const { view } = state;
    // Never `neutral`, which GitHub counts as passed.
    const conclusion = view.responsible === 'source' ? 'action_required' : 'failure';
    const text = `Dispatcher did not start ${target}.\n\n${refusalText(view, context)}`;
    return completed(conclusion, `Not started: ${view.code}`, text);
  }
  if (state.report === 'hidden') {
    const text = `${target} was started, but its repository does not report the result: its inbound rule says \`report: none\`. The check cannot pass. Remove \`check:\` from the outbound target, or ask for \`report: status\`.`;
    return completed('failure', 'The target does not report its runs', text);
  }
  if (state.report === 'unnamed' || state.url === null) {
    const text = `GitHub accepted the dispatch of ${target} but did not name the run that it started, so its result is not known. Look for the run in the target repository. To get a result here, run the source's workflow again.`;
    return completed('failure', 'GitHub did not name the started run', text);
  }
  const { run, url } = state;
  const startedAt = run?.startedAt ?? undefined;
  const times = startedAt === undefined ? {} : { startedAt };
  if (run === null || run.status !== 'completed') {
    const summary = `${target} was started: ${link(url)}\n\n${source}`;
    return { status: 'in_progress', conclusion: null, title: 'Started', summary, detailsUrl: url, ...times };
  }
  const { conclusion } = run;
  const text = `${target} ended: ${link(url)}`;
  const ended = run.updatedAt === null ? {} : { completedAt: run.updatedAt };
  if (conclusion !== null && keptConclusions.has(conclusion)) {
    const title = `The started run concluded with ${conclusion}`;
    return { ...completed(conclusion as CheckConclusion, title, text, url), ...times, ...ended };
  }
  const title =
    conclusion === null
      ? 'The started run ended, and GitHub reports no conclusion'
      : `The started run concluded with ${conclusion}, which does not pass`;
  const why = 'This check passes only if the started run concludes with `success`.';
  return { ...completed('failure', title, `${text}\n\n${why}`, url), ...times, ...ended };
}

/** What a check shows whose rule is not in the newest plan any more. */
export function abandonedCheck(name: string, { trigger, runPage }: CheckContext): DesiredCheck {
  return {
    name,
    content: {
      status: 'completed',
      conclusion: 'cancelled',
      title: 'No rule asks for this check any more',
      summary: `A target of \`dispatching.yml\` asked for this check, and no target of this run does any more. If the check is required, restore its \`check:\` and run the source's workflow again, or require it no longer.\n\nSource run: ${link(trigger.run.htmlUrl)}`,
      detailsUrl: runPage ?? trigger.run.htmlUrl,
    },
    mayWait: false,
  };
}

import { counted } from './counts.ts';
import { shortCommit } from './names.ts';
import { isFine, planOf, type Revision, routesOf, subjectOf } from './run-history.ts';

export interface ReplayChoice {
  readonly mode: 'as-recorded' | 'dispatch-again' | 're-evaluate';
  readonly title: string;
  /** What it does, line by line. */
  readonly lines: readonly string[];
  /** Why it would do nothing; null if it does something. */
  readonly useless: string | null;
}

export interface ReplayableRoute {
  readonly routeId: string;
  /** `cd.yml of octo-org/deploy` */
  readonly name: string;
}

/** Returns the routes whose workflow can be started once more: those that are allowed. */
export function replayableRoutes(revision: Revision): readonly ReplayableRoute[] {
  return routesOf(revision)
    .filter(isFine)
    .map(({ decided: { data } }) => ({
      routeId: data.decision.routeId,
      name: subjectOf(data.decision.route.target),
    }));
}

/** Returns what each way of replaying a run does, from what is recorded about its newest revision. */
export function replayChoices(revision: Revision): readonly ReplayChoice[] {
  const plan = planOf(revision);
  const routes = routesOf(revision);
  const allowed = routes.filter(({ decided }) => decided.data.decision.effect === 'allow');
  const unstarted = allowed.filter(({ accepted, completed }) => accepted === null && completed === null);
  const denied = routes.filter((route) => !isFine(route));
  const file = plan?.data.sourceFile;
  const fileText = file === undefined ? 'without a file' : `with ${file.path} at ${shortCommit(file.sha)}`;
  return [
    {
      mode: 'as-recorded',
      title: 'As recorded',
      lines: [
        `The plan of revision ${revision.revision} ${fileText} is published again.`,
        ...unstarted.map(({ decided }) => `${subjectOf(decided.data.decision.route.target)} is started.`),
        ...(allowed.length > unstarted.length
          ? [`${counted(allowed.length - unstarted.length, 'route')} already started: no second run is started.`]
          : []),
      ],
      useless: allowed.length === 0 ? 'It allows no route, so nothing would be started.' : null,
    },
    {
      mode: 're-evaluate',
      title: 'Re-evaluate',
      lines: [
        'The files of both sides are read as they are now, and every route is decided again as a new revision.',
        ...denied.map(
          ({ decided }) =>
            `${subjectOf(decided.data.decision.route.target)} was refused (${decided.data.decision.code}); it is started if both sides agree now.`,
        ),
        'What was started already is not started again.',
      ],
      useless: null,
    },
    {
      mode: 'dispatch-again',
      title: 'Dispatch again',
      lines: [
        'One workflow is started once more, although this run has started it already.',
        'The files of both sides are read as they are now, and must still agree.',
      ],
      useless: routes.some(isFine) ? null : 'It started nothing: re-evaluate it instead.',
    },
  ];
}

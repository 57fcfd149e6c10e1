import type { FactLine } from '@dispatcher/store';
import { codeSeenBySource, isSeenByTarget } from './seen-codes.ts';
import { type LimitedViewer, seenSides, sees, withoutSource } from './viewer.ts';

type RouteLine = Extract<FactLine, { readonly route: unknown }>;

/** Returns a fact of a list as the viewer sees it; null if it is hidden. */
export function lineSeenBy(viewer: LimitedViewer, line: FactLine): FactLine | null {
  switch (line.type) {
    case 'run.planned': {
      const about = line.repository ?? repositoryOfTarget(line.target);
      return about !== null && sees(viewer, about) ? line : null;
    }
    case 'run.delayed':
    case 'delivery.repeated':
    case 'delivery.ignored':
      return line.repository !== null && sees(viewer, line.repository) ? line : null;
    case 'route.decided':
    case 'dispatch.accepted':
    case 'dispatch.failed':
    case 'dispatch.completed':
      return routeLineSeenBy(viewer, line);
    default:
      // Dead letters and the actions of operators quote messages and names of any repository.
      return null;
  }
}

/** Returns the repository of `owner/name:workflow.yml` or `owner/name#event-type`; null without one. */
export function repositoryOfTarget(target: string | null): string | null {
  return target === null ? null : target.replace(/[:#].*$/s, '');
}

function routeLineSeenBy(viewer: LimitedViewer, line: RouteLine): FactLine | null {
  switch (seenSides(viewer, line.route)) {
    case 'both':
      return line;
    case 'source':
      return lineSeenBySource(line);
    case 'target':
      return isSeenByTarget(line.code) ? { ...withoutMessage(line), route: withoutSource(line.route) } : null;
    default:
      return null;
  }
}

/** The message of a failed dispatch names the other side, or quotes what GitHub said about it. */
function withoutMessage<Line extends RouteLine>(line: Line): Line {
  if (line.type !== 'dispatch.failed') return line;
  const { message: _, ...rest } = line;
  return rest as Line;
}

/** The run of the target, how long it took and how it ended stay with the target. */
function lineSeenBySource(line: RouteLine): FactLine {
  switch (line.type) {
    case 'route.decided':
    case 'dispatch.failed':
      return { ...withoutMessage(line), code: codeSeenBySource(line.code) };
    case 'dispatch.accepted':
      return { ...line, targetRunUrl: null, code: null };
    default: {
      const { conclusion: _, targetRunUrl: __, startedAt, ...rest } = line;
      const start = {
        type: 'dispatch.accepted',
        time: startedAt,
        targetRunUrl: null,
        code: null,
        revision: 0,
      } as const;
      return { ...rest, ...start };
    }
  }
}

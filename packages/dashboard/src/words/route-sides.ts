// Routes by the names of their two sides, as people type and copy them.
import type { Schemas } from '../api/schemas.ts';
import { workflowFile } from './names.ts';
import { repositoryOfSource, workflowOfSource } from './route-labels.ts';

type Route = Schemas['Route'];

/** One side of a route: a repository and, if it was typed, the file of a workflow or the type of an event. */
interface Side {
  readonly repository: string;
  readonly workflow: string | null;
}

export interface RouteSides {
  readonly source: Side;
  readonly target: Side;
}

const arrow = /\s*(?:→|-+>|=+>)\s*|\s+(?:to|starts)\s+/;
const side = String.raw`([\w.-]+\/[\w.-]+)(?:[\s:#]+([^/]*[^/\s]))?`;
const bothSides = new RegExp(`^${side}\\s+${side}$`);

/**
 * Returns the sides of a route: `acme/shop ci.yml → acme/deploy cd.yml`, with a colon as in the lists of the CLI, with any
 * arrow or none, and without the workflows. Null for any other text.
 */
export function sidesOf(text: string): RouteSides | null {
  const match = bothSides.exec(text.trim().replace(arrow, ' '));
  if (match === null) return null;
  const [, source = '', sourceWorkflow, target = '', targetWorkflow] = match;
  return {
    source: { repository: source, workflow: sourceWorkflow ?? null },
    target: { repository: target, workflow: targetWorkflow?.replace(/^event\s+/, '') ?? null },
  };
}

/** Returns the sides as text: `acme/shop ci.yml → acme/deploy cd.yml`. */
export const labelOfSides = ({ source, target }: RouteSides): string =>
  `${labelOfSide(source)} → ${labelOfSide(target)}`;

const labelOfSide = ({ repository, workflow }: Side): string =>
  workflow === null ? repository : `${repository} ${workflow}`;

/** Returns whether the route is between these sides. As on GitHub, the case of a repository's name does not matter. */
export function isBetween({ source, target }: Route, sides: RouteSides): boolean {
  const name = 'workflow' in target ? workflowFile(target.workflow) : target.eventType;
  return (
    isSide(sides.source, repositoryOfSource(source), workflowOfSource(source)) &&
    isSide(sides.target, target.repository, name)
  );
}

const isSide = (wanted: Side, repository: string | null, workflow: string | null): boolean =>
  wanted.repository.toLowerCase() === repository?.toLowerCase() &&
  (wanted.workflow === null || wanted.workflow === workflow || `jobs of ${wanted.workflow}` === workflow);

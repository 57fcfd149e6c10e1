// Routes as plain text, for files, titles and labels.
import type { Schemas } from '../api/schemas.ts';
import { hiddenName } from './hidden-name.ts';
import { workflowFile } from './names.ts';

type Route = Schemas['Route'];

/** Returns the source as text: `acme/app:ci.yml`, or `API key nightly`. */
export const labelOfSource = (source: Route['source']): string =>
  'key' in source
    ? `API key ${source.key}`
    : source.repository === hiddenName
      ? 'a repository that you may not see'
      : `${source.repository}:${workflowFile(source.workflow)}`;

/** Returns the target as text: `acme/deploy:cd.yml` or `acme/deploy#event-type`. */
export const labelOfTarget = (target: Route['target']): string =>
  'workflow' in target
    ? `${target.repository}:${workflowFile(target.workflow)}`
    : `${target.repository}#${target.eventType}`;

export const labelOfRoute = ({ source, target }: Route): string =>
  `${labelOfSource(source)} → ${labelOfTarget(target)}`;

/** The repository of a source; null for an API key. */
export const repositoryOfSource = (source: Route['source']): string | null =>
  'key' in source ? null : source.repository;

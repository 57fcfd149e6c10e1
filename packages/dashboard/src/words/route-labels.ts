// Routes as plain text, for files, titles and labels.
import type { Schemas } from '../api/schemas.ts';
import { hiddenName } from './hidden-name.ts';
import { workflowFile } from './names.ts';

type Route = Schemas['Route'];

/** Returns the name of a source that belongs to no repository: `API key nightly`; null for any other. */
export function nameOfRequester(source: Route['source']): string | null {
  if ('key' in source) return `API key ${source.key}`;
  if ('schedule' in source) return `schedule ${source.schedule}`;
  return 'webhook' in source ? `webhook ${source.webhook}` : null;
}

/** Returns the workflow of a source, or the one whose jobs it is; null for a source that belongs to no repository. */
export function workflowOfSource(source: Route['source']): string | null {
  if ('job' in source) return `jobs of ${workflowFile(source.job)}`;
  return 'workflow' in source ? workflowFile(source.workflow) : null;
}

/** Returns the source as text: `acme/app:ci.yml`, or `API key nightly`. */
export const labelOfSource = (source: Route['source']): string =>
  repositoryOfSource(source) === hiddenName
    ? 'a repository that you may not see'
    : (nameOfRequester(source) ?? `${repositoryOfSource(source)}:${workflowOfSource(source)}`);

/** Returns the target as text: `acme/deploy:cd.yml` or `acme/deploy#event-type`. */
export const labelOfTarget = (target: Route['target']): string =>
  'workflow' in target
    ? `${target.repository}:${workflowFile(target.workflow)}`
    : `${target.repository}#${target.eventType}`;

export const labelOfRoute = ({ source, target }: Route): string =>
  `${labelOfSource(source)} → ${labelOfTarget(target)}`;

/** The repository of a source; null for an API key, a schedule or a webhook. */
export const repositoryOfSource = (source: Route['source']): string | null =>
  'repository' in source ? source.repository : null;

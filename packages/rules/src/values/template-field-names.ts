import { suggest } from './suggest.ts';
import { isTemplateField, templateFields, type TemplateField } from './template-fields.ts';

/**
 * Names of the same value elsewhere: in GitHub's contexts and payloads, and in older syntaxes of this file. Only exact
 * equivalents, because people follow the suggestion: a field that only sounds alike would send a wrong value.
 */
const otherNames: Readonly<Record<string, TemplateField>> = {
  'source.sha': 'source.head_sha',
  'source.head_commit.id': 'source.head_sha',
  'source.branch': 'source.head_branch',
  'source.ref_name': 'source.head_branch',
  'source.run_id': 'source.id',
  'source.event_name': 'source.event',
  'source.run_url': 'source.html_url',
  'source.url': 'source.html_url',
  'source.repo': 'source.repository',
  'source.full_name': 'source.repository',
  'source.repository.full_name': 'source.repository',
  'source.workflow_file': 'source.workflow',
  'source.pull_request.number': 'source.pull_request_number',
  'source.pull_requests[0].number': 'source.pull_request_number',
  'source.pr_number': 'source.pull_request_number',
  'source.actor.login': 'source.actor',
  'dispatch.dispatch_id': 'dispatch.id',
};

// What GitHub calls the run: the event of a `workflow_run` workflow, and the context of the run itself.
const prefixes = ['github.event.workflow_run.', 'github.event.', 'github.', 'workflow_run.', 'source.', 'run.'];

/** Returns the field that an unknown name most probably stands for, or null if there is none with that meaning. */
export function meantField(name: string): TemplateField | null {
  const prefix = prefixes.find((start) => name.startsWith(start));
  if (prefix === undefined && name.includes('.') && !name.startsWith('dispatch.')) return null;
  const full = name.startsWith('dispatch.') ? name : `source.${name.slice(prefix?.length ?? 0)}`;
  if (isTemplateField(full)) return full;
  if (Object.hasOwn(otherNames, full)) return otherNames[full] ?? null;
  return misspelled(full);
}

function misspelled(name: string): TemplateField | null {
  const [group = '', last = '', ...more] = name.split('.');
  if (more.length > 0) return null;
  const start = `${group}.`;
  const lasts = Object.keys(templateFields).flatMap((field) =>
    field.startsWith(start) ? [field.slice(start.length)] : [],
  );
  const close = `${start}${suggest(last, lasts) ?? ''}`;
  return isTemplateField(close) ? close : null;
}

/** Every field that a template can use, with a description of its value. */
export const templateFields = {
  'source.head_sha': 'the commit the source run ran on',
  'source.head_branch': 'the branch or tag the source run ran on',
  'source.id': 'the id of the source run',
  'source.run_number': 'the run number of the source run, counted per workflow',
  'source.run_attempt': 'the attempt of the source run; 1 for the first',
  'source.event': 'the event that triggered the source run',
  'source.conclusion': 'the conclusion of the source run',
  'source.html_url': 'the URL of the source run on GitHub',
  'source.repository': 'the source repository as `owner/name`',
  'source.pull_request_number':
    'the number of the pull request of a `pull_request` run, if exactly one pull request has its commit as head, and head and base are branches of the source repository',
  'source.workflow': 'the file name of the source workflow',
  'source.actor': 'the login of the user who triggered the source run',
  'dispatch.id': 'the id of this dispatch. Retries keep it; a replay with `dispatch-again` creates a new one',
  'dispatch.depth': 'the number of dispatches in the chain up to the started run; 1 for the first',
} as const;
export type TemplateField = keyof typeof templateFields;

/** Tells whether a template can use this field. */
export function isTemplateField(name: string): name is TemplateField {
  return Object.hasOwn(templateFields, name);
}

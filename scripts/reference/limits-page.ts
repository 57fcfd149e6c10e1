import { readFileSync } from 'node:fs';
import { maxSchedules } from '../../functions/admin/src/schedules/schedule-changes.ts';
import { maxHintAgeMs } from '../../functions/planning/src/hints/handle-hint.ts';
import { maxStoredBytes } from '../../functions/planning/src/plan/stored-plan.ts';
import {
  maxEventTypeLength,
  maxInputs,
  maxPayloadBytes,
  maxPayloadProperties,
} from '../../packages/contracts/src/dispatch-requested.ts';
import { maxRedrives } from '../../packages/dead-letters/src/quarantine.ts';
import { maxReadableRepositories } from '../../packages/github/src/sign-in/user-authorization.ts';
import { maxParsedBytes } from '../../packages/rules/src/checks/parse-budget.ts';
import { maxRunAgeDays } from '../../packages/rules/src/checks/run-checks.ts';
import { maxRules } from '../../packages/rules/src/compile/compile-file.ts';
import { maxPatterns } from '../../packages/rules/src/compile/schema.ts';
import { maxCandidates, maxEdges } from '../../packages/rules/src/consent/consent-graph.ts';
import { maxPolicyBytes } from '../../packages/rules/src/policy/compile-policy.ts';
import { maxInputsLength, maxValueLength } from '../../packages/rules/src/values/template.ts';
import { maxFileBytes } from '../../packages/rules/src/yaml/yaml-document.ts';
import { minIntervalMinutes } from '../../packages/schedules/src/check-schedule.ts';
import { retentionDays } from '../../packages/store/src/state/state-table.ts';
import { queues } from '../../packages/topology/src/queues.ts';
import { maxMessageBytes } from '../../packages/webhooks/src/parse-message.ts';
import { variablesOf } from './settings-page.ts';

// Builds docs/reference/limits.md from the constants of the code and the defaults of .env.example.

type Row = readonly [what: string, limit: string, beyond: string];

const number = (value: number): string => value.toLocaleString('en-US');
const kilobytes = (bytes: number): string => `${number(bytes / 1024)} KB`;
const days = (seconds: number): string => (seconds === 86_400 ? '1 day' : `${seconds / 86_400} days`);
const code = (name: string): string => `[\`${name}\`](codes.md#${name})`;

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const defaults = new Map(variablesOf(example).map(({ name, value }) => [name, value]));

/** Returns a default with its unit and its variable. @throws Error if .env.example has none */
function setting(name: string, unit = ''): string {
  const value = defaults.get(name);
  if (value === undefined || value === '') throw new Error(`.env.example has no default of ${name}.`);
  return `${number(Number(value))}${unit} (\`${name}\`)`;
}

const [{ retention, deadLetterRetention } = { retention: 0, deadLetterRetention: 0 }] = queues;

const sections: Readonly<Record<string, readonly Row[]>> = {
  Files: [
    [
      '`dispatching.yml`',
      kilobytes(maxFileBytes),
      `an error of the file: ${code('config-invalid')}, ${code('target-config-invalid')}`,
    ],
    ['rules of a file', number(maxRules), 'an error of the file'],
    ['outbound targets of a file with a pattern', number(maxPatterns), 'an error of the file'],
    ['the files of a run: its source and its targets', kilobytes(maxParsedBytes), code('plan-over-budget')],
    [
      '`dispatching-policy.yml`',
      kilobytes(maxPolicyBytes),
      `${code('policy-invalid')}, ${code('target-policy-invalid')}`,
    ],
  ],
  Runs: [
    ['targets of a run', setting('MAX_TARGETS_PER_RUN'), code('too-many-targets')],
    ['dispatches in a chain', setting('MAX_DISPATCH_DEPTH'), code('depth-exceeded')],
    ['age of a run when its delivery is received', `${maxRunAgeDays} days`, code('run-too-old')],
    ['plan of a run, compressed', `${number(maxStoredBytes / 1000)} KB`, code('plan-too-large')],
    [
      'repositories that a pattern means',
      number(maxCandidates),
      'those with the highest ids are left out; the plan says so',
    ],
    ['lines of a repository in the consent graph', `${number(maxEdges)} in each direction`, 'the others are not shown'],
  ],
  'Inputs and payloads': [
    ['inputs', number(maxInputs), 'refused: an error of the file, or `400`'],
    ['value of an input', `${number(maxValueLength)} characters`, code('input-value-invalid')],
    ['values of a job in total', `${number(maxInputsLength)} characters`, code('input-value-invalid')],
    ['`client_payload`', `${kilobytes(maxPayloadBytes)}, ${maxPayloadProperties} properties at the top`, '`400`'],
    ['event type', `${maxEventTypeLength} characters`, '`400`'],
  ],
  'Schedules and webhooks': [
    ['schedules', number(maxSchedules), 'refused when it is created'],
    ['interval of a schedule', `at least ${minIntervalMinutes} minutes`, 'refused when it is created'],
    ['message to a webhook', kilobytes(maxMessageBytes), '`413`'],
  ],
  Times: [
    [
      'age of a decision that starts a workflow without another read of the files',
      setting('DECISION_MAX_AGE', ' seconds'),
      'both files are read again',
    ],
    [
      'wait of a run for GitHub',
      setting('UNREADABLE_GIVE_UP_SECONDS', ' seconds'),
      `${code('config-unreadable')}, ${code('target-unreadable')}`,
    ],
    ['attempts of a message', setting('MAX_ATTEMPTS'), '[a dead letter](../runbooks/dead-letters.md)'],
    ['wait of a message in a queue', days(retention), 'SQS deletes it; replay the run'],
    ['dead letters', days(deadLetterRetention), 'SQS deletes them'],
    ['redrives of a dead letter', number(maxRedrives), 'it is quarantined'],
    ['wait of a hint', days(maxHintAgeMs / 1000), 'dropped; the sweep finds the change'],
    [
      'plans and the ledger; the same `Idempotency-Key` at `POST /dispatch`',
      `${retentionDays} days`,
      'the run cannot be replayed',
    ],
    ['facts', setting('FACT_RETENTION_DAYS', ' days'), 'no longer shown'],
  ],
  'Rates of each installation': [
    ['writes to GitHub in a minute', setting('GITHUB_WRITES_PER_MINUTE'), 'they wait'],
    ['issues and comments in a minute', setting('GITHUB_CONTENT_PER_MINUTE'), 'they wait'],
    ['issues and comments in an hour', setting('GITHUB_CONTENT_PER_HOUR'), 'they wait'],
  ],
  'Sign-in': [['repositories of a limited viewer', number(maxReadableRepositories), 'the others are hidden']],
};

/** Returns the text of docs/reference/limits.md. */
export function limitsPage(): string {
  const tables = Object.entries(sections).map(
    ([title, rows]) =>
      `## ${title}\n\n| what | limit | beyond it |\n| --- | --- | --- |\n${rows.map((row) => `| ${row.join(' | ')} |\n`).join('')}`,
  );
  return `# Limits

Generated from the code. Where a limit names a [variable](settings.md), the operator can change it, and the number is its default.
[AWS resources](aws-resources.md#guarantees) has the requests per second that each path of the API accepts.

${tables.join('\n')}`;
}

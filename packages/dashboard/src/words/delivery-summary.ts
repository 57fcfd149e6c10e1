import type { Schemas } from '../api/schemas.ts';
import { counted } from './counts.ts';
import { type Outcome, type PlanCounts, type State, stateOfDelivery, stateOfOutcome } from './states.ts';

type DeliveryRow = Schemas['DeliveryRow'];

/** Returns the state of a row in the list of deliveries. */
export function stateOfDeliveryRow(row: DeliveryRow): State {
  if (row.kind === 'planned' || row.kind === 'requested') return stateOfOutcome(row.outcome, row);
  return stateOfDelivery(row.kind);
}

const sentences: Readonly<Record<Exclude<Outcome, 'planned'>, string>> = {
  'no-match': 'Nothing was started: no outbound rule matches.',
  'no-config': 'Nothing was started: the source has no dispatching.yml.',
  'config-invalid': 'Nothing was started: dispatching.yml has errors.',
  'config-unreadable': 'Nothing was started: dispatching.yml could not be read.',
  'source-refused': 'Nothing was started: Dispatcher did not accept the run.',
  paused: 'Nothing was started: dispatches were paused.',
  'plan-too-large': 'Nothing was started: the plan is too large to be stored.',
};

/** Returns the answer of a row in one sentence. A list has counts; which routes these are is on the page of the run. */
export function sentenceOfDeliveryRow(row: DeliveryRow): string {
  switch (row.kind) {
    case 'planned':
    case 'requested':
      return row.outcome === 'planned' ? sentenceOfCounts(row) : sentences[row.outcome];
    case 'delayed':
      return 'Not planned yet: GitHub could not be reached. Dispatcher tries again.';
    case 'repeated':
      return 'The run was already planned. This delivery changed nothing.';
    case 'ignored':
      return row.reason === 'no-installation'
        ? 'Nothing was started: the App is not installed.'
        : 'Nothing was started: the run belongs to no workflow file.';
    default:
      return 'Not processed: the message is a dead letter.';
  }
}

function sentenceOfCounts({ allowed, denied, dryRun = 0, leftToAnotherRun: left = 0 }: PlanCounts): string {
  const refused = denied - dryRun - left;
  const parts = [
    allowed > 0 ? `${allowed} allowed` : '',
    refused > 0 ? `${refused} refused` : '',
    left > 0 ? `${left} left to another run` : '',
    dryRun > 0 ? `${dryRun} in a dry run` : '',
  ].filter((part) => part !== '');
  const [only = ''] = parts;
  const routes = counted(allowed + denied, 'route');
  // One route, or several with the same result.
  if (parts.length === 1) return `${routes} ${only.replace(/^\d+ /, '')}.`;
  return `${routes}: ${parts.join(', ')}.`;
}

/** Returns the code that says why, where the sentence and the state leave it open; null elsewhere. */
export function codeOfDeliveryRow(row: DeliveryRow): string | null {
  if (row.kind === 'dead-lettered') return row.reason;
  const hasPlan = row.kind === 'planned' || row.kind === 'requested';
  return hasPlan && row.code !== row.outcome ? row.code : null;
}

import type { Schemas } from '../api/schemas.ts';
import { counted } from './counts.ts';
import { type State, stateOfDelivery, stateOfOutcome } from './states.ts';

type DeliveryRow = Schemas['DeliveryRow'];

/** Returns the state of a row in the list of deliveries. */
export function stateOfDeliveryRow(row: DeliveryRow): State {
  if (row.kind === 'planned' || row.kind === 'requested') return stateOfOutcome(row.outcome, row);
  return stateOfDelivery(row.kind);
}

/** Returns in a few words what followed: `2 started, 1 refused`; empty if the state says everything. */
export function resultOfDeliveryRow(row: DeliveryRow): string {
  if (row.kind === 'planned' || row.kind === 'requested') {
    const { dryRun = 0, leftToAnotherRun: left = 0 } = row;
    const refused = row.denied - dryRun - left;
    const parts = [
      row.allowed > 0 ? counted(row.allowed, 'route allowed', 'routes allowed') : '',
      refused > 0 ? `${refused} refused` : '',
      left > 0 ? `${left} left to another run` : '',
      dryRun > 0 ? `${dryRun} would start` : '',
    ];
    return parts.filter((part) => part !== '').join(', ');
  }
  if (row.kind === 'ignored')
    return row.reason === 'no-installation' ? 'The App is not installed' : 'Not a workflow file';
  return '';
}

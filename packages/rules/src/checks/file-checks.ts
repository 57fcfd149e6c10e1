import type { Check } from '@dispatcher/contracts';
import type { DispatchingFileState } from '../compile/compile-snapshot.ts';
import { formatFileError } from '../values/problem.ts';
import { check } from './checks.ts';

/** Returns the checks of a dispatching.yml, up to the first one that fails. Source and target use the same checks. */
export function fileChecks(side: 'source' | 'target', file: DispatchingFileState): Check[] {
  const isReadable = file.state !== 'unknown';
  const readable = check(`${side}-file-readable`, isReadable, 'a readable file', isReadable ? 'readable' : file.reason);
  if (!isReadable) return [readable];
  const isPresent = file.state !== 'absent';
  const present = check(
    `${side}-file-present`,
    isPresent,
    'dispatching.yml',
    isPresent ? 'present' : describeAbsence(file.misnamed),
  );
  if (!isPresent) return [readable, present];
  const isSingle = file.state !== 'ambiguous';
  const single = check(`${side}-file-single`, isSingle, 'one file', isSingle ? 'one' : 'both files');
  if (!isSingle) return [readable, present, single];
  const isValid = file.state === 'valid';
  const actual = isValid ? 'valid' : summarizeErrors(file.errors);
  return [readable, present, single, check(`${side}-file-valid`, isValid, 'a valid file', actual)];
}

function describeAbsence(misnamed: string | undefined): string {
  return misnamed === undefined ? 'no dispatching.yml' : `no dispatching.yml (only ${misnamed}, which is never read)`;
}

/** Returns the first three errors. `dispatcher validate` prints all of them. */
function summarizeErrors(errors: Extract<DispatchingFileState, { state: 'invalid' }>['errors']): string {
  const shown = errors.slice(0, 3).map(formatFileError).join(' · ');
  return errors.length > 3 ? `${shown} (and ${errors.length - 3} more)` : shown;
}

import { type Code, codes, type Responsible } from '@dispatcher/contracts';
import { checkTable, codesWithNames } from '@dispatcher/rules';

const codesOfChecks = new Set<string>(Object.values(checkTable).map(({ code }) => code));
const codesOfTarget = new Set<string>(
  Object.values(checkTable).flatMap(({ code, side }) => (side === 'target' ? [code] : [])),
);

/** Both sides agree, also where nothing is started because it is a dry run. */
const isAllowed = (code: Code): boolean => code === 'allowed' || code === 'dry-run';

/** Whether a code says something about the source alone, such as the condition of its own rule. */
const isOfSource = (code: Code): boolean => codesOfChecks.has(code) && !codesOfTarget.has(code);

/**
 * Returns the code that people of the source see where the checks behind it are not known, as in a list: `target-refused`
 * for every reason on the side of the target, also for a refusal by GitHub.
 */
export const codeSeenBySource = (code: Code): Code => (isAllowed(code) || isOfSource(code) ? code : 'target-refused');

/** Whether people of the target may see the code: not what the source refused itself. */
export const isSeenByTarget = (code: Code | null | undefined): boolean =>
  code === null || code === undefined || isAllowed(code) || !isOfSource(code);

/** Returns what people of the source see instead of a reason: unchanged where it is their own and names no other repository. */
export function reasonSeenBySource(reason: {
  readonly code: Code;
  readonly message: string;
  readonly responsible: Responsible;
}): { readonly code: Code; readonly message: string; readonly responsible: Responsible } {
  const code = codeSeenBySource(reason.code);
  if (code === reason.code && !codesWithNames.has(code)) return reason;
  return { code, message: codes[code].title, responsible: codes[code].responsible };
}

import type { Schemas } from '../api/schemas.ts';

export type Check = Schemas['Check'];

const sides: Readonly<Record<Check['side'], string>> = {
  run: 'the run',
  source: 'source',
  target: 'target',
  operator: 'operator',
};

/** Returns whose check it is. */
export const sideOf = ({ side }: Check): string => sides[side];

/** Returns the name of a check as words: `inbound-branch` → `Inbound branch`. */
export function titleOfCheck({ name }: Pick<Check, 'name'>): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns the checks with the failed ones first; otherwise in their order. */
export const failedFirst = (checks: readonly Check[]): readonly Check[] => [
  ...checks.filter(({ satisfied }) => !satisfied),
  ...checks.filter(({ satisfied }) => satisfied),
];

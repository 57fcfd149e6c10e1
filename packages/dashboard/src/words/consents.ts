// What the files of both sides say, without any run.
import { counted } from './counts.ts';

interface Counts {
  readonly requested: number;
  readonly offered: number;
}

/** Returns how many connections only one side agrees to, in one sentence; null if there are none. */
export function sentenceOfOneSided(owners: readonly Counts[]): string | null {
  const requested = owners.reduce((sum, owner) => sum + owner.requested, 0);
  const offered = owners.reduce((sum, owner) => sum + owner.offered, 0);
  const parts = [
    requested > 0 ? `${counted(requested, 'connection')} requested and not accepted` : '',
    offered > 0 ? `${counted(offered, 'connection')} offered and not requested` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : `Only one side agrees: ${parts.join(', ')}`;
}

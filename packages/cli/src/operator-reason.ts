import { noticeOfRedaction, OperatorReason } from '@dispatcher/contracts';
import { type Terminal, UsageError } from './command.ts';

/** Parses `--reason`: what is recorded of it contains no secret. @throws UsageError if it is missing or too long */
export function parseReason(text: string): string {
  const { success, data } = OperatorReason.safeParse(text);
  if (success) return data;
  throw new UsageError('Give a reason with --reason TEXT, at most 1,000 characters; it is recorded.');
}

/** Tells the operator if a secret in the reason was redacted. */
export function printNotice(terminal: Terminal, reason: string): void {
  const notice = noticeOfRedaction(reason);
  if (notice !== null) terminal.err(`${notice}\n`);
}

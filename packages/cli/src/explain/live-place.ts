import { UsageError } from '../command.ts';

/** The value of `--live`: the source repository and, after `@`, the branch or tag whose newest completed run is explained. */
export interface LivePlace {
  readonly owner: string;
  readonly name: string;
  readonly ref: string | null;
}

/** Parses `OWNER/NAME` or `OWNER/NAME@REF`. @throws UsageError if the text has another form */
export function parsePlace(text: string): LivePlace {
  const match = /^([^/\s@]+)\/([^/\s@]+)(?:@(\S+))?$/.exec(text);
  if (match === null) throw new UsageError(`--live needs OWNER/NAME or OWNER/NAME@REF, not \`${text}\`.`);
  const [, owner = '', name = '', ref = null] = match;
  return { owner, name, ref };
}

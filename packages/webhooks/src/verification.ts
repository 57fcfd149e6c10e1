/** Schemes without options. */
const plainSchemes = ['standard-webhooks', 'github', 'stripe', 'slack', 'token'] as const;
type PlainScheme = (typeof plainSchemes)[number];

/** A signature over the body alone, or over `TIMESTAMP:BODY`, in a header of the sender's choice. */
export interface HmacVerification {
  readonly scheme: 'hmac-sha256';
  /** In lower case. It may list several signatures, separated by commas. */
  readonly header: string;
  readonly encoding: 'hex' | 'base64';
  /** What precedes each signature; empty if nothing does. */
  readonly prefix: string;
  /** In lower case; null if the sender signs no time. */
  readonly timestampHeader: string | null;
}

/** How the messages of a webhook are verified. */
export type Verification = { [Scheme in PlainScheme]: { readonly scheme: Scheme } }[PlainScheme] | HmacVerification;

/** The names of all schemes. */
export const schemes = [...plainSchemes, 'hmac-sha256'] as const;

const headerPattern = /^[A-Za-z0-9-]{1,100}$/;
const usage =
  'write standard-webhooks, github, stripe, slack, token, or ' +
  'hmac-sha256:HEADER[,encoding=hex|base64][,prefix=TEXT][,timestamp=HEADER]';

/** Parses what an operator wrote: `stripe`, or `hmac-sha256:X-Signature,prefix=v1=`. Returns what is wrong as a text. */
export function parseVerification(text: string): Verification | string {
  const plain = plainSchemes.find((scheme) => scheme === text);
  if (plain !== undefined) return { scheme: plain };
  const [, header = '', rest = ''] = /^hmac-sha256:([^,]*)(.*)$/.exec(text) ?? [];
  if (!headerPattern.test(header)) return usage;
  const options = new Map<string, string>();
  for (const option of rest === '' ? [] : rest.slice(1).split(',')) {
    const [, name = '', value = ''] = /^(encoding|prefix|timestamp)=(.{1,100})$/.exec(option) ?? [];
    if (name === '' || options.has(name)) return usage;
    options.set(name, value);
  }
  const {
    encoding = 'hex',
    prefix = '',
    timestamp = null,
  } = Object.fromEntries(options) as Partial<Record<string, string>>;
  if (encoding !== 'hex' && encoding !== 'base64') return usage;
  if (timestamp !== null && !headerPattern.test(timestamp)) return usage;
  return {
    scheme: 'hmac-sha256',
    header: header.toLowerCase(),
    encoding,
    prefix,
    timestampHeader: timestamp?.toLowerCase() ?? null,
  };
}

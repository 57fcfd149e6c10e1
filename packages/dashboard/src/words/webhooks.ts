// Webhooks of third parties, in words.
import { parsePairs, problemsOfRequestedWorkflow, type RequestedWorkflowForm } from './requested-workflow.ts';

/** The schemes with the text of their choice. */
export const schemes = [
  ['standard-webhooks', 'Standard Webhooks'],
  ['github', 'GitHub'],
  ['stripe', 'Stripe'],
  ['slack', 'Slack'],
  ['hmac-sha256', 'HMAC-SHA256 in a header'],
  ['token', 'Token'],
] as const;

const textOfScheme: Readonly<Record<string, string>> = {
  'standard-webhooks': 'The sender signs id, time and body.',
  github: 'The sender signs the body, as webhooks of GitHub’s repositories do.',
  stripe: 'Stripe signs time and body. It generates the secret.',
  slack: 'Slack signs time and body. It generates the secret.',
  'hmac-sha256': 'The sender signs the body, as PagerDuty, Sentry and Grafana do.',
  token: 'The sender does not sign: it sends a token in the path or as Authorization: Bearer.',
};

/** Returns what is verified with a scheme. */
export const captionOfScheme = (scheme: string): string => textOfScheme[scheme] ?? '';

export interface WebhookForm extends RequestedWorkflowForm {
  readonly scheme: string;
  /** Of the scheme `hmac-sha256`: the header, with options. */
  readonly header: string;
  /** One condition a line: `/pointer=value`. */
  readonly when: string;
  /** Empty: Dispatcher generates it. */
  readonly secret: string;
}

/** Returns the scheme as the API names it: `hmac-sha256:X-Signature,prefix=v1=`. */
export function verificationOf({ scheme, header }: Pick<WebhookForm, 'scheme' | 'header'>): string {
  return scheme === 'hmac-sha256' ? `hmac-sha256:${header.trim()}` : scheme;
}

/** Returns what is wrong with each field of the form; empty if nothing is. The server checks header and secret itself. */
export function problemsOfWebhook(form: WebhookForm): Partial<Record<keyof WebhookForm, string>> {
  const problems: Partial<Record<keyof WebhookForm, string>> = { ...problemsOfRequestedWorkflow(form) };
  if (form.scheme === 'hmac-sha256' && form.header.trim() === '') {
    problems.header = 'Name the header with the signature, such as X-Signature.';
  }
  if (parsePairs(form.when).some(([pointer]) => !pointer.startsWith('/'))) {
    problems.when = 'Write one condition a line: /pointer=value.';
  }
  return problems;
}

/** Returns a message that was pasted; null if it is not a JSON object or array. */
export function parseMessage(text: string): object | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : null;
  } catch {
    return null;
  }
}

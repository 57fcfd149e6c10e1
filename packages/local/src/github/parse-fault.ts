export interface FaultRule {
  readonly match: Readonly<Record<string, string | number>>;
  readonly fault: unknown;
}

type Options = Readonly<Record<string, string | boolean | undefined>>;

/** Converts the arguments of the command `fault` to a rule. The emulator refuses an unknown kind or operation. */
export function parseFault(kind: string, { operation, repository, nth, times }: Options): FaultRule {
  const isWebhook = kind.startsWith('webhook-');
  const path = pathOf(repository, isWebhook);
  return {
    fault: faultOf(kind),
    match: {
      ...(operation === undefined && !isWebhook ? {} : { operation: String(operation ?? 'webhook') }),
      ...(path === undefined ? {} : { path }),
      ...(nth === undefined ? {} : { nth: countOf('--nth', nth, 1) }),
      ...(times === undefined ? {} : { times: times === 'all' ? 0 : countOf('--times', times, 1) }),
    },
  };
}

function pathOf(repository: Options[string], isWebhook: boolean): string | undefined {
  if (repository === undefined) return undefined;
  return isWebhook ? `/webhooks/${String(repository)}` : `/repos/${String(repository)}*`;
}

function faultOf(kind: string): unknown {
  const [, name = '', value = ''] = /^(status|delay)=(\d+)s?$/.exec(kind) ?? [];
  if (name === 'status') return { status: Number(value) };
  if (name === 'delay') return { delayMs: Number(value) * 1000 };
  return kind;
}

function countOf(option: string, text: Options[string], min: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= min) return count;
  throw new Error(`${option} needs a whole number from ${min}, not ${String(text)}.`);
}

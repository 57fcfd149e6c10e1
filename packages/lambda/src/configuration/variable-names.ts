type Variables = Readonly<Record<string, string | undefined>>;

/** Variables of earlier dispatchers: by name, what to do instead. Ignored, such a limit would silently not exist. */
const formerVariables: Readonly<Record<string, string>> = {
  ADMIN_IP_ALLOWLIST: 'Remove it, and set ADMIN_AUTHENTICATION to basic or oidc.',
  ALLOWED_SOURCE_CONCLUSIONS:
    'Remove it: each rule of a dispatching.yml has its own `conclusions`; the default is success.',
  DISPATCH_MAX_RETRIES: 'Remove it: SQS redelivers what failed, and a workflow is started once.',
  DISPATCH_MAX_TARGETS_PER_RUN: 'Rename it to MAX_TARGETS_PER_RUN.',
  ENFORCE_SOURCE_DEFAULT_BRANCH:
    'Remove it: a rule accepts the default branch only, unless it lists `branches` in the dispatching.yml.',
};

/** Returns one sentence for each variable that is set and that only an earlier dispatcher read. */
export function findFormerVariables(env: Variables): readonly string[] {
  return Object.entries(formerVariables).flatMap(([name, remedy]) =>
    isSet(env[name]) ? [`${name} is not a variable of this version. ${remedy}`] : [],
  );
}

/**
 * Returns one sentence for each variable that is set under a name one slip away from a known one: a character that is
 * missing, added or different, or two that are swapped.
 */
export function findMisspelledVariables(env: Variables, known: readonly string[]): readonly string[] {
  const names = new Set(known);
  return Object.entries(env).flatMap(([name, value]) => {
    if (!isSet(value) || names.has(name) || Object.hasOwn(formerVariables, name)) return [];
    // Short names are one slip away from too many others.
    const meant = known.find((each) => each.length >= 8 && isOneSlip(name, each));
    return meant === undefined
      ? []
      : [`${name} is not a known variable and has no effect. If you mean ${meant}, rename it.`];
  });
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

function isOneSlip(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const [left, right] = [a.slice(start), b.slice(start)];
  return (
    left.slice(1) === right.slice(1) ||
    left.slice(1) === right ||
    left === right.slice(1) ||
    (left.length > 1 && left.slice(0, 2) === `${right[1]}${right[0]}` && left.slice(2) === right.slice(2))
  );
}

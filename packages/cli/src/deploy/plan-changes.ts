import type { EnvironmentSettings, Ruleset } from './desired-settings.ts';
import type { FoundEnvironment, RepositorySettings } from './repository-settings.ts';

/** One change of the repository's settings. */
export interface Change {
  /** What changes, without values that contain an account ID. */
  readonly text: string;
  readonly apply: (settings: RepositorySettings) => Promise<void>;
}

/**
 * Returns the changes that are left, in the order in which they can be applied. A secret whose value GitHub does not show is
 * set each time, because its value may have changed.
 */
export function changesOf(
  wanted: EnvironmentSettings,
  found: FoundEnvironment | null,
  reviewers: readonly number[],
): readonly Change[] {
  const { name } = wanted;
  const required = wanted.needsApproval ? reviewers : [];
  const hasReviewers = required.every((id) => found?.reviewers.includes(id) === true);
  const policies = wanted.policies.filter(({ type, name: pattern }) => !found?.policies.includes(`${type} ${pattern}`));
  const isRestricted = found !== null && found.policies.length > 0;
  return [
    ...(isRestricted && hasReviewers
      ? []
      : [
          {
            text: `environment ${name}: ${found === null ? 'create' : 'restrict'}${required.length > 0 ? ', with required reviewers' : ''}`,
            // A request without the present reviewers would remove them.
            apply: (settings: RepositorySettings) =>
              settings.putEnvironment(wanted, [...new Set([...(found?.reviewers ?? []), ...required])]),
          },
        ]),
    ...policies.map((policy) => ({
      text: `environment ${name}: allow the ${policy.type} ${policy.name}`,
      apply: (settings: RepositorySettings) => settings.addPolicy(name, policy),
    })),
    ...Object.entries(wanted.variables)
      .filter(([variable, value]) => found?.variables[variable] !== value)
      .map(([variable, value]) => ({
        text: `environment ${name}: variable ${variable} = ${value}`,
        apply: (settings: RepositorySettings) =>
          settings.putVariable(name, variable, value, found?.variables[variable] !== undefined),
      })),
    ...Object.entries(wanted.secrets).map(([secret, value]) => ({
      text: `environment ${name}: secret ${secret}${found?.secrets.includes(secret) === true ? ' (again)' : ''}`,
      apply: (settings: RepositorySettings) => settings.putSecret(name, secret, value),
    })),
  ];
}

/** Returns the rulesets that are missing. One with the same name is left as it is: people adapt them. */
export function rulesetChanges(
  wanted: readonly Ruleset[],
  found: readonly { readonly name: string }[],
): readonly Change[] {
  return wanted
    .filter(({ name }) => !found.some((each) => each.name === name))
    .map((ruleset) => ({
      text: `ruleset ${ruleset.name}: create`,
      apply: (settings) => settings.createRuleset(ruleset),
    }));
}

/** Returns what an environment lacks, as sentences; none if the pipelines can use it. */
export function missingOf(wanted: EnvironmentSettings, found: FoundEnvironment | null): readonly string[] {
  if (found === null) return ['does not exist'];
  const variables = Object.entries(wanted.variables).filter(([name, value]) => found.variables[name] !== value);
  const secrets = Object.keys(wanted.secrets).filter((name) => !found.secrets.includes(name));
  const policies = wanted.policies.filter(({ type, name }) => !found.policies.includes(`${type} ${name}`));
  return [
    ...variables.map(([name]) => `variable ${name} ${found.variables[name] === undefined ? 'is missing' : 'differs'}`),
    ...secrets.map((name) => `secret ${name} is missing`),
    ...policies.map(({ type, name }) => `the ${type} ${name} may not use it`),
    ...(found.policies.length === 0 ? ['every branch may use it'] : []),
    ...(wanted.needsApproval && found.reviewers.length === 0 ? ['no approval is required'] : []),
  ];
}

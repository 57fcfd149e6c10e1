import { conclusions } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { workflowEvents } from '../values/events.ts';
import { parseGlob } from '../values/pattern.ts';
import { type Problem, quote } from '../values/problem.ts';
import { checked } from '../compile/schema.ts';

/** The values of `enforcement`, in GitHub's meaning for rulesets. */
export const enforcements = ['active', 'evaluate', 'disabled'] as const;
export type Enforcement = (typeof enforcements)[number];

const maxPatterns = 200;
const maxPatternLength = 100;

function problemOfRepositoryName(text: string): Problem | null {
  const fix = 'write the name of a repository of this owner, or a pattern such as `app-*` or `!app-legacy`';
  const name = text.startsWith('!') ? text.slice(1) : text;
  if (name.includes('/')) {
    return { message: `\`${quote(text)}\` names an owner, but a policy is about the repositories of one owner`, fix };
  }
  if (name === '' || name.length > maxPatternLength || !/^[A-Za-z0-9._*-]+$/.test(name)) {
    return { message: `\`${quote(text)}\` is not a repository name or pattern`, fix };
  }
  const glob = parseGlob(name);
  return 'problem' in glob ? glob.problem : null;
}

function problemOfLength(list: readonly unknown[]): Problem | null {
  return list.length <= maxPatterns
    ? null
    : { message: `the list has ${list.length} entries`, fix: `use patterns: at most ${maxPatterns} entries` };
}

function repositories(description: string) {
  return z.optional(
    z
      .array(z.string().check(checked(problemOfRepositoryName), z.meta({ pattern: '^!?[A-Za-z0-9._*-]{1,100}$' })))
      .check(checked(problemOfLength), z.meta({ description, maxItems: maxPatterns })),
  );
}

/** The schema of a dispatching-policy.yml. Enforcement, `dispatcher validate` and the JSON Schema are derived from it. */
export const PolicySchema = z
  .strictObject({
    enforcement: z.optional(
      z.enum(enforcements).check(
        z.meta({
          description:
            '`active`: the policy refuses what it does not allow. `evaluate`: decisions only record what it would refuse. `disabled`: it has no effect. Default: `active`.',
        }),
      ),
    ),
    sources: repositories(
      'Repositories of this owner whose runs may start workflows: names or patterns, of which the last one that matches decides. An empty list: none. Default: all.',
    ),
    targets: repositories(
      'Repositories of this owner whose workflows may be started: names or patterns, of which the last one that matches decides. An empty list: none. Default: all.',
    ),
    'cross-owner': z.optional(
      z.enum(['allow', 'deny']).check(
        z.meta({
          description:
            '`deny` refuses dispatches between a repository of this owner and one of another owner, in both directions. Default: `allow`.',
        }),
      ),
    ),
    'max-targets': z.optional(
      z
        .int()
        .check(
          z.positive(),
          z.meta({ description: 'How many targets one run of this owner may start. Default: the operator’s limit.' }),
        ),
    ),
    conclusions: z.optional(
      z.array(z.enum(conclusions)).check(
        z.meta({
          description: 'Conclusions of runs that may start workflows, or may start those of this owner. Default: any.',
        }),
      ),
    ),
    events: z.optional(
      z.array(z.enum(workflowEvents)).check(
        z.meta({
          description: 'Events of runs that may start workflows, or may start those of this owner. Default: any.',
        }),
      ),
    ),
  })
  .check(
    z.meta({
      title: 'dispatching-policy.yml',
      description:
        'Restricts what the dispatching.yml files of an owner’s repositories can allow. It never allows anything.',
    }),
  );

export type PolicyText = z.infer<typeof PolicySchema>;

export const policyKeys: readonly string[] = Object.keys(PolicySchema.shape);

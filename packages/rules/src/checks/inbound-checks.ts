import type { Check, RepositoryContents, RunCompleted } from '@dispatcher/contracts';
import { check, rankOf, unsatisfied } from './checks.ts';
import { conditionChecks, listed } from './condition-checks.ts';
import type { DispatchingFile, InboundRule, InboundTarget } from '../compile/compiled-file.ts';
import { matchesRepository } from '../values/names.ts';
import { matchesPatterns } from '../values/pattern.ts';
import type { MatchedRoute } from '../decide/match-run.ts';

const inboundNames = { branch: 'inbound-branch', event: 'inbound-event', conclusion: 'inbound-conclusion' } as const;

/** Who asks a target: a run of a repository with that default branch, or a key by its name. */
export type Asker =
  | { readonly kind: 'run'; readonly run: RunCompleted; readonly defaultBranch: string }
  | { readonly kind: 'key'; readonly name: string };

export interface InboundQuestion {
  readonly asker: Asker;
  readonly target: RepositoryContents;
  readonly targetDefaultBranch: string;
  readonly matched: MatchedRoute;
  readonly ref: string;
}

export interface InboundAnswer {
  /** `inbound[0].targets[1]`, or `inbound` where there is no inbound rule at all. */
  readonly rule: string;
  readonly checks: readonly Check[];
}

/**
 * The inbound rule that answers a route: one that accepts it, else the one that comes closest. "Closest" goes by the
 * precedence of checks and not by place, so the order of rules changes neither effect nor code.
 */
export function answerInbound(file: DispatchingFile, question: InboundQuestion): InboundAnswer {
  let best: { readonly answer: InboundAnswer; readonly reached: number; readonly failed: number } | undefined;
  for (const rule of file.inbound) {
    for (const target of rule.targets) {
      const checks = namingChecks(rule, target, question);
      if (unsatisfied(checks).length === 0) checks.push(...consentChecks(rule, target, question));
      const failed = unsatisfied(checks);
      const first = failed[0];
      if (first === undefined) return { rule: target.label, checks };
      const reached = rankOf(first);
      const isCloser =
        best === undefined || reached > best.reached || (reached === best.reached && failed.length < best.failed);
      if (isCloser) best = { answer: { rule: target.label, checks }, reached, failed: failed.length };
    }
  }
  const name = question.asker.kind === 'run' ? 'inbound-repository' : 'inbound-key';
  return best?.answer ?? { rule: 'inbound', checks: [check(name, false, 'an inbound rule', 'none')] };
}

/** Whether the rule is about this route at all. */
function namingChecks({ source }: InboundRule, target: InboundTarget, question: InboundQuestion): Check[] {
  const { asker, matched, target: reading } = question;
  const asked = matched.route.target;
  const isSame =
    'workflow' in target
      ? 'workflow' in asked && target.workflow === asked.workflow
      : 'eventType' in asked && target.eventType === asked.eventType;
  return [
    ...sourceChecks(source, asker, reading.owner),
    check('inbound-target', isSame, whatOf(target), whatOf(asked)),
  ];
}

/** A rule for a key is about no run, and a rule for the runs of a repository about no key. */
function sourceChecks(source: InboundRule['source'], asker: Asker, fileOwner: string): Check[] {
  if (asker.kind === 'key') {
    const expected = 'key' in source ? `key ${source.key}` : source.repository.text;
    return [check('inbound-key', 'key' in source && source.key === asker.name, expected, `key ${asker.name}`)];
  }
  const { owner, name } = asker.run.repository;
  if ('key' in source) return [check('inbound-repository', false, `key ${source.key}`, `${owner}/${name}`)];
  const { repository, workflow } = source;
  return [
    check(
      'inbound-repository',
      matchesRepository(repository, fileOwner, owner, name),
      repository.owner === null ? `${fileOwner}/${repository.text}` : repository.text,
      `${owner}/${name}`,
    ),
    check('inbound-workflow', workflow === asker.run.workflow, workflow, asker.run.workflow),
  ];
}

function whatOf(target: { readonly workflow: string } | { readonly eventType: string }): string {
  return 'workflow' in target ? target.workflow : `event type ${target.eventType}`;
}

function consentChecks({ source }: InboundRule, target: InboundTarget, question: InboundQuestion): Check[] {
  const { asker } = question;
  const ofRun =
    asker.kind === 'run' && !('key' in source)
      ? conditionChecks(inboundNames, source, asker.run.run, asker.defaultBranch)
      : [];
  // An event runs on the default branch, and its payload is accepted with its type.
  return 'workflow' in target ? [...ofRun, ...refAndInputChecks(target, question)] : ofRun;
}

function refAndInputChecks(
  target: Extract<InboundTarget, { workflow: string }>,
  { targetDefaultBranch, matched, ref }: InboundQuestion,
): Check[] {
  const unlisted = Object.keys(matched.inputs).filter((name) => !target.inputs.includes(name));
  const refs = target.refs.length === 0 ? '' : `, ${listed(target.refs)}`;
  return [
    check(
      'inbound-ref',
      ref === targetDefaultBranch || matchesPatterns(target.refs, ref),
      `${targetDefaultBranch} (the default branch)${refs}`,
      ref,
    ),
    check(
      'inbound-inputs',
      unlisted.length === 0,
      target.inputs.length === 0 ? 'no inputs' : target.inputs.join(', '),
      unlisted.length === 0 ? Object.keys(matched.inputs).join(', ') || 'no inputs' : unlisted.join(', '),
    ),
  ];
}

import type { Check, ReadRepository, RunCompleted } from '@dispatcher/contracts';
import { check, rankOf, unsatisfied } from './checks.ts';
import { conditionChecks, listed } from './conditions.ts';
import type { DispatchingFile, InboundRule, InboundTarget } from './file.ts';
import { matchesRepository } from './names.ts';
import { matchesPatterns } from './pattern.ts';
import type { MatchedRoute } from './routes.ts';

const inboundNames = { branch: 'inbound-branch', event: 'inbound-event', conclusion: 'inbound-conclusion' } as const;

export interface InboundQuestion {
  readonly run: RunCompleted;
  readonly sourceDefaultBranch: string;
  readonly target: ReadRepository;
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
  return best?.answer ?? { rule: 'inbound', checks: [check('inbound-repository', false, 'an inbound rule', 'none')] };
}

/** Whether the rule is about this route at all. */
function namingChecks(rule: InboundRule, target: InboundTarget, question: InboundQuestion): Check[] {
  const { run, matched, target: reading } = question;
  const { owner, name } = run.repository;
  const { repository, workflow } = rule.source;
  return [
    check(
      'inbound-repository',
      matchesRepository(repository, reading.owner, owner, name),
      repository.owner === null ? `${reading.owner}/${repository.text}` : repository.text,
      `${owner}/${name}`,
    ),
    check('inbound-workflow', workflow === run.workflow, workflow, run.workflow),
    check(
      'inbound-target',
      target.workflow === matched.route.target.workflow,
      target.workflow,
      matched.route.target.workflow,
    ),
  ];
}

function consentChecks(rule: InboundRule, target: InboundTarget, question: InboundQuestion): Check[] {
  const { run, sourceDefaultBranch, targetDefaultBranch, matched, ref } = question;
  const unlisted = Object.keys(matched.inputs).filter((name) => !target.inputs.includes(name));
  const refs = target.refs.length === 0 ? '' : `, ${listed(target.refs)}`;
  return [
    ...conditionChecks(inboundNames, rule.source, run.run, sourceDefaultBranch),
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

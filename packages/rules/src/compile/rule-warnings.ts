import { foldName } from '@dispatcher/contracts';
import { sameWorkflow } from '../values/names.ts';
import type { Problem } from '../values/problem.ts';
import type { Conditions, DispatchingFile, InboundRule, InboundTarget, OutboundRule } from './compiled-file.ts';
import { createCoverage, type Coverage } from './coverage.ts';

/** A warning and the path of the value it is about. */
export interface Warning extends Problem {
  readonly path: readonly PropertyKey[];
}

/** Each target is compared with so many others of the same route. Bounds the time for a file with 1,000 of them. */
const maxOthers = 8;

/**
 * Returns the warnings about rules that are valid but have no effect: a file without rules, a target that another one
 * makes superfluous, a rule that no run matches, and a workflow that starts itself.
 * @param repository `owner/name` of the repository that contains the file; null if unknown
 */
export function ruleWarnings(file: DispatchingFile, repository: string | null): Warning[] {
  if (file.outbound.length === 0 && file.inbound.length === 0) return [noRules];
  const coverage = createCoverage();
  return [
    ...file.outbound.flatMap(({ source, needs }, rule) => unmatchable(source, needs, ['outbound', rule, 'source'])),
    ...file.inbound.flatMap(({ source }, rule) =>
      'name' in source ? [] : unmatchable(source, source.needs, ['inbound', rule, 'source']),
    ),
    ...selfDispatches(file.outbound, repository),
    ...repeatedRoutes(file.outbound, ownerOf(repository), coverage),
    ...coveredInbound(file.inbound, ownerOf(repository), coverage),
  ];
}

const noRules: Warning = {
  path: [],
  message: 'the file has no rules',
  fix: 'add a rule under `outbound:` or `inbound:`, or delete the file',
};

/** Returns a warning if no run of the accepted events can belong to an accepted branch or tag. */
function unmatchable(source: Conditions, needs: readonly Conditions[] | null, path: readonly PropertyKey[]): Warning[] {
  if (needs !== null) return needs.flatMap((need, index) => unmatchableRun(need, [...path, 'needs', index]));
  return unmatchableRun(source, [...path, 'events']);
}

function unmatchableRun({ branches, events }: Conditions, path: readonly PropertyKey[]): Warning[] {
  if (branches !== null || events === null || !events.every((event) => event.startsWith('pull_request'))) return [];
  return [
    {
      path,
      message: 'no run matches: a pull request’s run belongs to its head branch, and the rule accepts no such branch',
      fix: "add `branches:`, such as `branches: ['**']`",
    },
  ];
}

function selfDispatches(outbound: readonly OutboundRule[], repository: string | null): Warning[] {
  if (repository === null) return [];
  return outbound.flatMap(({ source, needs, targets }, rule) =>
    targets.flatMap((target, index) =>
      (needs ?? [source]).some(({ workflow }) =>
        sameWorkflow(
          { repository, workflow },
          { repository: fullNameOf(target.repository, ownerOf(repository)), workflow: target.workflow },
        ),
      )
        ? [
            {
              path: ['outbound', rule, 'targets', index],
              message: 'the target is the source’s own workflow, and a workflow cannot start itself',
              fix: 'name another workflow, or remove the target',
            },
          ]
        : [],
    ),
  );
}

interface PlacedTarget<Source, Target> {
  readonly path: readonly PropertyKey[];
  readonly label: string;
  readonly source: Source;
  readonly target: Target;
}

/** Returns a warning for each outbound target whose route an earlier one takes from every run that it accepts. */
function repeatedRoutes(outbound: readonly OutboundRule[], owner: string | null, coverage: Coverage): Warning[] {
  const groups = new Map<string, PlacedTarget<Conditions, string>[]>();
  const warnings: Warning[] = [];
  for (const [rule, { source, needs, targets }] of outbound.entries()) {
    // Whether one rule with `needs` covers another is not compared.
    if (needs !== null) continue;
    for (const [index, { repository, workflow, id, label, enabled }] of targets.entries()) {
      if (enabled !== true) continue;
      const key = JSON.stringify([source.kind, source.workflow, foldName(fullNameOf(repository, owner)), workflow, id]);
      const placed = { path: ['outbound', rule, 'targets', index], label, source, target: key };
      const others = groups.get(key) ?? [];
      groups.set(key, others);
      const first = others.find((other) => coverage.conditions(other.source, source));
      if (first === undefined) {
        if (others.length < maxOthers) others.push(placed);
      } else {
        warnings.push({
          path: placed.path,
          message: `the target never starts: \`${first.label}\` has the same route for the same runs`,
          fix: 'remove it, or add an `id:` to start the workflow twice',
        });
      }
    }
  }
  return warnings;
}

type PlacedInbound = PlacedTarget<InboundRule['source'], InboundTarget>;

/** Returns a warning for each inbound target that accepts nothing beyond what another one accepts. */
function coveredInbound(inbound: readonly InboundRule[], owner: string | null, coverage: Coverage): Warning[] {
  const groups = new Map<string, PlacedInbound[]>();
  const warnings: Warning[] = [];
  const warn = ({ path }: PlacedInbound, { label }: PlacedInbound) =>
    warnings.push({
      path,
      message: `the target has no effect: \`${label}\` accepts everything that it accepts`,
      fix: 'remove it, or narrow the other one',
    });
  for (const [rule, { source, targets, enabled }] of inbound.entries()) {
    // A disabled rule covers nothing, and a dry run is covered by no rule that starts.
    if (enabled !== true || ('needs' in source && source.needs !== null)) continue;
    for (const [index, target] of targets.entries()) {
      const placed = { path: ['inbound', rule, 'targets', index], label: target.label, source, target };
      const key = groupOf(source, target);
      const others = groups.get(key) ?? [];
      const wider = others.find((other) => coversInbound(coverage, other, placed, owner));
      if (wider !== undefined) {
        warn(placed, wider);
        continue;
      }
      const narrower = others.filter((other) => coversInbound(coverage, placed, other, owner));
      for (const other of narrower) warn(other, placed);
      const kept = others.filter((other) => !narrower.includes(other));
      groups.set(key, kept.length < maxOthers ? [...kept, placed] : kept);
    }
  }
  return warnings;
}

function groupOf(source: InboundRule['source'], target: InboundTarget): string {
  const from = [source.kind, 'name' in source ? source.name : source.workflow];
  return JSON.stringify([...from, ...('eventType' in target ? ['event', target.eventType] : [target.workflow])]);
}

function coversInbound(coverage: Coverage, wide: PlacedInbound, narrow: PlacedInbound, owner: string | null): boolean {
  if (!('name' in wide.source) && !('name' in narrow.source)) {
    if (!coverage.repository(wide.source.repository, narrow.source.repository, owner)) return false;
    if (!coverage.conditions(wide.source, narrow.source)) return false;
  }
  if ('eventType' in wide.target || 'eventType' in narrow.target) return true;
  const coversRefs = narrow.target.refs.length === 0 || coverage.patterns(wide.target.refs, narrow.target.refs);
  return coversRefs && coverage.inputs(wide.target.inputs, narrow.target.inputs);
}

function ownerOf(repository: string | null): string | null {
  return repository === null ? null : foldName(repository.split('/')[0] ?? '');
}

function fullNameOf(repository: string, owner: string | null): string {
  return repository.includes('/') || owner === null ? repository : `${owner}/${repository}`;
}

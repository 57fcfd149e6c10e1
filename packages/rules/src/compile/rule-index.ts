import { foldName, type Route } from '@dispatcher/contracts';
import { matchesGlob, type Glob } from '../values/pattern.ts';
import type {
  Conditions,
  InboundIndex,
  InboundPlace,
  InboundRule,
  InboundSource,
  NamedRequester,
  OutboundIndex,
  OutboundRule,
  RuleIndex,
} from './compiled-file.ts';

/** Indexes the rules of a file. Its size is proportional to the number of their targets. */
export function indexRules(outbound: readonly OutboundRule[], inbound: readonly InboundRule[]): RuleIndex {
  return { outbound: indexOutbound(outbound), inbound: indexInbound(inbound) };
}

/** A rule can fail to match in its workflow, branch, event, conclusion, attempt and environment. */
const maxDistance = 6;

function indexOutbound(rules: readonly OutboundRule[]): OutboundIndex {
  const workflows = createIds();
  const needs = [...rules.keys()].filter((rule) => rules[rule]?.needs !== null);
  const workflowOf = Int32Array.from(rules, ({ source, needs }) =>
    needs === null ? workflows.add(workflowText(source)) : severalWorkflows,
  );
  const byWorkflow = new Map<number, number[]>();
  for (const [rule, workflow] of workflowOf.entries()) append(byWorkflow, workflow, rule);
  const firstByConditions = new Map<string, number>();
  const representatives = Int32Array.from(rules, ({ source }, rule) => {
    const text = textOf(source);
    const first = firstByConditions.get(text) ?? rule;
    firstByConditions.set(text, first);
    return first;
  });
  const representativeOf = (rule: number) => representatives[rule] ?? rule;
  const heads = indexHeads(rules);
  return {
    needs,
    representativeOf,
    candidates(source, head, maxClosest, failedConditions) {
      const known = new Int8Array(rules.length).fill(-1);
      const distanceOf = (rule: number) => {
        const first = representativeOf(rule);
        const distance = known[first] ?? -1;
        if (distance >= 0) return distance;
        return (known[first] = failedConditions(first));
      };
      const id = workflows.get(workflowText(source));
      const matching: number[] = [];
      const closest = Array.from({ length: maxDistance + 1 }, (): number[] => []);
      const ofWorkflow = closest.map((): number[] => []);
      for (const rule of byWorkflow.get(id) ?? []) {
        const distance = distanceOf(rule);
        if (distance === 0) matching.push(rule);
        else if ((ofWorkflow[distance]?.length ?? 0) < maxClosest) ofWorkflow[distance]?.push(rule);
      }
      const [, nearest = [], second = []] = closest;
      let rule = 0;
      for (; rule < rules.length && nearest.length + second.length < maxClosest; rule += 1) {
        if (workflowOf[rule] === id || workflowOf[rule] === severalWorkflows) continue;
        const others = closest[1 + distanceOf(rule)];
        if (others !== undefined && others.length < maxClosest) others.push(rule);
      }
      // Of the rules behind, only those can be closer that meet all conditions but the workflow.
      for (const other of heads.rulesFor(head, rule)) {
        if (nearest.length >= maxClosest) break;
        if (workflowOf[other] === id || workflowOf[other] === severalWorkflows) continue;
        if (distanceOf(other) === 0) nearest.push(other);
      }
      const unmatched: number[] = [];
      for (const [distance, others] of closest.entries()) {
        if (unmatched.length >= maxClosest) break;
        const both = [...(ofWorkflow[distance] ?? []), ...others].sort(ascending);
        unmatched.push(...both.slice(0, maxClosest - unmatched.length));
      }
      return [...matching, ...unmatched].sort(ascending);
    },
  };
}

interface HeadIndex {
  /** Returns the rules from this one on that may accept a branch or tag of this name, in file order, and perhaps others. */
  rulesFor(head: string | null, first: number): Iterable<number>;
}

/** Indexes rules by what the names of their branches and tags start with. */
function indexHeads(rules: readonly OutboundRule[]): HeadIndex {
  const byStart = new Map<string, number[]>();
  for (const [rule, { source }] of rules.entries()) {
    const patterns = [...(source.branches ?? []), ...(source.tags ?? [])].filter(({ negated }) => !negated);
    // Without a list, a rule accepts the default branch, whose name the file does not contain.
    const starts = source.branches === null && source.tags === null ? [''] : patterns.map(({ start }) => start);
    for (const start of new Set(starts)) append(byStart, start, rule);
  }
  const maxStart = Math.max(0, ...[...byStart.keys()].map(({ length }) => length));
  return {
    rulesFor(head, first) {
      if (head === null) return [];
      const lists: (readonly number[])[] = [];
      for (let length = 0; length <= Math.min(head.length, maxStart); length += 1) {
        const ofStart = byStart.get(head.slice(0, length));
        if (ofStart !== undefined) lists.push(ofStart.slice(positionOf(ofStart, first)));
      }
      const [only = [], ...others] = lists;
      return others.length === 0 ? only : [...new Set(lists.flat())].sort(ascending);
    },
  };
}

/** Returns the position of the first number that is not below `value`, in a sorted list. */
function positionOf(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns a text that is the same for rules with the same conditions besides the workflow. */
function textOf({ kind, branches, tags, events, conclusions, attempts, environments }: Conditions): string {
  const texts = [branches, tags].map((patterns) => patterns?.map(({ text }) => text) ?? null);
  return JSON.stringify([kind, ...texts, events, conclusions, attempts, environments]);
}

// Ids that stand for every value. `createIds` gives higher ones.
const any = 0;
const anyRequester = 1;
/** In place of the workflow of a rule with `needs`, which the index does not select. */
const severalWorkflows = 0;

/**
 * Indexes the targets of inbound rules. A place is listed under what its rule names (source, workflow and target). Only the
 * first place in the file is kept under each part of that, such as the target alone: if no rule names source, workflow and
 * target, the closest rule is the first one that names a part of them.
 */
function indexInbound(rules: readonly InboundRule[]): InboundIndex {
  const [sources, workflows, targets] = [createIds(), createIds(), createIds()];
  const globs = new Map<string, { readonly id: number; readonly glob: Glob }[]>();
  const seen = new Set<number>();
  const places = rules.flatMap((rule) => rule.targets.map((target): InboundPlace => ({ rule, target })));
  const names = places.map(({ rule: { source }, target }) => {
    const isNamed = 'name' in source;
    const id = sources.add(isNamed ? requesterText(source) : patternText(source.repository));
    if (!isNamed && !seen.has(id) && source.repository.name.some(({ kind }) => kind !== 'chars')) {
      append(globs, source.repository.owner ?? '', { id, glob: source.repository.name });
    }
    seen.add(id);
    const workflow = isNamed ? any : workflows.add(source.needs === null ? workflowText(source) : neededText(source));
    return { source: id, anySource: isNamed ? anyRequester : any, workflow, target: targets.add(targetText(target)) };
  });
  const keyOf = (source: number, workflow: number, target: number) =>
    (source * workflows.radix() + workflow) * targets.radix() + target;
  const naming = new Map<number, number[]>();
  const first = new Map<number, number>();
  for (const [place, { source, anySource, workflow, target }] of names.entries()) {
    append(naming, keyOf(source, workflow, target), place);
    for (const part of new Set([source, anySource])) {
      for (const from of new Set([workflow, any])) {
        for (const to of [target, any]) {
          const key = keyOf(part, from, to);
          if (!first.has(key)) first.set(key, place);
        }
      }
    }
  }

  /** Returns the ids of the repository patterns that match a repository. */
  function matchingSources(owner: string, name: string, fileOwner: string): number[] {
    const owners = owner === fileOwner ? [owner, ''] : [owner];
    return owners.flatMap((of) => [
      sources.get(repositoryText(of, name)),
      ...(globs.get(of) ?? []).filter(({ glob }) => matchesGlob(glob, name)).map(({ id }) => id),
    ]);
  }

  return {
    candidates(requester: InboundSource, requested: Route['target'], fileOwner: string) {
      const isOfRepository = 'workflow' in requester;
      const ids = isOfRepository
        ? matchingSources(foldName(requester.owner), foldName(requester.name), foldName(fileOwner))
        : [sources.get(requesterText(requester))];
      const workflow = isOfRepository ? workflows.get(workflowText(requester)) : any;
      const namedBy =
        isOfRepository && requester.isNeeded === true ? [workflow, workflows.get(neededText(requester))] : [workflow];
      const target = targets.get(targetText(requested));
      const named = ids.flatMap((source) =>
        namedBy.flatMap((workflow) => naming.get(keyOf(source, workflow, target)) ?? []),
      );
      const keys = [...ids, any, anyRequester].flatMap((source) => [
        keyOf(source, workflow, target),
        keyOf(source, workflow, any),
        keyOf(source, any, target),
        keyOf(source, any, any),
      ]);
      const found = named.length > 0 ? named : keys.flatMap((key) => first.get(key) ?? []);
      return [...new Set(found)].sort(ascending).flatMap((place) => places[place] ?? []);
    },
  };
}

/** A repository has a slash in its text, and a name none. */
function requesterText({ kind, name }: NamedRequester): string {
  return `${kind} ${name}`;
}

/** A workflow's file name contains no slash. */
function workflowText({ kind, workflow }: Pick<Conditions, 'kind' | 'workflow'>): string {
  return `${kind}/${workflow}`;
}

/** The text of an inbound rule with `needs`, by the first of its workflows. */
function neededText({ workflow }: Pick<Conditions, 'workflow'>): string {
  return `needs/${workflow}`;
}

function patternText({ text, owner }: { readonly text: string; readonly owner: string | null }): string {
  return repositoryText(owner ?? '', foldName(text.slice(text.indexOf('/') + 1)));
}

function repositoryText(owner: string, name: string): string {
  return `${owner}/${name}`;
}

function targetText(target: { readonly workflow: string } | { readonly eventType: string }): string {
  return 'workflow' in target ? `workflow ${target.workflow}` : `event ${target.eventType}`;
}

/** Numbers texts from 2. `get` returns `radix() - 1` for a text without a number. */
function createIds() {
  const ids = new Map<string, number>();
  return {
    add(text: string): number {
      const id = ids.get(text) ?? ids.size + 2;
      ids.set(text, id);
      return id;
    },
    get: (text: string): number => ids.get(text) ?? ids.size + 2,
    radix: (): number => ids.size + 3,
  };
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function ascending(a: number, b: number): number {
  return a - b;
}

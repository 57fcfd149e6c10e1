import {
  type Code,
  codes,
  type Lineage,
  type Trigger,
  triggerLabel,
  type Plan,
  type RunCompleted,
  runKey,
} from '@dispatcher/contracts';
import type { Attempt } from '@dispatcher/lambda';
import { type Again, decide, restsOnUnknown, screen, targetsToRead } from '@dispatcher/rules';
import { planPayload, StoredPlan } from '@dispatcher/store';
import type { StartedByUs } from './completion.ts';
import { readAndDecideRequest } from './plan-request.ts';
import type { ReadingDependencies } from './reading.ts';

/** A reading had no answer: the run is tried again, and recorded as unreadable on its last attempt. */
export class ReadingIncomplete extends Error {
  override readonly name = 'ReadingIncomplete';
}

// A DynamoDB item holds 400 KB; the rest is for the record's own attributes.
const maxStoredBytes = 300_000;

/** What is to be planned: a run or a key's request, and where an operator asked for *again*, what that made of it. */
export interface ToPlan {
  readonly run: Trigger;
  readonly startedBy: StartedByUs | null;
  readonly again?: Again;
}

export interface StoringDependencies extends ReadingDependencies {
  /** Runs `work` if nothing is stored under the key, stores what it answers, and answers what is stored. */
  readonly once: (key: string, work: () => Promise<string>) => Promise<string>;
}

/** The plan as it is stored: it was before, or is concluded and stored now. */
export async function storedPlan(
  deps: StoringDependencies,
  asked: ToPlan,
  attempt: Pick<Attempt, 'isLast'>,
): Promise<StoredPlan> {
  const payload = planPayload(runKey(asked.run), asked.again?.revision ?? 0);
  return StoredPlan.parse(JSON.parse(await deps.once(payload, () => conclude(deps, asked, attempt))));
}

async function conclude(deps: StoringDependencies, asked: ToPlan, attempt: Pick<Attempt, 'isLast'>): Promise<string> {
  const plan = await readAndDecide(deps, asked);
  if (restsOnUnknown(plan) && !attempt.isLast) throw new ReadingIncomplete(plan.message);
  const plannedAt = new Date(deps.now()).toISOString();
  const text = JSON.stringify({ plannedAt, plan } satisfies StoredPlan);
  return Buffer.byteLength(text) <= maxStoredBytes
    ? text
    : JSON.stringify({ plannedAt, plan: tooLarge(plan) } satisfies StoredPlan);
}

async function readAndDecide(deps: ReadingDependencies, { run, startedBy, again }: ToPlan): Promise<Plan> {
  if (run.type === 'dispatch.requested') return readAndDecideRequest(deps, run, again);
  const { guardRails, cache, reader } = deps;
  const lineage = lineageOf(run, startedBy, deps.appSlug);
  // A fork's run costs no request: anyone can make a thousand of them.
  const refused = screen(run, lineage, guardRails);
  if (refused !== null) return { ...refused, revision: again?.revision ?? refused.revision };
  const { installationId } = run;
  const source = await reader.readSource({ installationId, ...ownerAndName(run) });
  const requests = targetsToRead(run, source, guardRails, cache);
  const targets =
    requests.length === 0 ? {} : await reader.readTargets({ installationId, owner: run.repository.owner }, requests);
  return decide({ run, lineage, source, targets, guardRails, cache, again });
}

function ownerAndName({ repository: { owner, name } }: RunCompleted): { owner: string; name: string } {
  return { owner, name };
}

/**
 * A run of our own App whose way is not stored is `unknown`: taking it for a root would reset the hop limit. The runs
 * of a `repository_dispatch` have no way: only keys send one, nothing leads to a key, and GitHub does not say what it
 * started.
 */
export function lineageOf(run: RunCompleted, startedBy: StartedByUs | null, appSlug: string): Lineage {
  if (startedBy !== null) {
    return { state: 'known', dispatchId: startedBy.dispatchId, depth: startedBy.depth, path: startedBy.path };
  }
  return run.run.actor === `${appSlug}[bot]` && run.run.event !== 'repository_dispatch'
    ? { state: 'unknown' }
    : { state: 'root' };
}

function tooLarge(plan: Plan): Plan {
  const code: Code = 'plan-too-large';
  const { title, fix, responsible } = codes[code];
  const message = `The plan of ${triggerLabel(plan.trigger)} names ${plan.decisions.length} decisions. ${title}`;
  return { ...plan, outcome: 'plan-too-large', code, message, fix, responsible, unmatched: [], decisions: [] };
}

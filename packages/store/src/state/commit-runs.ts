import { CommitRun, type CommitReference, DispatchClaim } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { expirySeconds, readItem, type StateTable } from './state-table.ts';
import { updateLive } from './update-live.ts';

/** What is stored about a commit. */
export interface StoredCommit {
  /** Of each workflow and event the newest run. */
  readonly runs: readonly CommitRun[];
  /** By dispatch id. */
  readonly claims: Readonly<Record<string, DispatchClaim>>;
}

/** Stores which runs have completed on a commit, and which run dispatches what needs several of them. */
export interface CommitRunStore {
  /** Stores a completed run, unless a newer one of its workflow and event is stored. */
  putRun(commit: CommitReference, run: CommitRun): Promise<void>;
  /** Returns what is stored about a commit. The read is consistent: a run that was put before is among the result. */
  getCommit(commit: CommitReference): Promise<StoredCommit>;
  /** Claims a dispatch for a run. Returns false if another run has claimed it. */
  claim(commit: CommitReference, dispatchId: string, claim: DispatchClaim): Promise<boolean>;
}

/** Longer than a run can be run again; older ones are refused. */
const retentionDays = 32;

const keyOf = ({ repositoryId, headSha, headBranch }: CommitReference) =>
  `commit#${repositoryId}#${headSha}#${headBranch ?? ''}`;

// The prefixes of the attributes of an item. Each run and each claim is an attribute of its own, so that writes of
// different ones do not overwrite each other.
const runPrefix = 'run ';
const orderPrefix = 'order ';
const claimPrefix = 'claim ';

export function createCommitRunStore(table: StateTable): CommitRunStore {
  return {
    putRun: async (commit, { workflow, isCompleted, run }) => {
      const name = `${workflow} ${run.event}`;
      await updateLive(table, keyOf(commit), {
        UpdateExpression: 'SET #run = :run, #order = :order, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(#order) OR #order < :order',
        ExpressionAttributeNames: { '#run': runPrefix + name, '#order': orderPrefix + name },
        ExpressionAttributeValues: {
          ':run': JSON.stringify({ workflow, isCompleted, run }),
          ':order': orderOf(run),
          ':expiresAt': expirySeconds(table.now(), retentionDays),
        },
      });
    },
    getCommit: async (commit) => {
      const attributes = Object.entries((await readItem(table, keyOf(commit))) ?? {});
      const named = (prefix: string) =>
        attributes
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, text]) => [name.slice(prefix.length), JSON.parse(String(text)) as unknown] as const);
      return {
        runs: named(runPrefix).map(([, run]) => z.parse(CommitRun, run)),
        claims: Object.fromEntries(named(claimPrefix).map(([id, claim]) => [id, z.parse(DispatchClaim, claim)])),
      };
    },
    claim: async (commit, dispatchId, { runKey, runUrl }) => {
      const claimed = await updateLive(table, keyOf(commit), {
        UpdateExpression: 'SET #claim = :claim, expiresAt = :expiresAt',
        // The same run may be planned again.
        ConditionExpression: 'attribute_not_exists(#claim) OR #claim = :claim',
        ExpressionAttributeNames: { '#claim': claimPrefix + dispatchId },
        ExpressionAttributeValues: {
          ':claim': JSON.stringify({ runKey, runUrl }),
          ':expiresAt': expirySeconds(table.now(), retentionDays),
        },
      });
      return claimed !== null;
    },
  };
}

/** Returns a text that sorts the runs of a workflow: by creation, then by id, then by attempt. */
function orderOf({ createdAt, startedAt, updatedAt, id, attempt }: CommitRun['run']): string {
  const created = new Date(createdAt ?? startedAt ?? updatedAt).toISOString();
  return `${created}#${String(id).padStart(20, '0')}#${String(attempt).padStart(10, '0')}`;
}

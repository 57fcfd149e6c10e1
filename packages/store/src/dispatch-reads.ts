import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import {
  currentRequester,
  type CurrentRequester,
  requesterItemKey,
  type RequesterReference,
} from './access/requesters.ts';
import { batchGet, type Item } from './batch-get.ts';
import { parsePlanItem, planKey, type StoredPlan } from './plans/stored-plan.ts';
import { rateLimiterKey, rateLimiterTime } from './state/fairness-queue.ts';
import { type LedgerState, parseDispatch, Slot } from './state/ledger-records.ts';
import { dispatchKey } from './state/ledger-writes.ts';
import { Pause, pauseKey } from './state/pause.ts';
import type { RateLimits } from './state/rate-limits.ts';
import { currentKey, currentRevisionOf } from './state/revisions.ts';
import { liveItem } from './state/state-table.ts';
import { type IssueItem, issueKey, parseIssueItem } from './state/tracking-issues.ts';
import { withdrawalKey } from './state/withdrawals.ts';

/** What a decision depends on. Every part names one or more items. */
export interface DispatchNeeds {
  readonly runKey: string;
  readonly revision: number;
  readonly routeId: string;
  readonly dispatchId: string;
  /** Name of the tracking issue that a denial is reported in. */
  readonly issueName: string;
  /** What only an allowed decision needs; null for a denied one. */
  readonly start: null | {
    readonly slotKey: string;
    readonly installationId: number;
    /** Name of the rate limiter of writes. */
    readonly rateKey: string;
    readonly withdrawals: readonly string[];
    /** The API key, schedule or webhook whose request it is; null for a run and a job. */
    readonly requester: RequesterReference | null;
  };
}

/** What is stored about a decision at one moment. */
export interface DispatchSnapshot {
  /** When the read began, in milliseconds since the epoch. */
  readonly readAt: number;
  /** Null if no plan of that revision is stored. */
  readonly plan: StoredPlan | null;
  /** The revision of the run's plan that counts for the route. */
  readonly currentRevision: number;
  readonly ledger: LedgerState;
  readonly issue: IssueItem;
  readonly pause: Pause | null;
  /** The stored time of the rate limiter. */
  readonly rateLimiterTime: number;
  readonly isWithdrawn: boolean;
  /** What the API key, schedule or webhook of the request may request now; null for a run and a job. */
  readonly requester: CurrentRequester | null;
}

/** Reads all that carrying out a decision depends on with one consistent `BatchGetItem`. */
export interface DispatchReads {
  read(needs: DispatchNeeds): Promise<DispatchSnapshot>;
}

export interface DispatchReadsOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical names. */
  readonly tables: { readonly state: string; readonly plans: string; readonly access: string };
  /** It remembers the rate limit of the installation, so that it is read at most once a second. */
  readonly rateLimits: Pick<RateLimits, 'keyToRead' | 'remember'>;
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/**
 * The items are read together, but not as of one moment: a snapshot may show the slot before a write and the dispatch after
 * it. The transaction that begins a dispatch states again what it relies on.
 */
export function createDispatchReads({ client, tables, rateLimits, now, pause }: DispatchReadsOptions): DispatchReads {
  return {
    read: async ({ runKey, revision, routeId, dispatchId, issueName, start }) => {
      const readAt = now();
      const limitKey = start === null ? null : rateLimits.keyToRead(start.installationId);
      const withdrawals = start?.withdrawals.map(withdrawalKey) ?? [];
      const stateKeys = [
        ...new Set([
          currentKey(runKey),
          dispatchKey(dispatchId),
          issueKey(issueName),
          ...(start === null ? [] : [start.slotKey, pauseKey, rateLimiterKey(start.rateKey), ...withdrawals]),
          ...(limitKey === null ? [] : [limitKey]),
        ]),
      ];
      const requester = start?.requester ?? null;
      const items = await batchGet(
        { client, pause },
        {
          [tables.plans]: [planKey(runKey, revision)],
          [tables.state]: stateKeys.map((pk) => ({ pk })),
          [tables.access]: requester === null ? [] : [requesterItemKey(requester)],
        },
      );
      const state = new Map(
        stateKeys.map((pk, index): [string, Item | null] => [pk, liveItem(items[tables.state]?.[index], now())]),
      );
      const find = <T>(pk: string | undefined, parse: (item: Item) => T): T | null => {
        const item = pk === undefined ? undefined : state.get(pk);
        return item === undefined || item === null ? null : parse(item);
      };
      if (start !== null && limitKey !== null) rateLimits.remember(start.installationId, state.get(limitKey) ?? null);
      return {
        readAt,
        plan: parsePlanItem(items[tables.plans]?.[0] ?? undefined, now()),
        currentRevision: currentRevisionOf(state.get(currentKey(runKey)) ?? null, routeId),
        ledger: {
          dispatch: find(dispatchKey(dispatchId), parseDispatch),
          slot: find(start?.slotKey, (item) => z.parse(Slot, item)),
        },
        issue: parseIssueItem(state.get(issueKey(issueName)) ?? null),
        pause: find(pauseKey, (item) => z.parse(Pause, item)),
        rateLimiterTime: start === null ? 0 : rateLimiterTime(state.get(rateLimiterKey(start.rateKey)) ?? null),
        isWithdrawn: withdrawals.some((pk) => (state.get(pk) ?? null) !== null),
        requester: requester === null ? null : currentRequester(requester, items[tables.access]?.[0] ?? null, now()),
      };
    },
  };
}

import { factId, type InstallationBudget } from '@dispatcher/contracts';
import type { Bus } from '../messaging/bus.ts';
import type { StepLog } from './logger.ts';
import type { Meter } from './metrics.ts';

/** A rate-limit budget as GitHub's response headers state it. */
export interface BudgetSeen {
  /** Null for the budget of the App itself, which is not reported. */
  readonly installationId: number | null;
  readonly resource: string;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds since the epoch. */
  readonly resetsAt: number;
}

export interface BudgetReport {
  /** Stores the newest state of each budget in memory. */
  readonly seen: (budget: BudgetSeen) => void;
  /** Publishes the budgets seen since the last call: each at most once a minute, across all processes. */
  readonly publish: () => Promise<void>;
}

export interface BudgetClaims {
  /** Returns true for one caller per minute. */
  claimReport(installationId: number, resource: string): Promise<boolean>;
}

interface BudgetReportOptions {
  readonly claims: BudgetClaims;
  readonly bus: Bus;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now?: () => number;
}

const minuteMs = 60_000;

/** Reports the remaining budgets of installations, as metric and as fact. A failed report is logged and does not throw. */
export function createBudgetReport(options: BudgetReportOptions): BudgetReport {
  const { claims, bus, meter, log, now = Date.now } = options;
  const newest = new Map<string, BudgetSeen & { readonly installationId: number }>();
  const claimedIn = new Map<string, number>();

  const report = async (key: string, seen: BudgetSeen & { readonly installationId: number }): Promise<void> => {
    const minute = Math.floor(now() / minuteMs);
    // A claim costs a write, so this process tries only once per minute.
    if (claimedIn.get(key) === minute) return;
    claimedIn.set(key, minute);
    newest.delete(key);
    const { installationId, resource, remaining } = seen;
    if (!(await claims.claimReport(installationId, resource))) return;
    meter.count('RateLimitRemaining', { resource }, remaining, { installation: installationId });
    await bus.publish([budgetFact(seen, now())]);
  };

  return {
    seen: (budget) => {
      const { installationId, resource } = budget;
      if (installationId !== null) newest.set(`${installationId} ${resource}`, { ...budget, installationId });
    },
    publish: async () => {
      for (const [key, seen] of newest) {
        await report(key, seen).catch((error: unknown) => log.warn('could not report the remaining budget', { error }));
      }
    },
  };
}

function budgetFact(seen: BudgetSeen & { readonly installationId: number }, now: number): InstallationBudget {
  const { installationId, resource, limit, remaining, resetsAt } = seen;
  const id = factId('installation.budget', installationId, resource, Math.floor(now / minuteMs));
  return {
    version: 1,
    id,
    type: 'installation.budget',
    time: new Date(now).toISOString(),
    correlationId: id,
    data: { installationId, resource, limit, remaining, resetsAt: new Date(resetsAt).toISOString() },
  };
}

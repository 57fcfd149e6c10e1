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
  /** Stores the budgets seen since the last call: each at most once a minute, across all processes. */
  readonly publish: () => Promise<void>;
}

/** A budget as it is stored. Times are ISO 8601. */
export interface StoredBudget {
  readonly installationId: number;
  readonly resource: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetsAt: string;
  readonly seenAt: string;
}

export interface BudgetGauges {
  /** Replaces a value of an earlier minute. Returns false if one of this minute is stored. */
  setBudget(budget: StoredBudget): Promise<boolean>;
}

interface BudgetReportOptions {
  readonly gauges: BudgetGauges;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now?: () => number;
}

const minuteMs = 60_000;

/** Reports the remaining budgets of installations, as metric and as gauge. A failed report is logged and does not throw. */
export function createBudgetReport(options: BudgetReportOptions): BudgetReport {
  const { gauges, meter, log, now = Date.now } = options;
  const newest = new Map<string, BudgetSeen & { readonly installationId: number }>();
  const claimedIn = new Map<string, number>();

  const report = async (key: string, seen: BudgetSeen & { readonly installationId: number }): Promise<void> => {
    const minute = Math.floor(now() / minuteMs);
    // A refused write costs as much as a write, so this process tries only once per minute.
    if (claimedIn.get(key) === minute) return;
    claimedIn.set(key, minute);
    newest.delete(key);
    const { installationId, resource, limit, remaining } = seen;
    const times = { resetsAt: new Date(seen.resetsAt).toISOString(), seenAt: new Date(now()).toISOString() };
    if (!(await gauges.setBudget({ installationId, resource, limit, remaining, ...times }))) return;
    meter.count('RateLimitRemaining', { resource }, remaining, { installation: installationId });
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

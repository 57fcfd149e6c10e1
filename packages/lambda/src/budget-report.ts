import { factId, type InstallationBudget } from '@dispatcher/contracts';
import type { Bus } from './bus.ts';
import type { StepLog } from './logger.ts';
import type { Meter } from './metrics.ts';

/** What GitHub said of a budget; times in milliseconds since the epoch. */
export interface BudgetSeen {
  /** Null for the App's own, which has no installation to tell of. */
  readonly installationId: number | null;
  readonly resource: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetsAt: number;
}

export interface BudgetReport {
  /** Remembers the newest word on each budget. */
  readonly seen: (budget: BudgetSeen) => void;
  /** Tells of the budgets seen since: each at most once a minute, by one process of all. */
  readonly publish: () => Promise<void>;
}

export interface BudgetClaims {
  /** True for one caller a minute. */
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

/**
 * The remaining budgets of installations, as metric and as fact. A report that fails is logged, and fails nothing else.
 */
export function createBudgetReport(options: BudgetReportOptions): BudgetReport {
  const { claims, bus, meter, log, now = Date.now } = options;
  const newest = new Map<string, BudgetSeen & { readonly installationId: number }>();
  const askedIn = new Map<string, number>();

  const tell = async (key: string, seen: BudgetSeen & { readonly installationId: number }): Promise<void> => {
    const minute = Math.floor(now() / minuteMs);
    // A claim costs a write: one a minute from this process, whoever gets it.
    if (askedIn.get(key) === minute) return;
    askedIn.set(key, minute);
    newest.delete(key);
    const { installationId, resource, remaining } = seen;
    if (!(await claims.claimReport(installationId, resource))) return;
    meter.count('RateLimitRemaining', { installation: String(installationId), resource }, remaining);
    await bus.publish([budgetFact(seen, now())]);
  };

  return {
    seen: (budget) => {
      const { installationId, resource } = budget;
      if (installationId !== null) newest.set(`${installationId} ${resource}`, { ...budget, installationId });
    },
    publish: async () => {
      for (const [key, seen] of newest) {
        await tell(key, seen).catch((error: unknown) => log.warn('remaining budget not told', { error }));
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

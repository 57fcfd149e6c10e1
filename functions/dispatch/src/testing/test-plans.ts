import type { Decision, Plan, RouteDecided } from '@dispatcher/contracts';
import type { StoredPlan } from '@dispatcher/store';

/** Collects decisions in the plans of their runs, which the dispatch function reads. */
export class TestPlans {
  readonly #write: (stored: StoredPlan) => Promise<void>;
  readonly #plans = new Map<string, { readonly stored: StoredPlan; readonly decisions: Decision[] }>();
  readonly #changed = new Set<string>();
  #saved: Promise<void> = Promise.resolve();

  constructor(write: (stored: StoredPlan) => Promise<void>) {
    this.#write = write;
  }

  /** Adds the decision to the plan of its run and revision, once. Returns the decision with its index in that plan. */
  add(decided: RouteDecided): RouteDecided {
    const { decision, revision } = decided.data;
    const key = `${decided.runKey}#${revision}`;
    const { decisions } = this.#plans.get(key) ?? this.#create(key, decided);
    const known = decisions.findIndex((each) => JSON.stringify(each) === JSON.stringify(decision));
    if (known !== -1) return { ...decided, data: { ...decided.data, index: known } };
    this.#changed.add(key);
    return { ...decided, data: { ...decided.data, index: decisions.push(decision) - 1 } };
  }

  /** Stores the plans that have changed, after all earlier calls. */
  save(): Promise<void> {
    this.#saved = this.#saved.then(() => this.#writeChanged());
    return this.#saved;
  }

  async #writeChanged(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const key of changed) {
      const plan = this.#plans.get(key);
      if (plan !== undefined) await this.#write(plan.stored);
    }
  }

  #create(key: string, { runKey, time: plannedAt, data: { trigger, revision, lineage } }: RouteDecided) {
    const decisions: Decision[] = [];
    const plan: Plan = {
      version: 1,
      runKey,
      revision,
      trigger,
      outcome: 'planned',
      code: 'allowed',
      message: 'Both sides agree.',
      fix: 'Nothing to do.',
      responsible: 'nobody',
      checks: [],
      unmatched: [],
      decisions,
      lineage,
    };
    const created = { stored: { plan, plannedAt }, decisions };
    this.#plans.set(key, created);
    return created;
  }
}

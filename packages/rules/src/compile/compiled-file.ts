import type { RequesterKind, Route } from '@dispatcher/contracts';
import type { RepositoryPattern } from '../values/names.ts';
import type { Glob, Pattern } from '../values/pattern.ts';
import type { FileError } from '../values/problem.ts';
import type { Template } from '../values/template.ts';

/** A compiled dispatching.yml. The rules are plain data; the index is computed from them. */
export interface DispatchingFile {
  readonly outbound: readonly OutboundRule[];
  readonly inbound: readonly InboundRule[];
  readonly index: RuleIndex;
}

/**
 * Selects the rules to evaluate. Every rule that can match is among them, and every rule that can be reported as close to
 * matching, so evaluating only them gives the same result as evaluating all rules.
 */
export interface RuleIndex {
  readonly outbound: OutboundIndex;
  readonly inbound: InboundIndex;
}

export interface OutboundIndex {
  /** The positions of the rules with `needs`, which are always evaluated: a file has few of them. */
  readonly needs: readonly number[];
  /** Returns the position of the first rule with the same conditions besides the workflow. */
  representativeOf(rule: number): number;
  /**
   * Returns positions of rules, in file order: those of the workflow whose conditions are met, and of the others the
   * `maxClosest` with the fewest differences.
   * @param head the name of the run's branch or tag
   * @param failedConditions returns how many conditions of a rule are not met; the workflow is not one of them
   */
  candidates(
    source: Pick<Conditions, 'kind' | 'workflow'>,
    head: string | null,
    maxClosest: number,
    failedConditions: (rule: number) => number,
  ): readonly number[];
}

export interface InboundIndex {
  /** Returns places in file order: those that name source and target; if there are none, those that can be closest. */
  candidates(source: InboundSource, target: Route['target'], fileOwner: string): readonly InboundPlace[];
}

/** What requests a dispatch: a run of a workflow of a repository, a job of one, or what an operator owns. */
export type InboundSource =
  | {
      readonly kind: 'run' | 'job';
      readonly owner: string;
      readonly name: string;
      readonly workflow: string;
      /** Whether the run is one of several that an outbound rule needs. */
      readonly isNeeded?: boolean | undefined;
    }
  | { readonly kind: RequesterKind; readonly name: string };

/** A target of an inbound rule, and the rule. */
export interface InboundPlace {
  readonly rule: InboundRule;
  readonly target: InboundTarget;
}

/**
 * Which runs of a workflow, or which jobs while it runs. Null means the default: for branches the source's default branch,
 * or none if there are tags; no tags; `defaultEvents`; `defaultConclusions`; any attempt; any environment or none. A run
 * has no environment, and a running job no conclusion.
 */
export interface Conditions {
  readonly kind: 'run' | 'job';
  readonly workflow: string;
  readonly branches: readonly Pattern[] | null;
  readonly tags: readonly Pattern[] | null;
  readonly events: readonly string[] | null;
  readonly conclusions: readonly string[] | null;
  readonly attempts: readonly number[] | null;
  readonly environments: readonly string[] | null;
}

export interface OutboundRule {
  /** For example `outbound[0]`. */
  readonly label: string;
  /** The first of `needs`, if there are any. */
  readonly source: Conditions;
  /** The workflows that must all have completed on one commit, in the order of the file; null for a rule for one run or job. */
  readonly needs: readonly Conditions[] | null;
  readonly targets: readonly OutboundTarget[];
}

export interface OutboundTarget {
  /** For example `outbound[0].targets[1]`. */
  readonly label: string;
  /** As written. A bare name means the owner of the file, which is known only when the file is used. */
  readonly repository: string;
  /** Null if `repository` is the name of a repository. */
  readonly pattern: TargetPattern | null;
  /** Null accepts any repository of that name; planning then remembers which one it was. */
  readonly repositoryId: number | null;
  readonly workflow: string;
  readonly id: string | null;
  readonly ref: string | null;
  readonly inputs: Readonly<Record<string, Template>>;
  readonly enabled: Enabled;
  /** Name of the check run on the source's commit; null for none. */
  readonly check: string | null;
}

/** The repositories of the same owner that allow the source, by a pattern of their names. */
export interface TargetPattern {
  /** As written. */
  readonly text: string;
  readonly name: Glob;
  /** Whether a source that is not public may start public repositories. */
  readonly isPublic: boolean;
}

/** `dry-run`: what would be started is decided and recorded, and nothing is started. */
export type Enabled = boolean | 'dry-run';

export interface InboundRule {
  readonly source: RunsOfRepository | NamedRequester;
  readonly targets: readonly InboundTarget[];
  readonly enabled: Enabled;
}

/** Runs of a repository's workflow, or jobs of one: see `kind`. */
export type RunsOfRepository = Conditions & {
  readonly repository: RepositoryPattern;
  /** As in {@link OutboundTarget}. */
  readonly repositoryId: number | null;
  /** As in {@link OutboundRule}: the rule accepts only a dispatch that needs all of them. */
  readonly needs: readonly Conditions[] | null;
};

/** The API key, schedule or webhook of this name. */
export interface NamedRequester {
  readonly kind: RequesterKind;
  readonly name: string;
}

/** `label` is, for example, `inbound[0].targets[1]`. */
export type InboundTarget =
  | {
      readonly label: string;
      readonly workflow: string;
      readonly refs: readonly Pattern[];
      readonly inputs: readonly AcceptedInput[];
      /** What the source sees of the started run: `none` hides its link, its conclusion and its times. */
      readonly report: 'status' | 'none';
    }
  | { readonly label: string; readonly eventType: string };

/** An input that a source may set. `values`: the values it may set; null for any. */
export interface AcceptedInput {
  readonly name: string;
  readonly values: readonly Pattern[] | null;
}

export type CompiledFile =
  /** `warnings`: what is valid but probably not meant. They change no decision. */
  | { readonly ok: true; readonly file: DispatchingFile; readonly warnings: readonly FileError[] }
  | { readonly ok: false; readonly errors: readonly FileError[] };

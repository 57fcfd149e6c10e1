import type { Check, Decision, Route } from '@dispatcher/contracts';
import type { TargetPattern } from '../compile/compiled-file.ts';

/** A route that the source (a file, or the scope of a key) selects, with every check that needs no target snapshot. */
export interface MatchedRoute {
  /** For example `outbound[0].targets[1]`, or `targets[0]` in the scope of a key. */
  readonly label: string;
  readonly route: Route;
  readonly routeId: string;
  readonly dispatchId: string;
  readonly checks: readonly Check[];
  /** What a policy of the source's owner that is only evaluated would refuse. */
  readonly wouldRefuse: readonly Check[];
  /** Whether the route is a dry run. Not among `checks`: the target of a dry run is read and checked as that of any other. */
  readonly dryRunChecks: readonly Check[];
  /** The `repository-id` of the outbound rule; null if it names none, and for an API key. */
  readonly targetId: number | null;
  /** The pattern of the outbound rule that the target matches; null or absent if the rule names the target. */
  readonly pattern?: TargetPattern | null;
  /** The runs of a rule with `needs`, once all of them are known; null or absent otherwise. */
  readonly needs?: NonNullable<Decision['needs']> | null;
  /** Name of the check run on the source's commit; null for none. */
  readonly check?: string | null;
  /** Null means the target's default branch. */
  readonly requestedRef: string | null;
  /** Empty if a value is invalid; a check then says so. */
  readonly inputs: Readonly<Record<string, string>>;
}

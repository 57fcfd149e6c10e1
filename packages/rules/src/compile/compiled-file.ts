import type { RepositoryPattern } from '../values/names.ts';
import type { Pattern } from '../values/pattern.ts';
import type { FileError } from '../values/problem.ts';
import type { Template } from '../values/template.ts';

/** A compiled dispatching.yml. Plain data: it can be stored as JSON under the id of its Git blob. */
export interface DispatchingFile {
  readonly outbound: readonly OutboundRule[];
  readonly inbound: readonly InboundRule[];
}

/** Null means the default: the source's default branch, `defaultEvents` or `defaultConclusions`. */
export interface Conditions {
  readonly workflow: string;
  readonly branches: readonly Pattern[] | null;
  readonly events: readonly string[] | null;
  readonly conclusions: readonly string[] | null;
}

export interface OutboundRule {
  /** For example `outbound[0]`. */
  readonly label: string;
  readonly source: Conditions;
  readonly targets: readonly OutboundTarget[];
}

export interface OutboundTarget {
  /** For example `outbound[0].targets[1]`. */
  readonly label: string;
  /** As written. A bare name means the owner of the file, which is known only when the file is used. */
  readonly repository: string;
  readonly workflow: string;
  readonly id: string | null;
  readonly ref: string | null;
  readonly inputs: Readonly<Record<string, Template>>;
  readonly enabled: boolean;
}

export interface InboundRule {
  readonly source: RunsOfRepository | RequestsOfKey;
  readonly targets: readonly InboundTarget[];
}

export type RunsOfRepository = Conditions & { readonly repository: RepositoryPattern };

/** Requests to `POST /dispatch` with the API key of this name. */
export interface RequestsOfKey {
  readonly key: string;
}

/** `label` is, for example, `inbound[0].targets[1]`. */
export type InboundTarget =
  | {
      readonly label: string;
      readonly workflow: string;
      readonly refs: readonly Pattern[];
      readonly inputs: readonly string[];
    }
  | { readonly label: string; readonly eventType: string };

export type CompiledFile =
  | { readonly ok: true; readonly file: DispatchingFile }
  | { readonly ok: false; readonly errors: readonly FileError[] };

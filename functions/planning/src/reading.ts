import type {
  AppPermissions,
  GuardRails,
  RepositorySnapshot,
  TargetSnapshots,
  TargetRequest,
} from '@dispatcher/contracts';
import type { CompileCache } from '@dispatcher/rules';
import type { ApiKeyRecord } from '@dispatcher/store';

/** Reads what both sides agreed to. Runs handled together ask in the same moment and share the requests. */
export interface ConsentReader {
  readSource(request: { installationId: number; owner: string; name: string }): Promise<RepositorySnapshot>;
  readTargets(
    source: { installationId: number; owner: string } | null,
    requests: readonly TargetRequest[],
  ): Promise<TargetSnapshots>;
}

export interface ReadingDependencies {
  readonly reader: ConsentReader;
  readonly cache: CompileCache;
  /** What the App was granted in an installation. */
  readonly permissionsOf: (installationId: number) => Promise<AppPermissions>;
  /** A key as it is now; null where there is none. */
  readonly findKey: (keyId: string) => Promise<ApiKeyRecord | null>;
  readonly appSlug: string;
  readonly guardRails: GuardRails;
  readonly now: () => number;
}

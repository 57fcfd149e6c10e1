import { DateTime } from '@dispatcher/contracts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { InstallationAccess } from '@dispatcher/projections';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { expirySeconds, readItem, type StateTable } from './state-table.ts';

/** A repository of an installation, as GitHub lists it. */
export const ListedRepository = z.object({ id: z.int(), owner: z.string(), name: z.string() });
export type ListedRepository = z.infer<typeof ListedRepository>;

/** An installation that the sweep goes through. */
const ListedInstallation = z.object({
  installationId: z.int(),
  /** The user or the organization; null if the App was uninstalled. */
  account: z.nullable(z.string()),
  /** Since when it is suspended. Absent: it is not. */
  suspendedAt: z.optional(DateTime),
  /** The page at GitHub on which the owner changes it. Absent if the App was uninstalled. */
  settingsUrl: z.optional(z.string()),
});

/** Progress of the sweep through one installation. */
export const SweptInstallation = z.extend(ListedInstallation, {
  startedAt: DateTime,
  /** `list`: its repositories are listed; `read`: their files are read; `compare`: what is not listed any more is gone. */
  phase: z.enum(['list', 'read', 'compare']),
  /** Pages of the list that are stored. */
  pages: z.int(),
  /** Repositories on them. */
  listed: z.int(),
  /** How often the list was begun: it changes while it is read. */
  attempts: z.int(),
  /** How often in sequence GitHub did not fulfill the next step. Absent: never. */
  failures: z.optional(z.int()),
  /** Whether the list has every repository. Without that, none is found to be gone. */
  isComplete: z.boolean(),
  /** The next page whose repositories are read. */
  nextPage: z.int(),
  read: z.int(),
  /** Repositories that GitHub did not return. */
  unread: z.int(),
  changed: z.int(),
  gone: z.int(),
  restRequests: z.int(),
  graphqlRequests: z.int(),
  /** Read before the first page of the list. */
  access: z.optional(InstallationAccess),
});
export type SweptInstallation = z.infer<typeof SweptInstallation>;

/** Progress of the sweep, which reads the dispatching.yml of every repository of every installation. */
export const Sweep = z.object({
  version: z.int(),
  /** When the next sweep begins. */
  nextAt: DateTime,
  /** When this sweep began; null between two sweeps. */
  startedAt: z.nullable(DateTime),
  /** Whether it goes through every installation. */
  isFull: z.boolean(),
  /** Installations that a hint is about: the next sweep begins at once, with them. */
  requested: z.array(z.int()),
  /** Nothing is read until this time, because GitHub rate-limits the App or did not fulfill a step. */
  notBefore: z.nullable(DateTime),
  current: z.nullable(SweptInstallation),
  /** How many installations were put aside since one was swept to its end. Absent: none. */
  putAside: z.optional(z.int()),
  /** Installations that follow. */
  waiting: z.array(ListedInstallation),
  /** GraphQL points that may be used, and when that was computed, by installation id. */
  points: z.record(z.string(), z.object({ left: z.number(), at: DateTime })),
});
export type Sweep = z.infer<typeof Sweep>;

export interface SweepStore {
  /** Returns null before the first sweep. */
  getSweep(): Promise<Sweep | null>;
  /** @returns false if another process has changed it since it was read */
  putSweep(sweep: Omit<Sweep, 'version'>, read: Sweep | null): Promise<boolean>;
  /** Stores one page of the list of an installation's repositories, from 0. */
  putPage(installationId: number, page: number, repositories: readonly ListedRepository[]): Promise<void>;
  getPage(installationId: number, page: number): Promise<readonly ListedRepository[]>;
}

const pk = 'sweep';
const pageKey = (installationId: number, page: number) => `sweep-page#${installationId}#${page}`;
/** Longer than any sweep. */
const pageDays = 7;
const Page = z.object({ repositories: z.array(ListedRepository) });

export function createSweepStore(table: StateTable): SweepStore {
  return {
    getSweep: async () => {
      const item = await readItem(table, pk);
      return item === null ? null : z.parse(Sweep, item);
    },
    putSweep: (sweep, read) =>
      tryConditionalWrite(
        table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...sweep, pk, version: (read?.version ?? 0) + 1 },
            ...(read === null
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : {
                  ConditionExpression: '#version = :version',
                  ExpressionAttributeNames: { '#version': 'version' },
                  ExpressionAttributeValues: { ':version': read.version },
                }),
          }),
        ),
      ),
    putPage: async (installationId, page, repositories) => {
      const expiresAt = expirySeconds(table.now(), pageDays);
      const Item = { pk: pageKey(installationId, page), repositories, expiresAt };
      await table.client.send(new PutCommand({ TableName: table.name, Item }));
    },
    getPage: async (installationId, page) => {
      const item = await readItem(table, pageKey(installationId, page));
      return item === null ? [] : z.parse(Page, item).repositories;
    },
  };
}

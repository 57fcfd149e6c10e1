import { createHash } from 'node:crypto';
import type { Fact } from '@dispatcher/contracts';
import { deadLetterIdOf, repositoryOf } from '@dispatcher/projections';

/** Key of one entry of the log, in the table `facts`. */
export interface EntryKey {
  readonly pk: string;
  readonly sk: string;
}

/** The largest `FACT_SHARDS`. */
export const maxShards = 16;

const digits = 12;

export const logPartition = (shard: number): string => `log#${shard}`;

export function entryKey(shard: number, number: number): EntryKey {
  return { pk: logPartition(shard), sk: String(number).padStart(digits, '0') };
}

/**
 * Returns the value of a fact's attribute `entry`: the entry under which the fact counts. It names the shard too, because
 * after a change of `FACT_SHARDS` a redelivered fact may be in entries with the same number in two shards.
 */
export const ownerOf = (shard: number, number: number): string => `${shard}/${number}`;

/**
 * Returns the shard of the repository that the fact is about, so that every item of one repository has one shard. Facts
 * about no repository are in shard 0; those about one dead letter are in one shard.
 */
export function shardOf(fact: Fact, shards: number): number {
  const name = repositoryOf(fact) ?? deadLetterIdOf(fact);
  if (shards === 1 || name === null) return 0;
  return createHash('sha256').update(name).digest().readUInt32BE() % shards;
}

import { deflateSync, inflateSync } from 'node:zlib';
import { planDictionary1, planDictionary2 } from './plan-dictionary.ts';

/** The preset dictionaries by number. The number is the first byte of each stored plan. */
const dictionaries: ReadonlyMap<number, Buffer> = new Map([
  [1, Buffer.from(planDictionary1)],
  [2, Buffer.from(planDictionary2)],
]);
const newest = 2;

/** Returns a text as it is stored: the number of the dictionary, then the text, deflated with it. The same text gives the same bytes. */
export function encodePlan(text: string): Buffer {
  return Buffer.concat([Buffer.of(newest), deflateSync(text, { dictionary: dictionaries.get(newest), level: 9 })]);
}

/** @throws Error if the plan was written by a newer version of Dispatcher, or is damaged */
export function decodePlan(data: Uint8Array): string {
  const [number = 0] = data;
  const dictionary = dictionaries.get(number);
  if (dictionary === undefined) {
    throw new Error(
      `A stored plan was deflated with dictionary ${number}, which this version of Dispatcher does not have. Deploy the version that wrote it.`,
    );
  }
  return inflateSync(data.subarray(1), { dictionary }).toString();
}

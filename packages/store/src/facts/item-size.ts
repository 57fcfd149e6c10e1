type Attributes = Readonly<Record<string, unknown>>;

/** Returns the size by the developer guide: UTF-8 names and values, numbers half their digits, 3 bytes per list or map. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).replace(/[-.]/, '').length / 2) + 1;
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof Set) return [...value].reduce((sum: number, each) => sum + sizeOf(each), 3);
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + 1 + sizeOf(each), 3);
  if (typeof value === 'object' && value !== null) return itemSize(value as Attributes) + Object.keys(value).length + 3;
  return 1;
}

/** Returns the size of an item, or of what an index has of it, in bytes. A write unit is 1,024 of them. */
export function itemSize(item: Attributes): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);
}

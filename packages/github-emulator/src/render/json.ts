/** A JSON object in the shape of GitHub's published OpenAPI description, version 2022-11-28. */
export type Json = Record<string, unknown>;

/** Returns a node id in GitHub's older format: base64 of `0<length>:<type><id>`. */
export function nodeId(type: string, id: number | string): string {
  return Buffer.from(`0${type.length}:${type}${id}`).toString('base64');
}

/** Returns the `…_url` fields of an object. */
export function links(url: string, suffixes: readonly (readonly [string, string])[]): Json {
  return Object.fromEntries(suffixes.map(([key, suffix]) => [key, `${url}${suffix}`]));
}

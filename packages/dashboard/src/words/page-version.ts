/** What the API says it is. */
interface Running {
  readonly version: string;
  /** Null if it is not known, as on a developer's machine. */
  readonly imageDigest: string | null;
}

/**
 * Whether the page is of another build than the API. A deployment without a release keeps the version and changes the image.
 * @param pageVersion the version that the page was built from
 * @param first what the API was when the page was opened
 */
export const isOtherBuild = (pageVersion: string, first: Running, now: Running): boolean =>
  now.version !== pageVersion ||
  (first.imageDigest !== null && now.imageDigest !== null && first.imageDigest !== now.imageDigest);

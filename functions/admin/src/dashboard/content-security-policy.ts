/**
 * The hash of the one `<style>` that Primer adds to the document: that of `@primer/live-region-element`. Without it the
 * style is refused, and the live region becomes visible.
 */
export const liveRegionStyleHash = 'sha256-DTxLo/p0U68OvQ0C/ZBm32x0lyr7xl7Dd6LHwBsg7sc=';

/** For the dashboard and its files: nothing from another origin, no inline script, and no frame around it. */
export const dashboardPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' '${liveRegionStyleHash}'`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

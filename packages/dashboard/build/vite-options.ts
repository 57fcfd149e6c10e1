import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';
import manifest from '../../../functions/admin/package.json' with { type: 'json' };
import { runbooks } from './runbooks.ts';

export const dashboardDirectory = fileURLToPath(new URL('../', import.meta.url));

/** The dashboard in the image of the admin function: beside its bundle, which serves it. */
export const siteDirectory = fileURLToPath(new URL('../../../functions/admin/dist/image/site/', import.meta.url));

/** Lists which files each page loads; kept beside the sizes, and not served. */
export const manifestName = 'manifest.json';
export const manifestFile = fileURLToPath(new URL(`../dist/${manifestName}`, import.meta.url));

export const viteOptions: InlineConfig = {
  configFile: false,
  root: dashboardDirectory,
  logLevel: 'warn',
  plugins: [runbooks],
  define: { 'import.meta.env.VITE_VERSION': JSON.stringify(manifest.version) },
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: siteDirectory,
    emptyOutDir: true,
    target: 'baseline-widely-available',
    // The content security policy has no `data:` for scripts and fonts, and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
    manifest: manifestName,
    rolldownOptions: {
      checks: { bundlerTimings: false },
      onwarn: (warning, warn) => {
        // "use client" marks modules for servers that render React; there is none.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
};

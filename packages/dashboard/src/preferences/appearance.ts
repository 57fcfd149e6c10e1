import { createPreference } from './stored-preference.ts';

export const colorModes = ['system', 'light', 'dark'] as const;
export const contrasts = ['system', 'standard', 'high'] as const;

export interface Appearance {
  readonly mode: (typeof colorModes)[number];
  readonly contrast: (typeof contrasts)[number];
}

/** Returns the stored appearance; what it does not understand follows the system. */
export function parseAppearance(stored: unknown): Appearance {
  const { mode, contrast } = (stored ?? {}) as Partial<Record<keyof Appearance, unknown>>;
  return {
    mode: colorModes.find((known) => known === mode) ?? 'system',
    contrast: contrasts.find((known) => known === contrast) ?? 'system',
  };
}

/** Light, dark or as the system; public/theme.js reads the same key before the first paint. */
export const appearance = createPreference('appearance', parseAppearance);

declare global {
  interface Window {
    /** Defined by public/theme.js. */
    applyAppearance?: () => void;
  }
}

export function changeAppearance(change: Partial<Appearance>): void {
  appearance.set({ ...appearance.get(), ...change });
  window.applyAppearance?.();
}

// Sets the theme before the first paint. A classic, blocking script: the content security policy forbids inline scripts.
// src/preferences/appearance.ts calls `window.applyAppearance` when the choice or the system's preference changes.
(() => {
  const root = document.documentElement;
  const systemWantsContrast = matchMedia('(prefers-contrast: more)');
  function read() {
    try {
      return JSON.parse(localStorage.getItem('appearance') ?? '{}') ?? {};
    } catch {
      return {};
    }
  }
  window.applyAppearance = () => {
    const { mode, contrast } = read();
    const isHigh = contrast === 'high' || (contrast !== 'standard' && systemWantsContrast.matches);
    root.dataset.colorMode = mode === 'light' || mode === 'dark' ? mode : 'auto';
    root.dataset.lightTheme = isHigh ? 'light_high_contrast' : 'light';
    root.dataset.darkTheme = isHigh ? 'dark_high_contrast' : 'dark';
    root.style.colorScheme = mode === 'light' || mode === 'dark' ? mode : 'light dark';
  };
  window.applyAppearance();
  systemWantsContrast.addEventListener('change', window.applyAppearance);
})();

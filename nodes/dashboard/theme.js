// Dark, light, or as the system has it. Runs before the first paint, so it is
// no module.
(() => {
  const KEY = 'darkroom-theme';
  const THEMES = ['auto', 'dark', 'light'];
  const read = () => {
    try {
      const kept = localStorage.getItem(KEY);
      return THEMES.includes(kept) ? kept : 'auto';
    } catch {
      return 'auto'; // a browser that keeps nothing
    }
  };
  const show = (theme) => (document.documentElement.dataset.theme = theme);
  const put = (theme) => {
    show(theme);
    try {
      localStorage.setItem(KEY, theme);
    } catch { /* it holds until the page is left */ }
    dispatchEvent(new Event('darkroom-theme'));
  };
  addEventListener('storage', (e) => e.key === KEY && (show(read()), dispatchEvent(new Event('darkroom-theme'))));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('darkroom-theme')));
  window.darkroomTheme = {
    now: () => document.documentElement.dataset.theme,
    next: () => put(THEMES[(THEMES.indexOf(window.darkroomTheme.now()) + 1) % THEMES.length]),
  };
  show(read());
})();

import type { Theme } from './workbench.ts';

/** Takes pictures in each look that INITSCOPE_THEMES names (light, dark and high contrast where it names none), one after the other. */
export async function inThemes(take: (theme: Theme) => Promise<void>): Promise<void> {
  const themes = (process.env.INITSCOPE_THEMES?.split(',') ?? ['light', 'dark', 'high-contrast']) as Theme[];
  for (const theme of themes) await take(theme);
}

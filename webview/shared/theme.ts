/** Colours of the current theme, read from the variables that the stylesheet resolves. */
export interface Colours {
  readonly fg: string;
  readonly dim: string;
  readonly grid: string;
  readonly forward: string;
  readonly backward: string;
  readonly good: string;
  readonly warn: string;
  readonly error: string;
  readonly selected: string;
  readonly card: string;
}

/** Reads the colours now. Canvas needs resolved values, so each is asked of a probe element. */
export function colours(): Colours {
  const style = getComputedStyle(document.body);
  const probe = document.createElement('span');
  document.body.append(probe);
  const resolve = (name: string) => {
    probe.style.color = style.getPropertyValue(`--${name}`);
    return getComputedStyle(probe).color;
  };
  const result = {
    fg: resolve('fg'),
    dim: resolve('dim'),
    grid: resolve('grid'),
    forward: resolve('forward'),
    backward: resolve('backward'),
    good: resolve('good'),
    warn: resolve('warn'),
    error: resolve('error'),
    selected: resolve('selected'),
    card: resolve('card'),
  };
  probe.remove();
  return result;
}

/** The same colour with another opacity. */
export function faint(colour: string, alpha: number): string {
  const parts = /rgba?\(([^)]+)\)/
    .exec(colour)?.[1]
    ?.split(/[\s,/]+/)
    .slice(0, 3);
  return parts === undefined ? colour : `rgba(${parts.join(', ')}, ${alpha})`;
}

/** Calls back when VS Code changes the theme (it rewrites the root's style or the body's class). */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
}

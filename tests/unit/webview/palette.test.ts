import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRepo } from '../../support/root.ts';
import { THEMES } from '../../webview/support/themes.ts';
import { contrast, difference, hex, over, seenBy, type Colour } from '../../support/colour.ts';

const GRAPHICS = ['forward', 'backward', 'good', 'warn', 'error', 'fg'] as const;
const WORDS = ['fg', 'dim', 'warn', 'error'] as const;

/** Least difference of two colours that a person tells apart at a glance. */
const APART = 20;

/** Every custom property that a stylesheet sets for one of these selectors, the last one winning. */
function declared(sheet: string, selectors: readonly string[]): ReadonlyMap<string, string> {
  const css = readFileSync(inRepo('webview', ...sheet.split('/')), 'utf8').replace(/\/\*.*?\*\//gs, '');
  const values = new Map<string, string>();
  for (const [, selector = '', body = ''] of css.matchAll(/([^{}]+)\{([^}]*)\}/g))
    if (selectors.includes(selector.trim()))
      for (const [, name = '', value = ''] of body.matchAll(/--([\w-]+):\s*([^;]+);/g))
        values.set(name, value);
  return values;
}

type Palette = (name: string) => Colour;

/** The views' colours in a theme of VS Code, by the stylesheet itself. */
function inTheme({ body, variables }: (typeof THEMES)[string]): Palette {
  const values = declared('shared/theme.css', [':root', ...body.split(' ').map((name) => `.${name}`)]);
  const resolve = (text: string): string => {
    const found = /^var\(--vscode-([\w-]+)(?:,\s*(.*))?\)$/s.exec(text.trim());
    return found === null ? text.trim() : (variables[found[1] ?? ''] ?? resolve(found[2] ?? ''));
  };
  return (name) =>
    hex(name === 'background' ? (variables['editor-background'] ?? '') : resolve(values.get(name) ?? ''));
}

/** The colours of an exported page, which follows the system. */
function exported(scheme: 'light' | 'dark'): Palette {
  const values = declared('report/page.css', ['.exported']);
  const [background, chosen] = scheme === 'light' ? ['#ffffff', 1] : ['#1f1f1f', 2];
  return (name) => {
    if (name === 'background') return hex(background);
    if (name === 'selected-fg') return hex('#ffffff');
    return hex(/^light-dark\((\S+), (\S+)\)$/.exec(values.get(name) ?? '')?.[chosen] ?? '');
  };
}

const PALETTES: Readonly<Record<string, Palette>> = {
  ...Object.fromEntries(Object.entries(THEMES).map(([name, theme]) => [name, inTheme(theme)])),
  'exported, light': exported('light'),
  'exported, dark': exported('dark'),
};

for (const [theme, colour] of Object.entries(PALETTES)) {
  test(`${theme}: lines and marks stand out 3 to 1, words 4.5 to 1, from the page and from cards`, () => {
    for (const behind of ['background', 'card']) {
      for (const name of GRAPHICS)
        assert.ok(contrast(colour(name), colour(behind)) >= 3, `${name} on ${behind}`);
      for (const name of WORDS)
        assert.ok(contrast(colour(name), colour(behind)) >= 4.5, `${name} on ${behind}`);
    }
  });

  test(`${theme}: chosen rows keep their words`, () => {
    assert.ok(contrast(colour('selected-fg'), colour('selected')) >= 4.5);
  });

  test(`${theme}: signal and gradient, and a graph's bar in and out of its band, differ for colour-blind readers too`, () => {
    const bar = (name: string) => over(colour(name), colour('card'), 0.75);
    for (const eyes of ['usual', 'protan', 'deutan', 'tritan'] as const) {
      const apart = (a: Colour, b: Colour) => difference(seenBy(eyes, a), seenBy(eyes, b));
      assert.ok(apart(colour('forward'), colour('backward')) >= APART, `signal and gradient: ${eyes}`);
      assert.ok(apart(bar('forward'), bar('warn')) >= APART, `bars: ${eyes}`);
    }
  });
}

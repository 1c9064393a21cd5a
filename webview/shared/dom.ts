type Child = Node | string | number | null | undefined | false;
type Props = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;

const SVG = new Set(['svg', 'path', 'rect', 'circle', 'line', 'text', 'g', 'title', 'polygon']);

/**
 * An element with attributes, listeners (`onclick`, …) and children. Strings become text nodes only, so that nothing in a
 * file is ever read as markup; `style` is refused, since the content policy allows no inline styles.
 */
export function h(tag: string, props: Props = {}, ...children: Child[]): HTMLElement & SVGElement {
  const element = SVG.has(tag)
    ? document.createElementNS('http://www.w3.org/2000/svg', tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (name === 'style') throw new Error('inline styles are not allowed here');
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element as HTMLElement & SVGElement;
}

/** Adds children; null, undefined and false are left out. */
export function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(typeof child === 'number' ? String(child) : child);
  }
}

/** Replaces everything inside an element. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** Sets a custom property, the one way a measured length reaches CSS under a policy without inline styles. */
export function setVariable(element: HTMLElement, name: `--${string}`, value: string): void {
  element.style.setProperty(name, value);
}

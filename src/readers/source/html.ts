import type { TextRange } from '../../model/origin.ts';

/** What an HTML page says about the value of an element before anybody typed: `document.getElementById(id).value`. */
export interface HtmlElement {
  readonly value?: string;
  readonly checked?: boolean;
  /** Values of a select's options, in order, and which one is chosen. */
  readonly options?: readonly string[];
  readonly selectedIndex?: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The scripts and the element values of a page. */
export interface HtmlPage {
  /** The page with all but its inline scripts blanked: same length, same lines. */
  readonly scriptText: string;
  readonly inline: readonly TextRange[];
  readonly sources: readonly string[];
  readonly elements: Readonly<Record<string, HtmlElement>>;
}

const SCRIPT_TYPES =
  /^(|module|text\/javascript|application\/javascript|text\/babel|text\/jsx|text\/typescript)$/i;
/** An event handler that builds a model, without entities: its text is code as it stands. */
const HANDLER = /\son[a-z]+\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;
const BUILDS = /\bsequential\s*\(|\btf\s*\.\s*model\s*\(|\blayers\s*\.\s*\w+\s*\(/;
const TAG = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-zA-Z][\w-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/g;

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const match of text.matchAll(/([^\s=/>"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?/g)) {
    found[(match[1] ?? '').toLowerCase()] = (match[2] ?? '').replace(/^["']|["']$/g, '');
  }
  return found;
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

/** Where the event handlers of a tag that build models stand. */
function handlersOf(tag: string, at: number): TextRange[] {
  return [...tag.matchAll(HANDLER)].flatMap((match) => {
    const code = match[1] ?? match[2] ?? '';
    if (!BUILDS.test(code) || code.includes('&quot;') || code.includes('&#')) return [];
    const start = at + match.index + match[0].length - 1 - code.length;
    return [{ start, end: start + code.length }];
  });
}

/** Reads the scripts and the elements' values of a page, in one pass and without any DOM. */
export function readHtml(text: string): HtmlPage {
  const inline: TextRange[] = [];
  const sources: string[] = [];
  const elements: Record<string, HtmlElement> = Object.create(null) as Record<string, HtmlElement>;
  let select:
    { id: string; options: string[]; selected: number; attributes: Record<string, string> } | undefined;
  TAG.lastIndex = 0;
  for (let match = TAG.exec(text); match !== null; match = TAG.exec(text)) {
    const tag = (match[2] ?? '').toLowerCase();
    const closing = match[1] === '/';
    const attributes = attributesOf(match[3] ?? '');
    if (!closing) inline.push(...handlersOf(match[0], match.index));
    if (tag === 'script' && !closing) {
      const end = text.slice(TAG.lastIndex).search(/<\/script\s*>/i);
      const stop = end < 0 ? text.length : TAG.lastIndex + end;
      if (attributes['src'] !== undefined) sources.push(attributes['src']);
      else if (SCRIPT_TYPES.test(attributes['type'] ?? '')) inline.push({ start: TAG.lastIndex, end: stop });
      TAG.lastIndex = stop;
    } else if (tag === 'select') {
      if (closing && select !== undefined) {
        const { id, options, selected, attributes: own } = select;
        elements[id] = {
          options,
          selectedIndex: selected,
          ...(options[selected] === undefined ? {} : { value: options[selected] }),
          attributes: own,
        };
      }
      select = closing ? undefined : { id: attributes['id'] ?? '', options: [], selected: 0, attributes };
    } else if (tag === 'option' && !closing && select !== undefined) {
      if (attributes['selected'] !== undefined) select.selected = select.options.length;
      const label =
        text
          .slice(TAG.lastIndex)
          .match(/^[^<]*/)?.[0]
          .trim() ?? '';
      select.options.push(attributes['value'] ?? label);
    } else if (!closing && attributes['id'] !== undefined) {
      elements[attributes['id']] = {
        ...(attributes['value'] === undefined ? {} : { value: attributes['value'] }),
        ...(attributes['type'] === 'checkbox' ? { checked: attributes['checked'] !== undefined } : {}),
        attributes,
      };
    }
  }
  let scriptText = '';
  let at = 0;
  for (const range of inline) {
    // The character before a script ends whatever the one before left open.
    scriptText += `${blank(text.slice(at, range.start - 1))};${text.slice(range.start, range.end)}`;
    at = range.end;
  }
  return { scriptText: scriptText + blank(text.slice(at)), inline, sources, elements };
}

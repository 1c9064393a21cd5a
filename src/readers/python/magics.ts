const BLANK = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** Cell magics whose body is still Python. */
const PYTHON_CELL = new Set(['time', 'timeit', 'capture', 'prun', 'python', 'python3', 'pypy']);
const ASSIGNED = /^(\s*[\w.,\s]+=\s*)([!%]\S.*)$/;

/** Whether a line ends inside brackets, a triple-quoted string or a continuation, given how it began. */
interface Inside {
  depth: number;
  quote: string;
}

function follow(line: string, inside: Inside): void {
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (inside.quote !== '') {
      if (char === '\\') at++;
      else if (line.startsWith(inside.quote, at)) {
        at += inside.quote.length - 1;
        inside.quote = '';
      }
      continue;
    }
    if (char === '#') break;
    if (char === '"' || char === "'") {
      inside.quote = line.startsWith(char.repeat(3), at) ? char.repeat(3) : char;
      at += inside.quote.length - 1;
    } else if ('([{'.includes(char)) inside.depth++;
    else if (')]}'.includes(char)) inside.depth = Math.max(0, inside.depth - 1);
  }
  if (inside.quote.length === 1) inside.quote = '';
}

/**
 * The code of a notebook's cell in which magics, shell lines and `?` help are blanks, and a value taken from one is an empty string: of the
 * same length, so that every place stays. A cell of another language (`%%bash`) is blank.
 */
export function withoutMagics(cell: string): string {
  const other = /^\s*%%(\w*)/.exec(cell);
  if (other !== null && !PYTHON_CELL.has(other[1] ?? '')) return BLANK(cell);
  const inside: Inside = { depth: 0, quote: '' };
  let shellGoesOn = false;
  return cell
    .split(/(?<=\n)/)
    .map((line) => {
      const fresh = inside.depth === 0 && inside.quote === '';
      if (shellGoesOn || (fresh && (/^\s*[!%?]/.test(line) || /^\s*[\w.]+\?{1,2}\s*$/.test(line)))) {
        shellGoesOn = /\\\s*$/.test(line);
        return BLANK(line);
      }
      const assigned = fresh ? ASSIGNED.exec(line.trimEnd()) : null;
      if (assigned !== null) {
        const [whole, target = '', command = ''] = assigned;
        return `${target}''${BLANK(command).slice(2)}${line.slice(whole.length)}`;
      }
      follow(line, inside);
      return line;
    })
    .join('');
}

import { viewsOf, type View } from './decoded-views.js';
import { formsOf, type SecretForm } from './secret-forms.js';

const STARS = '***';

/**
 * Takes secrets out of text, in whatever form they are there: as they are, in base64 (both alphabets, with bytes before
 * and after them, with and without padding), in hexadecimal, and each of these with the escapes of URLs, forms, JSON,
 * programming languages and HTML, one within another up to three deep. Each line of a secret counts as a secret.
 *
 * Values below 4 bytes are let through, and values below 8 bytes count only where no letter or digit stands beside them:
 * both would hide ordinary words. A text is judged as a whole; a secret that is spread over two texts is not seen.
 */
export class Redactor {
  readonly #forms = new Map<string, SecretForm>();

  constructor(secrets: Iterable<string | Uint8Array> = []) {
    for (const secret of secrets) this.add(secret);
  }

  add(secret: string | Uint8Array): void {
    for (const form of formsOf(secret)) {
      const known = this.#forms.get(form.text);
      if (!known || known.isWord) this.#forms.set(form.text, form);
    }
  }

  redact(text: string): string {
    if (this.#forms.size === 0) return text;
    // What is left beside the stars may be a secret that has stars in it; each round makes the text shorter.
    for (let before = text; ;) {
      const after = this.#once(before);
      if (after === before) return after;
      before = after;
    }
  }

  #once(text: string): string {
    const bytes = Buffer.from(text, 'utf8').toString('latin1');
    const spans = viewsOf(bytes).flatMap((view) => this.#spans(view));
    if (spans.length === 0) return text;
    return Buffer.from(covered(bytes, spans), 'latin1').toString('utf8');
  }

  #spans(view: View): Span[] {
    const folded = view.text.toLowerCase();
    const spans: Span[] = [];
    for (const form of this.#forms.values()) {
      const where = form.ignoresCase ? folded : view.text;
      for (let at = where.indexOf(form.text); at >= 0; at = where.indexOf(form.text, at + 1)) {
        const span = spanOf(view.text, at, form);
        if (span) spans.push({ from: place(view, span.from), to: place(view, span.to) });
      }
    }
    return spans;
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const place = ({ at }: View, index: number): number => at?.[index] ?? index;
const isWordAt = (text: string, at: number): boolean => /[A-Za-z0-9]/.test(text.charAt(at));
const BEFORE = /[A-Za-z0-9+/_-]{0,3}$/;
const AFTER = /^[A-Za-z0-9+/_-]?={0,2}/;

function spanOf(text: string, from: number, form: SecretForm): Span | undefined {
  const to = from + form.text.length;
  if (form.isWord && (isWordAt(text, from - 1) || isWordAt(text, to))) return undefined;
  if (!form.isBase64) return { from, to };
  const before = BEFORE.exec(text.slice(Math.max(0, from - 3), from))?.[0].length ?? 0;
  const after = AFTER.exec(text.slice(to, to + 3))?.[0].length ?? 0;
  return { from: from - before, to: to + after };
}

/** The text with stars for every span, one row for spans that meet or overlap. */
function covered(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (to <= end) continue;
    if (from > end || end === 0) parts.push(text.slice(end, from), STARS);
    end = to;
  }
  return parts.join('') + text.slice(end);
}

/** A function that takes these secrets out of text. */
export function redactor(secrets: Iterable<string | Uint8Array>): (text: string) => string {
  const all = new Redactor(secrets);
  return (text) => all.redact(text);
}

/** The fields that installing needs; the others, descriptions above all, are three quarters of a Packages file. */
const KEPT = new Set([
  'Architecture',
  'Breaks',
  'Conflicts',
  'Depends',
  'Essential',
  'Filename',
  'Multi-Arch',
  'Package',
  'Pre-Depends',
  'Priority',
  'Provides',
  'SHA256',
  'Size',
  'Version',
]);

/** A Packages file with nothing but these fields, `Package` before the others of a stanza. */
export function reduced(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end + 1;
    if (next - at === 1 || isKept(text, at)) parts.push(text.slice(at, next));
    at = next;
  }
  return parts.join('');
}

function isKept(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  // Names begin with a capital letter, continued lines with a space.
  if (first < 65 || first > 90) return false;
  return KEPT.has(text.slice(at, text.indexOf(':', at)));
}

/** What is installed of dpkg's status file (deb822), without what installing more needs not know. */
export function reducedStatus(text: string): string {
  const stanzas = text.split(/\n\n+/);
  const installed = stanzas.filter((one) => /^Status: \S+ ok installed$/m.test(one));
  return installed.map((one) => reduced(`${one.trim()}\n`)).join('\n');
}

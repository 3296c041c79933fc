import { KNOWN_PROGRAMS } from './known-programs.js';

/** A line whose course only a shell knows: nothing in it is demanded. */
const UNCLEAR = /[`{}]|\$\(|<<|\b(?:if|for|while|until|case|function|select|activate)\b/;
const ASSIGNMENT = /^[A-Za-z_]\w*=/;
/** Words that stand before the program that is meant. */
const BEFORE: ReadonlySet<string> = new Set(['exec', 'env', 'command', 'time', 'nohup']);
/** Ways in which a command brings programs, besides those that it names. */
const BRINGS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bcorepack\s+(?:enable|prepare|install)\b/, ['yarn', 'pnpm']],
  [/\b(?:venv|virtualenv)\b/, ['python', 'python3', 'pip']],
  // A package of a scope may be called as it likes: `@yarnpkg/cli-dist` is yarn.
  [/\s(?:-g|--global|global)\b.*\s@[\w.-]+\//, ['yarn', 'pnpm', 'bun', 'deno']],
];
const INSTALLS = /\b(?:install|add|i|get|global|-g|curl|wget|update-alternatives|ln|cp)\b/;

/** The known programs that lines of a shell need from where they run, without those that the lines bring themselves. */
export function programsDemanded(lines: readonly string[]): readonly string[] {
  const brought = new Set<string>();
  const demanded = new Set<string>();
  for (const line of lines)
    for (const command of simpleCommands(line)) {
      const [program, ...rest] = command;
      if (program !== undefined && isKnown(program) && !brought.has(program)) demanded.add(program);
      const text = command.join(' ');
      for (const [way, names] of BRINGS)
        if (way.test(text)) names.forEach((name) => brought.add(name));
      if (INSTALLS.test(text)) rest.forEach((word) => brought.add(bareName(word)));
    }
  return [...demanded];
}

const isKnown = (program: string): boolean => Object.hasOwn(KNOWN_PROGRAMS, program);

/** `yarn@1.22.22`, `"pnpm"`, `poetry==1.3.1` and `/usr/local/bin/python` are brought under their plain names. */
const bareName = (word: string): string =>
  (word.split('/').at(-1) ?? '').replace(/^["']/, '').replace(/(?:["']|[@=<>~].*)$/, '');

/** Each from its program on: without assignments and words that stand before it. */
function simpleCommands(line: string): readonly (readonly string[])[] {
  const known = line.replace(/\$\{\w+\}/g, '$VARIABLE');
  if (UNCLEAR.test(known)) return [];
  // What is quoted may hold anything, and is no program.
  const plain = known.replace(/'[^']*'|"[^"]*"/g, (quoted) => quoted.replace(/[;&|\s]/g, '_'));
  return plain
    .split(/&&|\|\||[;|&\n()]/)
    .map((command) => command.trim().split(/\s+/))
    .map((words) =>
      words.slice(words.findIndex((word) => !ASSIGNMENT.test(word) && !BEFORE.has(word))),
    );
}

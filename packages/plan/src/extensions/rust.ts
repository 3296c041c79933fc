import { baseName } from '@nx-nixpack/base';
import type { Question } from '../amendments/amendment.js';
import { textOf } from '../source/manifest.js';
import { startExtension } from './start.js';

const SERVICES = ['server', 'api', 'web', 'app', 'main', 'service', 'daemon'] as const;

/** Which of several programs is started, when Cargo.toml has no default-run. */
export const rustProgram = startExtension('rust-program', ['rust'], (question) => {
  if (question.plan.start?.cmd !== undefined) return undefined;
  const names = programs(question);
  const own = /^name\s*=\s*"([\w-]+)"/m.exec(textOf(question.source, 'Cargo.toml'))?.[1] ?? '';
  const chosen =
    [own, `${own}-server`, ...SERVICES].find((name) => names.includes(name)) ??
    names.find((name) => SERVICES.some((service) => name.endsWith(`-${service}`))) ??
    names[0];
  if (chosen === undefined) return undefined;
  return {
    cmd: `./bin/${chosen}`,
    because: `one of the programs of Cargo.toml, which has no default-run`,
    guess: `${chosen} is one of several programs (${names.join(', ')}): name another in NIXPACKS_RUST_BIN, or set start_cmd`,
  };
});

/** The build copies each program into bin. */
const programs = ({ plan }: Question): readonly string[] =>
  (plan.phases?.['build']?.cmds ?? []).flatMap((command) => {
    const path = /^cp (\S+) bin$/.exec(command)?.[1];
    return path === undefined ? [] : [baseName(path)];
  });

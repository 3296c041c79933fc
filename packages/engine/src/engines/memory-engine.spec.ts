import { Image, packLayer, type Store } from '@nx-nixpack/oci';
import { diskTree } from '@nx-nixpack/testing';
import { bytes, type ByteString, memoryTree, walk } from '@nx-nixpack/base';
import { COMMANDS, itKeepsTheEngineContract } from './engine.contract.js';
import { memoryEngine, type MemoryCommand } from './memory-engine.contract.js';
import { HERE } from './requests.contract.js';

/** Answers the exit code where it is not 0. */
type Play = (command: MemoryCommand) => unknown;

const count: Play = ({ root, caches }) => {
  const cache = caches.get('/root/.cache/tool');
  const runs = `${cache?.get('runs') ?? ''}x`;
  cache?.set('runs', runs);
  root.write(bytes`app/count`, `${runs.length}\n`);
};
/** The contract's commands, as functions. */
const PLAYS: Readonly<Record<string, Play>> = {
  [COMMANDS.install]: ({ root }) =>
    root.write(bytes`app/installed`, root.text(bytes`app/lib/a.txt`)),
  [COMMANDS.build]: ({ root }) => {
    const line = (path: string): string => {
      const { mode, uid } = root.node(bytes`app/${path as ByteString}`) ?? { mode: 0, uid: 0 };
      return `${mode.toString(8)} ${uid}\n`;
    };
    root.write(bytes`app/out`, root.text(bytes`app/run.sh`).replace('echo ', ''));
    root.write(bytes`app/modes`, ['run.sh', 'lib', 'main.txt'].map(line).join(''));
  },
  [COMMANDS.edit]: ({ root }) => {
    root.remove(bytes`srv/data/gone`);
    root.write(bytes`tmp/x/v`, 'v\n');
    root.write(bytes`var/log/dpkg.log`, 'v\n');
  },
  [COMMANDS.count]: count,
  [COMMANDS.countAgain]: count,
  [COMMANDS.secret]: ({ root, secrets, output }) => {
    const value = Buffer.from(secrets.get('TOKEN') ?? []);
    output(value.toString());
    root.write(bytes`app/size`, `${value.byteLength}\n`);
  },
  [COMMANDS.variable]: ({ root, env: { TOKEN = '' }, output }) => {
    output(TOKEN);
    root.write(bytes`app/size`, `${TOKEN.length}\n`);
  },
  [COMMANDS.after]: ({ root, env }) => root.write(bytes`app/after`, `${env['TOKEN'] ?? 'none'}\n`),
  [COMMANDS.fail]: ({ output }) => {
    for (let line = 1; line <= 30; line++) output(`line ${line}`);
    output('\u001b[31mred');
    return 3;
  },
  [COMMANDS.missing]: ({ output }) => {
    output('/bin/bash: line 1: nosuchprogram: command not found');
    return 127;
  },
  [COMMANDS.wait]: ({ output, signal }) => {
    output('started');
    return signal.aborted ? undefined : 1;
  },
  [COMMANDS.members]: ({ root }) => {
    for (const [path, text] of [
      ['node_modules/x/i', 'x'],
      ['libs/l/node_modules/y/i', 'y'],
      ['libs/l/src/s', 's'],
      ['dev/d', 'd'],
      ['main', 'm'],
    ] as const)
      root.write(bytes`app/${path as ByteString}`, `${text}\n`);
    root.symlink(bytes`app/node_modules/l`, bytes`../libs/l`);
  },
  [COMMANDS.lent]: ({ root, archives }) => {
    root.write(bytes`app/lent`, `${Buffer.from(archives.get('one.txt') ?? []).toString()}kept\n`);
    root.write(bytes`app/names`, [...archives.keys()].map((name) => `${name}\n`).join(''));
  },
  [COMMANDS.bare]: ({ root, archives }) =>
    root.write(bytes`app/names`, archives.size === 0 ? 'none\n' : 'some\n'),
  [COMMANDS.touch]: ({ root }) => root.write(bytes`app/y`, 'x\n'),
  true: () => undefined,
};

async function base(store: Store): Promise<Image> {
  const tree = memoryTree({ '/srv/data/deep/a': 'a', '/srv/data/gone': 'g', '/etc/passwd': 'p' });
  const entries = [...walk(tree)].map((entry) => ({ ...entry, open: () => tree.open(entry.path) }));
  const layer = await packLayer(entries, store, { name: 'base', mtime: 0 });
  return Image.scratch(HERE).append({ ...layer, origin: 'base' });
}

describe('an engine in memory', () => {
  const engine = memoryEngine({
    run: (command) => {
      const play = PLAYS[command.step.command];
      if (play === undefined) throw new Error(`nobody plays ${command.step.command}`);
      const exitCode = play(command);
      return typeof exitCode === 'number' ? exitCode : 0;
    },
  });
  itKeepsTheEngineContract(() => ({ engine, tree: (directory) => diskTree(directory), base }));
});

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerName, thisProcess } from '@nx-nixpack/oci';
import { PreparedFolder } from './prepared-folder.js';

let root: string;
let place: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'prepared-'));
  place = join(root, 'image');
});
afterEach(() => rmSync(root, { recursive: true }));

function prepare(text: string): PreparedFolder {
  const folder = new PreparedFolder(place);
  mkdirSync(join(folder.path, 'deep'));
  writeFileSync(join(folder.path, 'deep/file'), text);
  return folder;
}

const content = () => readFileSync(join(place, 'deep/file'), 'utf8');

describe('PreparedFolder', () => {
  it.each<[string, () => void]>([
    ['nothing', () => undefined],
    ['an older folder', () => prepare('old').swapIn()],
    ['an empty folder', () => mkdirSync(place)],
    ['a file', () => writeFileSync(place, 'x')],
    ['a link', () => symlinkSync('/etc', place)],
    ['a FIFO', () => execFileSync('mkfifo', [place])],
  ])('takes the place of %s, and nothing else is left', (_what, make) => {
    make();
    prepare('new').swapIn();
    expect(content()).toBe('new');
    expect(readdirSync(root)).toEqual(['image']);
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  it('leaves a folder that is the same, to the last byte and name', () => {
    prepare('same').swapIn();
    const { ino } = statSync(place);
    prepare('same').swapIn();
    expect(statSync(place).ino).toBe(ino);
    writeFileSync(join(place, 'deep/file'), 'samE');
    prepare('same').swapIn();
    expect(content()).toBe('same');
    writeFileSync(join(place, 'more'), '');
    prepare('same').swapIn();
    expect(readdirSync(place)).toEqual(['deep']);
  });

  it('takes the place of what is too deep to be removed', () => {
    const name = 'd'.repeat(200);
    const script = 'mkdir "$1"; cd "$1"; for i in $(seq 30); do mkdir "$2"; cd "$2"; done';
    execFileSync('bash', ['-c', script, 'deep', place, name]);
    prepare('new').swapIn();
    expect(content()).toBe('new');
    prepare('newer').swapIn();
    expect(content()).toBe('newer');
    execFileSync('bash', ['-c', 'rm -rf "$1"/.tmp-*', 'clean', root]);
  });

  it('is gone when it is given up, and stays when it was swapped in', () => {
    const folder = prepare('x');
    folder.discard();
    expect(readdirSync(root)).toEqual([]);
    const other = prepare('x');
    other.swapIn();
    other.discard();
    expect(content()).toBe('x');
  });

  it('takes away what dead processes left, and nothing of living ones or others', () => {
    const { namespace, pid } = thisProcess();
    const left = (name: string) => {
      mkdirSync(join(root, name, 'image'), { recursive: true });
      return name;
    };
    const dead = left(`.tmp-${namespace}-${pid}-1-aa`);
    const living = left(`.tmp-${ownerName(thisProcess())}-bb`);
    const unknown = left('.tmp-cc');
    const old = left('.tmp-dd');
    utimesSync(join(root, old), 1, 1);
    const foreign = left('.something');
    chmodSync(join(root, dead), 0o755);
    prepare('x').discard();
    expect(readdirSync(root).sort()).toEqual([foreign, living, unknown].sort());
  });
});

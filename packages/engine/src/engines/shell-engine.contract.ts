import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { silent, type FileTree, type Runner } from '@nx-nixpack/base';
import { Store, unpackLayer, type Image, type Layer } from '@nx-nixpack/oci';
import type { BuildOutcome, BuildRequest, Engine } from './engine.js';
import { hostBase } from './host-base.contract.js';
import { copy, ENV, HERE, NO_HOST, recipe, run, stage } from './requests.contract.js';
import { problemsIn } from '../../../oci/src/validate.contract.js';
import type { Recipe, Step } from '../recipe/recipe.js';

export interface ShellEngineFixture {
  readonly engine: Engine;
  readonly runner: Runner;
  /** A directory of this machine as a file tree. */
  readonly tree: (directory: string) => FileTree;
}

/** Deletes, replaced types, hard links, set-id bits, capabilities, names that are not UTF-8, times before 1980. */
const ODD = `
cd /srv/data && rm gone && rm -r deep && mkdir deep && echo new > deep/c && rm replaced && mkdir replaced && echo in > replaced/in
touch same && chmod 600 same && chmod 644 same && ln -s nowhere dangling && mkfifo pipe && truncate -s 100000 sparse
echo one > link1 && ln link1 link2 && ln link1 link0 && cp /usr/bin/cat program
chmod 4755 program && mkdir sticky && chmod 1777 sticky && touch -d 1970-01-02 old && : > $'bad\\xff\\nname'
mkdir $'\\303\\244' && long=$(printf 'x%.0s' {1..120}) && echo long > $long && cp /usr/bin/cat capable && setcap cap_net_raw+ep capable
chown 12:34 /opt && rm -rf /home && ln -s /opt /home
`;

/** Every entry with type, mode, owner, size, target, number of names and checksum, but for what is never in an image. */
const LISTING = `
export LC_ALL=C
find . -xdev -path ./app -prune -o -path ./dev -prune -o -path ./proc -prune -o -path ./run -prune -o -path ./sys -prune \
  -o -path ./tmp -prune -o -path ./etc/hosts -prune -o -path ./etc/resolv.conf -prune \
  -o -type f -printf '%P|f|%m|%U:%G|%s|%n\\n' -o ! -type d -printf '%P|%y|%m|%U:%G|%l\\n' -o -printf '%P|d|%m|%U:%G\\n' | sort | cat -v
find srv opt etc/made etc/passwd -type f -exec cksum {} + | sort | cat -v
`;

/**
 * What engines that run commands on this machine promise besides the engine contract. `kill` tests are the engine's own:
 * they need to know its processes.
 */
export function itKeepsTheShellEngineContract(fixture: () => ShellEngineFixture): void {
  let directory: string;
  let base: Image;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'engine-contract-'));
    mkdirSync(join(directory, 'source/lib'), { recursive: true });
    writeFileSync(join(directory, 'source/lib/a.txt'), 'a\n');
    writeFileSync(join(directory, 'source/main.txt'), 'main\n');
    writeFileSync(join(directory, 'source/run.sh'), 'echo ran\n');
    chmodSync(join(directory, 'source/run.sh'), 0o775);
    base = await hostBase(fixture().runner, Store.open(join(directory, 'bases')));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  afterEach(() => {
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(directory);
    const processes = readdirSync('/proc').filter(
      (name) => /^\d+$/.test(name) && name !== String(process.pid),
    );
    expect(
      processes.map((pid) => procText(pid, 'cmdline')).filter((line) => line.includes(directory)),
    ).toEqual([]);
  });

  const build = (what: Recipe, more: Partial<BuildRequest> = {}): Promise<BuildOutcome> =>
    fixture().engine.build({
      recipe: what,
      source: fixture().tree(join(directory, 'source')),
      bases: { build: base },
      platform: HERE,
      storeDirectory: join(directory, 'store'),
      secrets: new Map(),
      host: NO_HOST,
      progress: silent,
      signal: new AbortController().signal,
      ...more,
    });

  /** The image's whole root below a new directory. */
  async function unpacked(image: Image): Promise<string> {
    const root = mkdtempSync(join(directory, 'root-'));
    chmodSync(root, 0o755);
    const special = {
      directory: mkdtempSync(join(directory, 'special-')),
      unpack: (input: Uint8Array) =>
        void spawnSync('tar', ['-x', '-C', special.directory], { input }),
    };
    for (const layer of image.layers) await unpackLayer(layer, root, { special });
    return root;
  }
  const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');

  const everything = recipe([
    stage([
      { kind: 'directory', layer: 'toolchain', path: '/app', mode: 0o755 },
      {
        kind: 'write',
        layer: 'toolchain',
        path: '/etc/made',
        content: Buffer.from('made\n'),
        mode: 0o640,
      },
      copy(['lib'], 'dependencies'),
      run('cat lib/a.txt > installed', { layer: 'dependencies', phase: 'install' }),
      copy(['.']),
      run('bash run.sh > out; stat -c "%a %u" run.sh lib main.txt > modes'),
      run(ODD),
    ]),
  ]);

  it('makes the same image whatever umask the build was started with', async () => {
    const { image } = await build(everything);
    const umask = process.umask(0o077);
    const other = await build(everything, { storeDirectory: join(directory, 'other') });
    process.umask(umask);
    expect(await problemsIn(image)).toEqual([]);
    expect(other.image.digest).toBe(image.digest);
    expect(image.layers.map(({ name }) => name)).toEqual([
      'host',
      'toolchain',
      'dependencies',
      'application',
    ]);
    expect(image.config.Cmd).toEqual(['true']);
    expect(other.steps.every(({ cached }) => !cached)).toBe(true);
  });

  it('carries every kind of change into the image', async () => {
    const lines: string[] = [];
    const output = { ...silent, output: (line: string) => void lines.push(line) };
    const [only] = everything.stages;
    const listed = recipe([stage([...(only?.steps ?? []), run(LISTING, { workdir: '/' })])]);
    const { image } = await build(listed, { progress: output });
    expect(await problemsIn(image)).toEqual([]);
    const root = await unpacked(image);
    expect(await listing(root)).toEqual(lines);
    expect(lines).toContain('srv/data/link0|f|644|0:0|4|3');
    expect(lines).toContain(
      'srv/data/program|f|4755|0:0|' + sizeOf(root, 'srv/data/program') + '|1',
    );
    expect(lines.join('\n')).not.toMatch(/srv\/data\/(gone|deep\/a)/);
    expect(await capabilityOf(image.layers.at(-1)!, 'srv/data/capable')).toContain(
      'cap_net_raw=ep',
    );
    expect(read(root, 'app/modes')).toBe('755 0\n755 0\n644 0\n');
    expect(lstatSync(join(root, 'app/lib/a.txt'))).toMatchObject({ uid: 65532, gid: 65532 });
  });

  it('lends secrets, certificates and variables to a step and keeps them out of image and output', async () => {
    const lines: string[] = [];
    const canary = 'canary-5d1f';
    const command =
      'cat /run/secrets/TOKEN "$SSL_CERT_FILE"; cat /run/secrets/TOKEN | wc -c > size; stat -c %a /run/secrets/TOKEN; echo $npm_config_registry';
    const host = {
      ...NO_HOST,
      caBundle: Buffer.from('PEM\n'),
      env: { npm_config_registry: 'http://mirror' },
    };
    const { image } = await build(
      recipe([stage([run(command, { secrets: ['TOKEN'], network: true })])]),
      {
        host,
        secrets: new Map([['TOKEN', Buffer.from(canary)]]),
        progress: { ...silent, output: (line) => void lines.push(line) },
      },
    );
    expect(lines).toEqual(['***PEM', '400', 'http://mirror']);
    expect(read(await unpacked(image), 'app/size')).toBe('11\n');
    expect(await contents(image)).not.toContain(canary);
    expect(await filesHolding(join(directory, 'store'), canary)).toEqual([]);
  });

  it('lends secrets as variables to the steps that ask, over their own, byte for byte', async () => {
    const value = ' \'"$(id)`\\n=*\\\\é\n';
    const lines: string[] = [];
    const environment = 'unset TOKEN; env | sort > environment';
    const { image } = await build(
      recipe([
        stage([
          run(
            `printf %s "$TOKEN" | cksum > sum; echo "$TOKEN"; ls /run/secrets > files; ${environment}`,
            {
              env: { ...ENV, TOKEN: 'of the plan' },
              secretVariables: ['TOKEN'],
            },
          ),
          run('echo "${TOKEN-none}" > after; ls /run/secrets > files-after'),
        ]),
      ]),
      {
        secrets: new Map([['TOKEN', Buffer.from(`canary-1${value}`)]]),
        progress: { ...silent, output: (line) => void lines.push(line) },
      },
    );
    const plain = await build(recipe([stage([run(environment)])]));
    const root = await unpacked(image);
    const cksum = spawnSync('cksum', { input: `canary-1${value}` }).stdout.toString();
    expect(read(root, 'app/sum')).toBe(cksum);
    expect(lines.join()).not.toContain('canary');
    expect(read(root, 'app/after')).toBe('none\n');
    expect(read(root, 'app/files') + read(root, 'app/files-after')).toBe('');
    expect(read(root, 'app/environment')).toBe(
      read(await unpacked(plain.image), 'app/environment'),
    );
    expect(await contents(image)).not.toContain('canary-1');
    expect(await filesHolding(join(directory, 'store'), 'canary-1')).toEqual([]);
  });

  it('shows a secret variable to the step alone: on no command line, in no other environment', async () => {
    const seen = { lines: new Set<string>(), environments: new Set<string>() };
    const watch = setInterval(() => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const line = procText(pid, 'cmdline');
        seen.lines.add(line);
        if (procText(pid, 'environ').includes('canary-2')) seen.environments.add(line);
      }
    }, 5);
    await build(recipe([stage([run('sleep 0.5; : seen', { secretVariables: ['TOKEN'] })])]), {
      secrets: new Map([['TOKEN', Buffer.from('canary-2')]]),
    }).finally(() => clearInterval(watch));
    const lines = [...seen.lines].join('\n');
    expect(lines).toContain('sleep 0.5; : seen');
    expect(lines).not.toContain('canary-2');
    expect(seen.environments.size).toBeGreaterThan(0);
    for (const line of seen.environments) expect(line).toMatch(/^(?:\/bin\/bash|sleep)\0/);
  });

  it('says which secret cannot be a variable', async () => {
    const secrets = new Map([['TOKEN', Buffer.of(65, 0, 66)]]);
    const step = run('true', { secretVariables: ['TOKEN'] });
    await expect(build(recipe([stage([step])]), { secrets })).rejects.toMatchObject({
      code: 'CONFIG_INVALID_VALUE',
    });
  });

  it('cuts the network off except for the loopback', async () => {
    const talk = `perl -e '
      my $address = sub { pack("S n C4 x8", 2, @_) };
      socket(S, 2, 1, 0) && bind(S, $address->(0, 127, 0, 0, 1)) && listen(S, 1) or die "no loopback: $!";
      my (undef, $port) = unpack("S n", getsockname(S));
      socket(C, 2, 1, 0) && connect(C, $address->($port, 127, 0, 0, 1)) or die "no connection: $!";
      socket(D, 2, 1, 0); connect(D, $address->(9, 192, 0, 2, 1)) and die "outside"; print "cut: $!\n"'`;
    const { image } = await build(
      recipe([stage([run(`${talk} > net; cat /etc/resolv.conf >> net`)])]),
    );
    expect(read(await unpacked(image), 'app/net')).toBe('cut: Network is unreachable\n');
  });

  it('shows a step neither the host nor the means to reach it', async () => {
    const lines: string[] = [];
    const attempts = `
      ls -A / ; cat /proc/mounts | cut -d' ' -f2 | sort | head -3; ls /proc | grep -c '^[0-9]' ; ls /proc/self/fd | wc -l
      mount -t tmpfs none /opt 2>/dev/null || echo no mount
      (echo h > /proc/sysrq-trigger) 2>/dev/null || echo no sysrq
      (echo x > /proc/sys/kernel/core_pattern) 2>/dev/null || echo no core pattern
      (mknod disk b 8 0 && : < disk) 2>/dev/null || echo no device
      ls /proc/1/root/ 2>/dev/null || echo no first process; rm -f disk`;
    await build(recipe([stage([run(attempts)])]), {
      progress: { ...silent, output: (line) => void lines.push(line) },
    });
    const names = [
      'app',
      'bin',
      'dev',
      'etc',
      'home',
      'lib',
      'lib64',
      'opt',
      'proc',
      'root',
      'run',
      'srv',
      'sys',
      'tmp',
      'usr',
      'var',
    ];
    expect(lines.slice(0, names.length)).toEqual(names);
    expect(lines.slice(-5)).toEqual([
      'no mount',
      'no sysrq',
      'no core pattern',
      'no device',
      'no first process',
    ]);
  });

  it('refuses what no path reaches, and goes on to build other things', async () => {
    const deep = recipe([
      stage([run('for i in {1..500}; do mkdir 0123456789 && cd 0123456789; done')]),
    ]);
    await expect(build(deep)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('nested deeper'),
    });
    const { image } = await build(recipe([stage([run('echo fine > fine')])]));
    expect(read(await unpacked(image), 'app/fine')).toBe('fine\n');
  });

  it('copies a file with two names that overlapping paths name twice', async () => {
    const made = 'mkdir d && echo x > d/one && ln d/one d/two';
    const from: Step = {
      kind: 'copy',
      layer: 'application',
      from: 'build',
      paths: ['app/d', 'app/d/one'],
      to: '/',
    };
    const { image } = await build(
      recipe([
        { name: 'build', base: { image: 'build' }, steps: [run(made)] },
        { ...stage([]), base: { image: 'build' }, steps: [from] },
      ]),
    );
    const root = await unpacked(image);
    expect(lstatSync(join(root, 'app/d/one')).ino).toBe(lstatSync(join(root, 'app/d/two')).ino);
  });

  it('lets two builds use one store at once, and each step runs once', async () => {
    const lines: string[] = [];
    const store = join(directory, 'shared');
    const slow = recipe([stage([run('echo ran; sleep 1; date +%N > stamp')])]);
    const both = [1, 2].map(() =>
      build(slow, {
        storeDirectory: store,
        progress: { ...silent, output: (line) => void lines.push(line) },
      }),
    );
    const [a, b] = await Promise.all(both);
    expect(a?.image.digest).toBe(b?.image.digest);
    expect(lines).toEqual(['ran']);
  });

  it('notices what was damaged in the store, makes it again and says so', async () => {
    const store = join(directory, 'damaged');
    const what = recipe([stage([run('echo one > one'), run('cat one > two')])]);
    const { image } = await build(what, { storeDirectory: store });
    for (const path of await filesHolding(store, 'one\n')) writeFileSync(path, 'other content\n');
    const warnings: string[] = [];
    const more = recipe([
      stage([run('echo one > one'), run('cat one > three; rm three; cat one > two')]),
    ]);
    const rebuilt = await build(more, {
      storeDirectory: store,
      progress: { ...silent, warn: (line) => void warnings.push(line) },
    });
    expect(warnings).toHaveLength(1);
    expect(rebuilt.image.digest).toBe(image.digest);
  });

  const listing = async (root: string): Promise<string[]> => {
    const { stdout } = await fixture().runner.run({
      file: 'bash',
      args: ['-c', LISTING],
      cwd: root,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    return stdout.toString('utf8').trimEnd().split('\n');
  };

  const filesHolding = async (where: string, text: string): Promise<string[]> => {
    const args = [
      '--recursive',
      '--files-with-matches',
      '--null',
      '--line-regexp',
      '--fixed-strings',
      '--',
      text.trimEnd(),
      where,
    ];
    const whole = text.endsWith('\n') ? args : args.filter((arg) => arg !== '--line-regexp');
    const { stdout } = await fixture().runner.run({
      file: 'grep',
      args: whole,
      env: { PATH: '/usr/bin:/bin' },
    });
    return stdout.toString('utf8').split('\0').filter(Boolean);
  };
}

/** A file of a process below /proc; '' when the process has ended. */
function procText(pid: string, name: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

const sizeOf = (root: string, path: string): number => lstatSync(join(root, path)).size;

async function contents(image: Image): Promise<string> {
  const pieces: Buffer[] = [Buffer.from(image.configBytes)];
  for (const layer of image.layers.filter(({ origin }) => origin === 'own'))
    pieces.push(gunzipSync(await bytesOf(layer)));
  return Buffer.concat(pieces).toString('latin1');
}

async function bytesOf(layer: Layer): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of layer.open()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A file's capability after GNU tar has unpacked it. */
async function capabilityOf(layer: Layer, path: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'engine-contract-'));
  const extract = ['--xattrs', '--xattrs-include=*', '-C', directory, '-xzf', '-', path];
  spawnSync('tar', extract, { input: await bytesOf(layer) });
  const { stdout } = spawnSync('/usr/sbin/getcap', [join(directory, path)]);
  rmSync(directory, { recursive: true });
  return stdout.toString('utf8');
}
